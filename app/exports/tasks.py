"""Making exports, and removing them after a week."""

import asyncio
import shutil
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies import queries as companies
from app.companies.models import Company
from app.core.clock import utcnow
from app.exports import queries, service
from app.exports.archive import sha256_of
from app.exports.models import ExportState
from app.exports.writing import Counts, write_export
from app.storage.port import Storage
from app.storage.service import storage_of
from app.tasks.runtime import Failure, Permanent, TaskContext, periodic, task

TIME_LIMIT_SECONDS: Final = 3300
SPARE_BYTES: Final = 256 * 1024**2


async def mark_failed(session: AsyncSession, failure: Failure, *, export_id: UUID) -> None:
    """Runs with the transaction that gives the job up."""
    export = await queries.export_for_worker(session, export_id)
    if export is not None:
        export.state, export.failure_code = ExportState.FAILED.value, failure.code
        export.finished_at = utcnow()


async def take_back(session: AsyncSession, *, export_id: UUID) -> None:
    """Runs before the work that a person began again."""
    export = await queries.export_for_worker(session, export_id)
    if export is not None and export.state == ExportState.FAILED:
        export.state, export.failure_code = ExportState.QUEUED.value, None
        export.finished_at = None


@task(
    service.EXPORT_TASK,
    time_limit=TIME_LIMIT_SECONDS,
    on_failed=mark_failed,
    on_retry=take_back,
)
async def export_company(context: TaskContext, *, export_id: UUID) -> None:
    """Write the zip beside its place, move it there, record it. Doing it twice is harmless."""
    begun = await _begin(context, export_id)
    if begun is None:
        return
    company, storage, total_bytes = begun
    final, now = service.file_of(export_id), utcnow()
    partial = final.with_suffix(".partial")
    free = shutil.disk_usage(final.parent).free
    if free < total_bytes + SPARE_BYTES:
        raise Permanent("no_space", "There is not enough room on the disk for the export.")
    try:
        counts = await write_export(
            partial,
            company,
            storage,
            total_bytes=total_bytes,
            now=now,
            progress=context.progress,
        )
        sha256 = await asyncio.to_thread(sha256_of, partial)
        partial.replace(final)
    finally:
        partial.unlink(missing_ok=True)
    await _record(context, export_id, counts, sha256, now=now)


async def _begin(context: TaskContext, export_id: UUID) -> tuple[Company, Storage, int] | None:
    async with context.session() as session:
        export = await queries.export_for_worker(session, export_id)
        if export is None or export.state not in (ExportState.QUEUED, ExportState.RUNNING):
            return None
        export.state = ExportState.RUNNING.value
        company = await companies.company_by_id(session, export.company_id)
        storage = await storage_of(session, company.id)
        return company, storage, await queries.size_of_files(session, company.id)


async def _record(
    context: TaskContext, export_id: UUID, counts: Counts, sha256: str, *, now: datetime
) -> None:
    path = service.file_of(export_id)
    async with context.session(completes=True) as session:
        export = await queries.export_for_worker(session, export_id)
        if export is None:  # The company was erased meanwhile.
            path.unlink(missing_ok=True)
            return
        export.state = ExportState.READY.value
        export.size_bytes, export.sha256 = path.stat().st_size, sha256
        export.counts = {**counts.rows, "files": counts.files, "missing": len(counts.missing)}
        export.finished_at = utcnow()
        export.expires_at = export.finished_at + service.KEPT_FOR
        events.record(
            session,
            "export.finished",
            company_id=export.company_id,
            subject_id=export.id,
            data={"size_bytes": export.size_bytes, "files": counts.files},
        )


@periodic("default.sweep_exports", time_limit=300)
async def sweep_exports() -> None:
    """Exports are kept for seven days."""
    await service.sweep_exports(now=utcnow())
