"""Asking for exports, keeping them for a week, and letting them go."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies.roles import EXPORT
from app.core.actor import Actor
from app.core.database import session_scope
from app.core.errors import Conflict, Gone, NotFound
from app.core.jobs import enqueue
from app.exports import queries
from app.exports.models import Export, ExportState
from app.storage.opening import local_storage

log = structlog.get_logger(__name__)

EXPORT_TASK: Final = "default.export_company"
KEPT_FOR: Final = timedelta(days=7)
# Begins with a dot, so that neither a key nor a web server's rule for keys can reach into it.
FOLDER: Final = ".exports"


class ExportRunning(Conflict):
    code = "export_running"
    title = "An export is being made"


class ExportGone(Gone):
    code = "export_gone"
    title = "This export is no longer kept"


def exports_folder() -> Path:
    """Where exports lie; only the route that asks for the permission reads from it."""
    folder = local_storage().root / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def file_of(export_id: UUID) -> Path:
    return exports_folder() / f"{export_id}.zip"


async def request_export(session: AsyncSession, actor: Actor) -> Export:
    """A new export, made in the background. Raises `ExportRunning` while another one is."""
    actor.require(EXPORT)
    assert actor.company_id is not None
    if await queries.find_unfinished(session, actor) is not None:
        raise ExportRunning("An export of this company is being made. Wait until it is ready.")
    export = Export(company_id=actor.company_id, requested_by=actor.user_id)
    session.add(export)
    await session.flush()
    job = await enqueue(session, EXPORT_TASK, company_id=actor.company_id, export_id=export.id)
    export.job_id = job.id
    await session.flush()
    events.record(session, "export.requested", actor=actor, subject_id=export.id)
    return export


async def open_export(session: AsyncSession, actor: Actor, export_id: UUID) -> tuple[Export, Path]:
    """The file of a ready export; who took it is in the log. Raises `NotFound` or `ExportGone`."""
    actor.require(EXPORT)
    export = await queries.get_export(session, actor, export_id)
    if export.state == ExportState.EXPIRED:
        raise ExportGone("Exports are kept for seven days. Ask for a new one.")
    path = file_of(export.id)
    if export.state != ExportState.READY or not path.is_file():
        raise NotFound("This export has no file.")
    events.record(session, "export.downloaded", actor=actor, subject_id=export.id)
    return export, path


async def delete_export(session: AsyncSession, actor: Actor, export_id: UUID) -> None:
    """Let the file go before its time. Raises `ExportRunning` while it is being made."""
    actor.require(EXPORT)
    export = await queries.get_export(session, actor, export_id, for_update=True)
    if export.state in (ExportState.QUEUED, ExportState.RUNNING):
        raise ExportRunning("This export is being made. Wait until it is ready.")
    file_of(export.id).unlink(missing_ok=True)
    await session.delete(export)
    await session.flush()
    events.record(session, "export.deleted", actor=actor, subject_id=export.id)


async def sweep_exports(*, now: datetime) -> int:
    """Remove files whose week is over and what crashes left; the number of exports that expired."""
    async with session_scope(system="exports") as session:
        expired = await queries.expired_exports(session, now=now)
        for export in expired:
            file_of(export.id).unlink(missing_ok=True)
            export.state = ExportState.EXPIRED.value
            events.record(
                session, "export.expired", company_id=export.company_id, subject_id=export.id
            )
    oldest = (now - KEPT_FOR - timedelta(days=1)).timestamp()
    for path in exports_folder().iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            log.warning("export.leftover_removed", file=path.name)
    return len(expired)
