"""Backups are made, proved, restored and cleaned up, with real restic and PostgreSQL."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import func, select

from app.backups import database, pruning, queries, service
from app.backups.errors import BackupRefused, BackupsNotSetUp
from app.backups.making import make_backup
from app.backups.models import Backup, RestoreCheck
from app.backups.place import repositories, source_database
from app.backups.repository import Snapshot
from app.backups.serving import work_once
from app.companies.models import Company
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import dispose_engine, session_scope
from tests.support import people
from tests.support.backups import add_files, backup_settings, files_below
from tests.support.settings import applied


async def company_names() -> list[str]:
    async with session_scope(system="test") as session:
        return list(await session.scalars(select(Company.name).order_by(Company.name)))


async def test_an_installation_comes_back_as_it_was(installation: Path, repository: Path) -> None:
    """Every row and file of the backup is there again, and what was there in between is kept beside.

    The first backup of an installation makes its repository.
    """
    shutil.rmtree(repository)
    made = await service.create()
    saved = files_below(installation)
    tables = made.tables
    await people.make_company("Made later")
    shutil.rmtree(next(p for p in installation.iterdir() if not p.name.startswith(".")))
    await dispose_engine()

    restored = await service.restore("latest", force=True)

    assert tables == await database.tables_of(source_database())
    assert saved == files_below(installation)
    assert ["North Light"] == await company_names()
    await service.note_restored(restored)
    async with session_scope(system="test") as session:
        assert "done" == (await queries.get_backup(session, UUID(made.id))).state
    assert restored.database_before is not None
    before = source_database().named(restored.database_before)
    async with before.connect() as connection:
        assert 2 == await connection.fetchval("SELECT count(*) FROM companies")
    await database.drop(before)


async def test_somebody_s_work_is_not_overwritten(installation: Path) -> None:
    """Without --force a restore over an installation in use is refused and changes nothing."""
    await people.make_user()
    await service.create()
    before = files_below(installation)

    with pytest.raises(BackupRefused, match="in use"):
        await service.restore("latest")

    assert before == files_below(installation)


async def test_the_exchange_is_taken_back_when_it_fails(
    installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that were exchanged already go back when the database can not be."""
    await service.create()
    await people.make_company("Made later")
    (installation / "new.txt").write_text("after the backup")
    before = files_below(installation)

    async def fails(*_: object, **__: object) -> None:
        raise asyncpg.ObjectInUseError("somebody is in it")

    monkeypatch.setattr(database, "exchange", fails)
    with pytest.raises(asyncpg.ObjectInUseError):
        await service.restore("latest", force=True)

    assert before == files_below(installation)
    assert ["Made later", "North Light"] == await company_names()
    async with source_database().named("postgres").connect() as connection:
        left = await connection.fetch(
            "SELECT datname FROM pg_database WHERE datname LIKE $1",
            f"{source_database().name}\\_%",
        )
    assert [] == left


async def test_a_check_proves_and_remembers(installation: Path) -> None:
    """A verified restore is written into the register; monitoring reads its time from there."""
    began = utcnow()
    made = await service.create()

    await service.verify("latest", deep=True)

    async with session_scope(system="test") as session:
        check = (await session.scalars(select(RestoreCheck))).one()
        assert ("done", made.rows, made.files) == (check.state, check.rows, check.files)
        verified, success = (
            await queries.last_verified(session),
            await queries.last_success(session),
        )
    assert verified is not None
    assert success is not None
    assert began < success < verified


async def test_unchanged_files_are_saved_once(installation: Path) -> None:
    """The second backup adds only what is new."""
    await service.create()
    company = await people.make_company("More")
    size = sum(path.stat().st_size for path in repositories_files())
    await add_files(company, installation, count=1, size_bytes=500_000, seed=7)

    await service.create()

    grown = sum(path.stat().st_size for path in repositories_files()) - size
    assert 500_000 < grown < 900_000


def repositories_files() -> list[Path]:
    return [path for path in Path(repositories()[0].place).rglob("*") if path.is_file()]


async def test_the_second_place_alone_is_enough(installation: Path, tmp_path: Path) -> None:
    """With the first place lost, list and restore read the copy."""
    with applied(backup_settings(tmp_path, BACKUP_SECOND_REPOSITORY=str(tmp_path / "second"))):
        made = await service.create()
        saved = files_below(installation)
        shutil.rmtree(tmp_path / "first")

        await service.restore("latest", force=True)

        assert saved == files_below(installation)
        assert made.tables == await database.tables_of(source_database())


async def test_orders_are_done_by_the_service(installation: Path) -> None:
    """The clock orders, the service works: a backup, then its check; a second order joins the first."""
    async with session_scope(system="test") as session:
        await service.order_scheduled_backup(session)
    async with session_scope(system="test") as session:
        await service.order_scheduled_backup(session)

    await work_once()
    async with session_scope(system="test") as session:
        await service.order_scheduled_check(session)
    await work_once()

    async with session_scope(system="test") as session:
        backup = (await session.scalars(select(Backup))).one()
    assert ("scheduled", "done", None) == (backup.kind, backup.state, backup.error)
    assert backup.verified_at is not None


async def test_what_was_cut_short_is_told(installation: Path) -> None:
    """A backup whose process was killed is a failed one at the next, which is made all the same."""
    async with session_scope(system="test") as session:
        session.add(Backup(state="running", kind="manual"))

    await service.create()

    async with session_scope(system="test") as session:
        states = (
            await session.execute(select(Backup.state, func.count()).group_by(Backup.state))
        ).all()
    assert {("done", 1), ("failed", 1)} == {tuple(row) for row in states}


async def test_days_weeks_and_months_are_kept(installation: Path) -> None:
    """All of the last days, then one a week, then one a month; parts of what is removed go with it."""
    today = datetime(2026, 11, 23, 12, tzinfo=UTC)
    first = repositories()[0]
    await make_backup("real", now=today)
    real = await first.snapshots()
    for days in (400, 35, 34, 1, 0):
        await _save_again(real, f"{days}-days", made_at=today - timedelta(days=days))
    await first.forget(real)

    removed = await pruning.prune(first, now=today)

    left = {each.backup_id for each in await first.snapshots()}
    assert {"35-days"} == removed
    assert {"400-days", "34-days", "1-days", "0-days"} == left


async def _save_again(real: list[Snapshot], backup_id: str, *, made_at: datetime) -> None:
    """A backup of the same parts, of which restic believes that it was made then."""
    for each in real:
        tags = sorted(tag.replace(each.backup_id, backup_id) for tag in each.tags)
        await repositories()[0]._restic(
            *("backup", "/etc/hostname", f"--time={made_at:%Y-%m-%d %H:%M:%S}", "--host=arv"),
            f"--tag={','.join(tags)}",
        )


async def test_without_a_place_it_says_what_to_set(database: str) -> None:
    """Nothing is made up: the answer names the settings."""
    assert "" == get_settings().backups.repository
    with pytest.raises(BackupsNotSetUp, match="BACKUP_REPOSITORY"):
        await service.create()


def test_only_the_one_known_complaint_of_a_newer_client_passes() -> None:
    """Anything else a load complains of is a failed load."""
    harmless = (
        "pg_restore: error: could not execute query: "
        'ERROR:  unrecognized configuration parameter "transaction_timeout"'
    )
    other = 'pg_restore: error: could not execute query: ERROR:  role "x" does not exist'

    assert database.only_a_newer_client(f"{harmless}\nCommand was: SET transaction_timeout = 0;")
    assert not database.only_a_newer_client(f"{harmless}\n{other}")
    assert not database.only_a_newer_client("out of disk")
