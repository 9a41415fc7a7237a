"""Any second can be restored: a real PostgreSQL, archived by pgBackRest, is lost under write load."""

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from app.backups.errors import BackupFailed, BackupRefused
from app.backups.moment import read_moment, restore_at
from app.core.clock import utcnow
from app.local.console import StartRefused
from tests.faults.report import full, recovered
from tests.support.archived_postgres import ArchivedPostgres
from tests.support.settings import applied

WRITE_EVERY_SECONDS = full(0.04, 0.1)
# pgBackRest restores to a moment in a later whole second than the one its backup ended in.
BACKUP_COUNTS_IN_SECONDS = 1.1


@pytest.fixture
def machine() -> Iterator[ArchivedPostgres]:
    """Nothing runs yet."""
    with folder() as root:
        yield ArchivedPostgres(root)


@contextmanager
def folder() -> Iterator[Path]:
    """One that PostgreSQL's user can enter."""
    root = Path(tempfile.mkdtemp(prefix="arv-archive-"))
    root.chmod(0o755)
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="module")
def saved() -> Iterator[Path]:
    """Folder of a server that has its first full backup, and was stopped."""
    with folder() as root:
        machine = ArchivedPostgres(root)
        try:
            machine.start()
            archive = machine.run("archive.sh", "full")
            assert 0 == archive.returncode, archive.stderr + archive.stdout
            time.sleep(BACKUP_COUNTS_IN_SECONDS)
        finally:
            machine.stop()
        yield root


@pytest.fixture
def archived(saved: Path) -> Iterator[ArchivedPostgres]:
    """A copy of that server and its repository, running."""
    with folder() as root:
        subprocess.run(["cp", "--archive", f"{saved}/.", str(root)], check=True)
        machine = ArchivedPostgres(root)
        try:
            machine.start()
            yield machine
        finally:
            machine.stop()


async def write(postgres: ArchivedPostgres, *, before: int, after: int) -> datetime:
    """A row every now and then; the moment after the first `before` of them."""
    async with postgres.connect() as connection:
        await connection.execute("CREATE TABLE IF NOT EXISTS seconds (number int)")
        moment = await connection.fetchval("SELECT clock_timestamp()")
        for number in range(before + after):
            await connection.execute("INSERT INTO seconds VALUES ($1)", number)
            await asyncio.sleep(WRITE_EVERY_SECONDS / 2)
            if number == before - 1:
                moment = await connection.fetchval("SELECT clock_timestamp()")
            await asyncio.sleep(WRITE_EVERY_SECONDS / 2)
        return moment


async def numbers(postgres: ArchivedPostgres) -> list[int]:
    async with postgres.connect() as connection:
        return [row[0] for row in await connection.fetch("SELECT number FROM seconds ORDER BY 1")]


def test_a_moment_under_write_load_is_restored_exactly(archived: ArchivedPostgres) -> None:
    """What was committed before the moment is there, what came after is not, and writing goes on."""
    count = full(12, 100)
    moment = asyncio.run(write(archived, before=count, after=count))
    asyncio.run(archived.archive_everything())
    archived.lose()
    began = time.monotonic()

    with applied(archived.environment):
        asyncio.run(restore_at(moment, force=False, now=utcnow()))
    archived.start()

    seconds = time.monotonic() - began
    assert list(range(count)) == asyncio.run(numbers(archived))
    asyncio.run(write(archived, before=1, after=0))
    assert count + 1 == len(asyncio.run(numbers(archived)))
    recovered(
        "server lost under write load, restored to a moment",
        condition=f"exactly the {count} rows committed before the moment",
        seconds=seconds,
        limit=300,
        detail="pgBackRest, WAL archived",
    )


def test_a_gap_in_the_log_is_told_and_what_lies_before_it_is_restored(
    archived: ArchivedPostgres,
) -> None:
    """With a segment missing PostgreSQL refuses to pass for that moment; a moment before the gap works."""
    reachable = asyncio.run(write(archived, before=3, after=1))
    asyncio.run(archived.archive_everything())
    beyond = asyncio.run(write(archived, before=3, after=1))
    asyncio.run(archived.archive_everything())
    archived.lose()
    segments = sorted(
        path
        for path in (archived.root / "repository" / "archive").rglob("*")
        if path.is_file() and len(path.name) > 40 and ".backup" not in path.name
    )
    segments[-1].unlink()

    assert 0 == archived.run("restore-at.sh", beyond.isoformat(sep=" ")).returncode
    with pytest.raises(StartRefused):
        archived.start()
    assert (
        "recovery ended before configured recovery target was reached" in archived.log.read_text()
    )
    archived.lose()
    began = time.monotonic()
    assert 0 == archived.run("restore-at.sh", reachable.isoformat(sep=" ")).returncode
    archived.start()

    assert [0, 1, 2] == asyncio.run(numbers(archived))
    recovered(
        "a segment of the archived log is missing",
        condition="refused in words; every moment before the gap is restored",
        seconds=time.monotonic() - began,
        limit=300,
    )


def test_a_folder_in_use_is_left_alone(machine: ArchivedPostgres) -> None:
    """A restore over a cluster says how to move it away, and touches nothing."""
    machine.server.account.own(machine.server.data)
    (machine.server.data / "PG_VERSION").write_text("15")

    refused = machine.run("restore-at.sh", "2026-11-23 12:00:00+00")

    assert 1 == refused.returncode
    assert "is not empty" in refused.stderr
    assert ["PG_VERSION"] == [path.name for path in machine.server.data.iterdir()]


def test_a_moment_that_can_not_be_restored_leaves_the_folder_as_it_was(
    machine: ArchivedPostgres,
) -> None:
    """With --force what is there is moved aside, and back when there is no archive."""
    machine.server.account.own(machine.server.data)
    (machine.server.data / "PG_VERSION").write_text("15")
    moment = read_moment("2026-11-23 12:00:00+00:00")

    with applied(machine.environment):
        with pytest.raises(BackupRefused, match="is not empty"):
            asyncio.run(restore_at(moment, force=False, now=utcnow()))
        with pytest.raises(BackupFailed, match="pgbackrest"):
            asyncio.run(restore_at(moment, force=True, now=utcnow()))

    assert ["PG_VERSION"] == [path.name for path in machine.server.data.iterdir()]
    assert [] == list(machine.root.glob("*.before-*"))


@pytest.mark.parametrize("text", ["yesterday", "2026-11-23 12:00:00", "2999-01-01 00:00:00+00:00"])
def test_a_moment_is_read_with_its_zone_and_lies_behind_us(text: str) -> None:
    """What is ambiguous is refused in words, before anything is touched."""
    with pytest.raises(BackupRefused):
        read_moment(text)


def test_without_an_archive_the_words_say_what_there_is() -> None:
    """Where pgBackRest was never set up nothing is moved, and the page is named."""
    with applied({"PGBACKREST_PG1_PATH": ""}), pytest.raises(BackupRefused, match="point-in-time"):
        asyncio.run(restore_at(read_moment("2026-11-23 12:00:00+00:00"), force=True, now=utcnow()))
