"""The database schema: what the code wants, and the way there."""

import os
from functools import lru_cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from alembic import command
from app.core.config import CHECKOUT


def alembic_config() -> Config:
    """Alembic's configuration, wherever the process was started."""
    folder = Path(os.environ.get("ARV_ALEMBIC_DIR") or CHECKOUT)
    config = Config(folder / "alembic.ini")
    config.attributes["configure_logging"] = False
    return config


@lru_cache(maxsize=1)
def schema_heads() -> frozenset[str]:
    """The newest revisions in the code."""
    return frozenset(ScriptDirectory.from_config(alembic_config()).get_heads())


def upgrade_to_head() -> str:
    """Bring the database to the newest revision; waits for another process that does the same.

    Must be called outside an event loop. Returns the revision's name.
    """
    command.upgrade(alembic_config(), "head")
    return ", ".join(sorted(schema_heads()))
