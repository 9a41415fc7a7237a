"""`arv upgrade --check`: what keeps a release from being rolled out, asked of a real database and broker."""

from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from app.backups.models import Backup
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.ids import uuid7
from app.core.migrations import schema_heads
from app.local.ports import free_port
from app.local.upgrade_check import Finding, check_upgrade, examined

FIRST = "20261123_140000_000000"


async def findings() -> dict[str, list[Finding]]:
    """What is found, by subject."""
    found: dict[str, list[Finding]] = {}
    for each in await examined():
        found.setdefault(each.subject, []).append(each)
    return found


def refused(found: dict[str, list[Finding]]) -> set[str]:
    return {subject for subject, each in found.items() if any(f.verdict == "refused" for f in each)}


async def set_schema(owner: asyncpg.Connection, revision: str) -> None:
    await owner.execute("UPDATE alembic_version SET version_num = $1", revision)


async def make_backup(age: timedelta) -> None:
    then = utcnow() - age
    async with session_scope(system="tests") as session:
        session.add(Backup(id=uuid7(), state="done", created_at=then, started_at=then))


async def test_a_release_with_the_same_schema_may_be_rolled_out(database: str) -> None:
    """Nothing is pending, so a missing backup is told and refuses nothing."""
    found = await findings()

    assert refused(found) == set()
    assert found["schema"][0].words == f"at {', '.join(schema_heads())}, nothing to do"
    assert found["backup"] == [Finding("warning", "backup", "there is none")]
    assert {"settings", "database", "broker", "disk"} <= set(found)


async def test_pending_migrations_are_listed_and_want_a_backup(
    database: str, owner: asyncpg.Connection
) -> None:
    """In the order they run; those that hold locks or take away are refused with the words why."""
    await set_schema(owner, FIRST)

    found = await findings()
    await make_backup(timedelta(hours=25))
    with_an_old_one = await findings()
    await make_backup(timedelta(hours=1))
    with_a_fresh_one = await findings()

    revisions = [each.words.split()[0] for each in found["migration"]]
    assert revisions == sorted(revisions)
    assert set(schema_heads()) <= set(revisions)
    assert FIRST not in revisions
    assert any("under a lock" in each.words for each in found["migration"])
    assert any(each.words.endswith(" only adds") for each in found["migration"])
    assert refused(found) == refused(with_an_old_one) == {"migration", "backup"}
    assert refused(with_a_fresh_one) == {"migration"}


async def test_an_older_release_than_the_one_that_runs_is_refused(
    database: str, owner: asyncpg.Connection
) -> None:
    """The schema is one this code does not know: going back needs more than a restart."""
    await set_schema(owner, "29991231_000000_000000")

    found = await findings()

    assert refused(found) == {"schema"}
    assert "does not know" in found["schema"][0].words


async def test_a_silent_broker_is_a_finding(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything else is told all the same."""
    monkeypatch.setenv("CELERY_BROKER_URL", f"redis://127.0.0.1:{free_port()}/0")
    get_settings.cache_clear()

    found = await findings()
    monkeypatch.undo()
    get_settings.cache_clear()

    assert refused(found) == {"broker"}
    assert "schema" in found


async def test_a_missing_folder_of_files_is_refused(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A volume that is not mounted would be filled beside it."""
    monkeypatch.setenv("STORAGE_ROOT", str(tmp_path / "not-mounted"))
    get_settings.cache_clear()

    found = await findings()
    monkeypatch.undo()
    get_settings.cache_clear()

    assert refused(found) == {"disk"}


def test_without_a_database_the_answer_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And no, so that a script stops here."""
    monkeypatch.setenv("DATABASE_URL", f"postgresql+asyncpg://arv@127.0.0.1:{free_port()}/arv")
    get_settings.cache_clear()

    may_go_on = check_upgrade()
    monkeypatch.undo()
    get_settings.cache_clear()

    said = capsys.readouterr().out
    assert not may_go_on
    assert "✗ database" in said
    assert "yet: 1 of these come first" in said
