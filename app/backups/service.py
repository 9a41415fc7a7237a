"""Orders and their execution. Who presses the button or the clock orders; `arv backup serve` works.

So the repository's password is with one process only, and no worker is busy for an hour.
"""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.backups import pruning, queries, restoring
from app.backups.database import Place
from app.backups.errors import BackupRefused, BackupsNotSetUp
from app.backups.making import make_backup
from app.backups.manifest import DUMP_NAME, Manifest
from app.backups.models import Backup, RestoreCheck
from app.backups.place import content_folder, repositories, source_database
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.errors import ArvError, Conflict, Forbidden
from app.core.ids import uuid7

log = structlog.get_logger(__name__)

SYSTEM: Final = "backups"
# One at a time on a database: the number is any that nobody else locks.
_LOCK: Final = 7_103_442
_OPEN: Final = ("ordered", "running")
LONGEST_ERROR: Final = 2000


class BackupRunning(Conflict):
    code = "backup_running"
    title = "A backup or a check is under way"


class NotRestorable(Conflict):
    code = "backup_not_restorable"
    title = "This backup can not be restored"


def require_operator(actor: Actor) -> None:
    """Raises `Forbidden` unless a superadmin asks."""
    if not actor.is_superadmin:
        raise Forbidden("Only the operator of this installation sees backups.")


async def order_backup(session: AsyncSession, actor: Actor) -> Backup:
    """A backup as soon as the service that makes them looks. Raises `BackupsNotSetUp`, `BackupRunning`."""
    require_operator(actor)
    _require_set_up()
    if await queries.open_backup(session) is not None:
        raise BackupRunning("Wait until it has ended.")
    backup = Backup(kind="manual", state="ordered")
    session.add(backup)
    await session.flush()
    events.record(session, "backup.ordered", actor=actor, subject_id=backup.id)
    return backup


def _require_set_up() -> None:
    if not get_settings().backups.repository:
        raise BackupsNotSetUp("Name a repository first: docs/runbooks/backup.md.")


async def order_check(session: AsyncSession, actor: Actor, backup_id: UUID) -> RestoreCheck:
    """Restore it into a scratch place and compare. Raises `BackupRunning`, `NotRestorable`, `NotFound`."""
    require_operator(actor)
    backup = await queries.get_backup(session, backup_id)
    _require_set_up()
    if backup.state != "done":
        raise NotRestorable("Only a finished backup that is still kept can be verified.")
    if await queries.open_check(session) is not None:
        raise BackupRunning("Wait until it has ended.")
    check = RestoreCheck(backup_id=backup.id, state="ordered")
    session.add(check)
    await session.flush()
    events.record(session, "backup.check_ordered", actor=actor, subject_id=backup.id)
    return check


async def order_scheduled_backup(session: AsyncSession) -> None:
    """The clock's order; nothing while one is open."""
    if await queries.open_backup(session) is None:
        session.add(Backup(kind="scheduled", state="ordered"))


async def order_scheduled_check(session: AsyncSession) -> None:
    """The newest backup's turn to be restored; nothing while a check is open or there is no backup."""
    newest = await queries.newest_done(session)
    if newest is not None and await queries.open_check(session) is None:
        session.add(RestoreCheck(backup_id=newest.id, state="ordered"))


async def create(kind: Literal["scheduled", "manual"] = "manual") -> Manifest:
    """Make a backup now and write it into the register. Raises what `make_backup` raises."""
    async with _alone():
        async with session_scope(system=SYSTEM) as session:
            backup = await queries.open_backup(session) or Backup(id=uuid7(), kind=kind)
            backup.state, backup.started_at = "running", utcnow()
            session.add(backup)
        try:
            manifest = await make_backup(str(backup.id), now=utcnow())
        except (ArvError, OSError) as error:
            await _fail(Backup, backup.id, str(error))
            raise
        await _finish(manifest)
        return manifest


async def _finish(manifest: Manifest) -> None:
    places = len(repositories())
    async with session_scope(system=SYSTEM) as session:
        backup = await queries.get_backup(session, UUID(manifest.id))
        for name, value in _told(manifest).items():
            setattr(backup, name, value)
        backup.state, backup.finished_at, backup.places = "done", utcnow(), places
        told = {"rows": backup.rows, "files": backup.files, "places": places}
        events.record(session, "backup.made", subject_id=backup.id, data=told)
    log.info("backup.made", backup_id=manifest.id, **told)


