"""Importing rows in the background, one transaction each; a crash goes on with the next row."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.imports import queries, service
from app.imports.service import IMPORT_TASK
from app.tasks.runtime import Failure, TaskContext, task

REPORT_EVERY_ROWS = 10


async def mark_failed(session: AsyncSession, _failure: Failure, *, import_id: UUID) -> None:
    """Runs with the transaction that gives the job up: rows already made stay made."""
    content_import = await queries.import_given_up(session, import_id)
    if content_import is not None:
        await service.finish_import(session, content_import, status="failed")


async def take_back(session: AsyncSession, *, import_id: UUID) -> None:
    """Runs before the work that a person began again: it goes on with the rows that are left."""
    content_import = await queries.import_given_up(session, import_id)
    if content_import is not None and content_import.status == "failed":
        content_import.status, content_import.finished_at = "queued", None


@task(IMPORT_TASK, time_limit=1800, on_failed=mark_failed, on_retry=take_back)
async def import_contents(context: TaskContext, *, import_id: UUID) -> None:
    """Make the contents of an import's rows."""
    done = 0
    while await _import_one(context, import_id):
        done += 1
        if done % REPORT_EVERY_ROWS == 0:
            await _report(context, import_id)
    async with context.session(completes=True) as session:
        found = await queries.import_for_worker(session, context.company_id, import_id)
        if found is not None and found.finished_at is None:
            await service.finish_import(session, found)


async def _import_one(context: TaskContext, import_id: UUID) -> bool:
    async with context.session() as session:
        found = await queries.import_for_worker(session, context.company_id, import_id)
        if found is None:
            return False
        found.status = "running"
        return await service.import_next_row(session, found)


async def _report(context: TaskContext, import_id: UUID) -> None:
    async with context.session() as session:
        found = await queries.import_for_worker(session, context.company_id, import_id)
        if found is None:
            return
        rows = (await queries.with_counts(session, found)).rows
    ended = sum(rows.values()) - rows["pending"]
    await context.progress(ended / max(found.row_count, 1), "importing")
