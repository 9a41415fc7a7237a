"""Backups while everything writes, with bytes that turned, with the key lost."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from app.backups import database, service
from app.backups.errors import BackupDamaged, BackupRefused
from app.backups.manifest import DUMP_NAME
from app.backups.place import repositories, source_database
from app.backups.repository import PartName, Repository
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import dispose_engine, session_scope
from app.health.queries import read_figures
from app.storage.models import StoredFile
from tests.faults.report import full, recovered
from tests.support import people
from tests.support.backups import PASSWORD, add_files, backup_settings, files_below
from tests.support.restic_repositories import make_repository
from tests.support.settings import applied


@pytest.fixture
async def content(database: str, tmp_path: Path) -> AsyncIterator[Path]:
    """An installation with files, its backups set up."""
    with applied(backup_settings(tmp_path)):
        make_repository(tmp_path / "first", PASSWORD)
        folder = get_settings().storage.root
        await add_files(await people.make_company("North Light"), folder, count=full(20, 500))
        yield folder


async def test_a_backup_under_write_load_is_of_one_moment(content: Path) -> None:
    """Files and rows keep coming; what is restored has every file its rows name, and nothing half."""
    company = await people.make_company("Busy")
    first, stop = asyncio.Event(), asyncio.Event()
    acknowledged: list[StoredFile] = []

    async def load() -> None:
        seed = 1
        while not stop.is_set():
            acknowledged.extend(await add_files(company, content, count=3, seed=seed))
            first.set()
            seed += 1
            await asyncio.sleep(0.02)

    writing = asyncio.create_task(load())
    await first.wait()
    before = {file.key for file in acknowledged}
    manifest = await service.create()
    stop.set()
    await writing
    await dispose_engine()
    began = time.monotonic()

    await service.restore("latest", force=True)

    seconds = time.monotonic() - began
    assert manifest.tables == await database.tables_of(source_database())
    there = set(files_below(content))
    async with session_scope(system="test") as session:
        named = set(await session.scalars(select(StoredFile.key)))
    assert before <= named <= there
    recovered(
        "backup under write load",
        condition="rows of one moment, every file they name is there",
        seconds=seconds,
        limit=300,
    )


async def test_a_turned_byte_is_found_and_not_restored(content: Path) -> None:
    """Verify finds it, restore refuses and leaves what is there; monitoring hears that none is proved."""
    await service.create()
    packs = [p for p in (Path(repositories()[0].place) / "data").rglob("*") if p.is_file()]
    random = Random(1)
    for pack in packs:
        body = bytearray(pack.read_bytes())
        body[random.randrange(len(body) // 2)] ^= 0xFF
        pack.chmod(0o600)
        pack.write_bytes(bytes(body))
    before = files_below(content)
    began = time.monotonic()

    with pytest.raises(BackupDamaged):
        await service.verify("latest", deep=True)
    with pytest.raises(BackupDamaged):
        await service.restore("latest", force=True)

    assert before == files_below(content)
    async with session_scope(system="metrics") as session:
        figures = await read_figures(session, utcnow())
    # ArvRestoreUnproved asks how old this is; 0 is never, whatever was tried.
    assert [0.0] == [row["last"] for row in figures["restores"]]
    recovered(
        "a backup with turned bytes",
        condition="found by the check, refused by the restore, nothing changed, the alert stays on",
        seconds=time.monotonic() - began,
        limit=120,
    )


async def test_what_restic_does_not_see_the_manifest_does(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file changed on its way out of the repository does not pass either."""
    await service.create()
    fetch = Repository.fetch

    async def spoilt(self: Repository, backup_id: str, part: PartName, target: Path) -> None:
        await fetch(self, backup_id, part, target)
        if part == "database":
            with (target / DUMP_NAME).open("r+b") as file:
                file.seek(100)
                file.write(b"x")

    monkeypatch.setattr(Repository, "fetch", spoilt)

    with pytest.raises(BackupDamaged, match=r"database\.dump"):
        await service.restore("latest", force=True)


async def test_a_lost_key_is_told_in_words(content: Path, tmp_path: Path) -> None:
    """With another password nothing is read, nothing is made over it, and the words say what to look for."""
    await service.create()
    began = time.monotonic()

    with applied(backup_settings(tmp_path, BACKUP_PASSWORD="another one")):
        with pytest.raises(BackupRefused, match="BACKUP_PASSWORD that was put away"):
            await service.restore("latest", force=True)
        with pytest.raises(BackupRefused, match="BACKUP_PASSWORD that was put away"):
            await service.create()

    with applied(backup_settings(tmp_path, BACKUP_PASSWORD=PASSWORD)):
        await service.verify("latest")
    recovered(
        "the repository's key is lost",
        condition="refused in words, the repository unharmed; with the copy of the key all is there",
        seconds=time.monotonic() - began,
        limit=120,
    )