def _told(manifest: Manifest) -> dict[str, object]:
    """What the register knows of a manifest."""
    return {
        "database_bytes": manifest.part(DUMP_NAME).size_bytes,
        "rows": manifest.rows,
        "files": manifest.files,
        "files_bytes": manifest.size_bytes,
        "elsewhere": [each.model_dump() for each in manifest.elsewhere],
        "manifest_sha256": hashlib.sha256(manifest.as_text().encode()).hexdigest(),
    }


async def verify(backup_id: str, *, deep: bool = False) -> Manifest:
    """Restore a backup into a scratch place, compare, and write it into the register."""
    async with _alone():
        first = repositories()[0]
        found = await restoring.find_manifest(first, backup_id)
        check_id = await _begin_check(UUID(found.id))
        try:
            manifest = await restoring.verify(
                first, found.id, server=source_database(), now=utcnow(), deep=deep
            )
        except (ArvError, OSError) as error:
            await _fail(RestoreCheck, check_id, str(error))
            raise
        await _finish_check(check_id, manifest)
        return manifest


async def _begin_check(backup_id: UUID) -> UUID:
    async with session_scope(system=SYSTEM) as session:
        await queries.ensure_backup(session, backup_id, now=utcnow())
        check = await queries.open_check(session)
        if check is None or check.backup_id != backup_id:
            check = RestoreCheck(id=uuid7(), backup_id=backup_id)
        check.state, check.started_at = "running", utcnow()
        session.add(check)
        return check.id


async def _finish_check(check_id: UUID, manifest: Manifest) -> None:
    now = utcnow()
    async with session_scope(system=SYSTEM) as session:
        check = await session.get_one(RestoreCheck, check_id)
        check.state, check.finished_at = "done", now
        check.tables, check.rows, check.files = len(manifest.tables), manifest.rows, manifest.files
        backup = await queries.get_backup(session, UUID(manifest.id))
        backup.verified_at = now
        told = {"rows": manifest.rows, "files": manifest.files}
        events.record(session, "backup.verified", subject_id=backup.id, data=told)
    log.info("backup.verified", backup_id=manifest.id, **told)


async def restore(
    backup_id: str, *, force: bool = False, target: Place | None = None, content: Path | None = None
) -> restoring.Restored:
    """Let the installation be as in the backup; from the second place when the first is lost."""
    places = repositories()
    there = [place for place in places if await place.exists()] or places
    restored = await restoring.restore(
        there[0],
        backup_id,
        target=target or source_database(),
        content=content or content_folder(),
        now=utcnow(),
        force=force,
    )
    log.info("backup.restored", backup_id=restored.manifest.id)
    return restored


async def note_restored(restored: restoring.Restored) -> None:
    """The restored register remembers its own backup as under way: it is finished, as we now know."""
    await _finish(restored.manifest)


async def prune() -> set[str]:
    """Remove what is not to be kept, in all places; the ids of the backups removed."""
    async with _alone():
        gone: set[str] = set()
        for place in repositories():
            gone |= await pruning.prune(place, now=utcnow())
        async with session_scope(system=SYSTEM) as session:
            await queries.mark_pruned(session, [UUID(each) for each in gone])
        return gone


async def _fail(kind: type[Backup | RestoreCheck], row_id: UUID, reason: str) -> None:
    log.error("backup.failed", kind=kind.__tablename__, id=str(row_id), reason=reason)
    async with session_scope(system=SYSTEM) as session:
        row: Backup | RestoreCheck = await session.get_one(kind, row_id)
        row.state, row.finished_at, row.error = "failed", utcnow(), reason[:LONGEST_ERROR]
        name = "backup.failed" if kind is Backup else "backup.check_failed"
        events.record(session, name, subject_id=row.id, data={"reason": row.error})


@asynccontextmanager
async def _alone() -> AsyncIterator[None]:
    """One at a time. What says it runs while nobody holds the lock was cut short, and is marked so."""
    async with source_database().connect() as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
            raise BackupRefused("Another backup, check or clean-up is under way: try again later.")
        await _mark_interrupted(utcnow())
        yield


async def _mark_interrupted(now: datetime) -> None:
    async with session_scope(system=SYSTEM) as session:
        await queries.end_running(session, now=now, error="It was interrupted.")
