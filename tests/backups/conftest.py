"""A repository of the test's own, and an installation with people and files in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.config import get_settings
from tests.support import people
from tests.support.backups import ENOUGH_FILES, PASSWORD, add_files, backup_settings
from tests.support.restic_repositories import make_repository
from tests.support.settings import applied


@pytest.fixture
def repository(database: str, tmp_path: Path) -> Iterator[Path]:
    """Backups are set up: the folder of the first place, where a repository is."""
    with applied(backup_settings(tmp_path)):
        make_repository(tmp_path / "first", PASSWORD)
        yield tmp_path / "first"


@pytest.fixture
async def installation(repository: Path, tmp_path: Path) -> Path:
    """A company with files; the folder they are in."""
    company = await people.make_company("North Light")
    content = get_settings().storage.root
    await add_files(company, content, count=ENOUGH_FILES)
    return content
