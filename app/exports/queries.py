"""Exports of a company, and the rows they hold."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, Table, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.companies.models import Membership
from app.core.actor import Actor
from app.core.database import session_scope
from app.core.errors import NotFound
from app.core.jobs import Job
from app.core.pagination import PageRequest, fetch_page
from app.exports.catalogue import PERSON_COLUMNS, exported_columns
from app.exports.models import Export, ExportState
from app.storage.models import StoredFile
from app.users.models import User

BATCH_ROWS = 500


async def list_exports(
    session: AsyncSession, actor: Actor, request: PageRequest
) -> tuple[list[Export], str | None]:
    """One page of the company's exports, newest first."""
    statement = select(Export).where(Export.company_id == actor.company_id)
    return await fetch_page(session, statement, key=(Export.id,), request=request)


async def get_export(
    session: AsyncSession, actor: Actor, export_id: UUID, *, for_update: bool = False
) -> Export:
    """The export. Raises `NotFound`, for another company's too."""
    statement = select(Export).where(Export.company_id == actor.company_id, Export.id == export_id)
    if for_update:
        statement = statement.with_for_update()
    export = await session.scalar(statement)
    if export is None:
        raise NotFound("There is no such export.")
    return export


async def export_for_worker(session: AsyncSession, export_id: UUID) -> Export | None:
    """The export a job names, locked; the job's company is the session's."""
    return await session.scalar(select(Export).where(Export.id == export_id).with_for_update())


async def find_unfinished(session: AsyncSession, actor: Actor) -> Export | None:
    return await session.scalar(
        select(Export).where(
            Export.company_id == actor.company_id,
            Export.state.in_((ExportState.QUEUED, ExportState.RUNNING)),
        )
    )


async def progress_of(session: AsyncSession, exports: Sequence[Export]) -> dict[UUID, Job]:
    """The jobs of exports that are being made, by the export's id."""
    jobs = {export.job_id: export.id for export in exports if export.job_id}
    found = await session.scalars(select(Job).where(Job.id.in_(jobs)))
    return {jobs[job.id]: job for job in found}


async def expired_exports(session: AsyncSession, *, now: datetime) -> list[Export]:
    """Exports whose time to be downloaded is over, locked."""
    statement = select(Export).where(Export.state == ExportState.READY, Export.expires_at <= now)
    return list(await session.scalars(statement.with_for_update(skip_locked=True).limit(100)))


async def rows_of(table: Table, company_id: UUID) -> AsyncIterator[dict[str, Any]]:
    """The company's rows of a table in the order of its key, each batch in a transaction of its own."""
    key = list(table.primary_key.columns)
    columns = list(dict.fromkeys([*exported_columns(table), *key]))
    owner = table.c.id if table.name == "companies" else table.c.company_id
    statement: Select[Any] = select(*columns).where(owner == company_id).order_by(*key)
    shown = [column.name for column in exported_columns(table)]
    last: RowMapping | None = None
    while True:
        page = statement.limit(BATCH_ROWS)
        if last is not None:
            page = page.where(tuple_(*key) > tuple_(*(last[c] for c in key)))
        async with session_scope(company_id=company_id) as session:
            rows = (await session.execute(page)).mappings().all()
        for row in rows:
            yield {name: row[name] for name in shown}
        if len(rows) < BATCH_ROWS:
            return
        last = rows[-1]


async def people_of(company_id: UUID) -> list[dict[str, Any]]:
    """Who works in the company, as others there see them."""
    columns = [getattr(User, name) for name in PERSON_COLUMNS]
    statement = (
        select(*columns, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.company_id == company_id)
        .order_by(User.id)
    )
    async with session_scope(company_id=company_id) as session:
        rows = (await session.execute(statement)).mappings().all()
    return [dict(row) for row in rows]


async def files_of(company_id: UUID) -> AsyncIterator[StoredFile]:
    """The company's files in use, by key, in batches."""
    last = ""
    while True:
        statement = (
            select(StoredFile)
            .where(
                StoredFile.company_id == company_id,
                StoredFile.released_at.is_(None),
                StoredFile.key > last,
            )
            .order_by(StoredFile.key)
            .limit(BATCH_ROWS)
        )
        async with session_scope(company_id=company_id) as session:
            files = list(await session.scalars(statement))
        for file in files:
            yield file
        if len(files) < BATCH_ROWS:
            return
        last = files[-1].key


async def size_of_files(session: AsyncSession, company_id: UUID) -> int:
    statement = select(func.sum(StoredFile.size_bytes)).where(
        StoredFile.company_id == company_id, StoredFile.released_at.is_(None)
    )
    return int(await session.scalar(statement) or 0)
