"""Erasing a company for good: files, rows, people who belonged to nobody else, then the company itself.

Every step is a short transaction that can be done again, so an erasure that was cut short goes on where it
was. What stays is a number in `erasures` and one event without a name. A storage that does not answer holds
up only itself: all else goes, its connection is kept and tried again, and given up after some days.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies import queries as companies
from app.companies.service import RESTORE_DAYS
from app.core.actor import Actor
from app.core.database import session_scope
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.jobs import enqueue
from app.erasure import queries
from app.erasure.catalogue import OF_PLACES, tables_in_order
from app.erasure.models import Erasure
from app.erasure.places import Emptied, as_facts, empty_all
from app.exports import service as exports
from app.storage.opening import local_storage

log = structlog.get_logger(__name__)

ERASE_TASK: Final = "default.erase_company"
SYSTEM: Final = "erasure"
BATCH_FILES: Final = 200
BATCH_ROWS: Final = 1000
# So long a storage that does not answer is tried again; then its copies are told of, and left.
GIVE_UP_AFTER: Final = timedelta(days=7)
NOT_EMPTIED: Final = "not_emptied"

Progress = Callable[[float, str], Awaitable[None]]


class NotDeleted(Conflict):
    code = "company_not_deleted"
    title = "Only a deleted company can be erased"


class PlacesLeft(Exception):
    """All is erased but what lies in storages that did not answer. Worth another try."""


async def begin(
    session: AsyncSession, company_id: UUID, *, now: datetime, actor: Actor | None = None
) -> Erasure:
    """Begin, or go on with, the erasure of a deleted company. From now on it can not be restored.

    Raises `NotDeleted`. The job carries no company, so that it does not erase itself.
    """
    company = await queries.lock_deleted_company(session, company_id)
    if company is None:
        raise NotDeleted("Delete the company first.")
    company.deleted_at = min(
        company.deleted_at or now, now - timedelta(days=RESTORE_DAYS, seconds=1)
    )
    erasure = await queries.begin_erasure(session, company, now=now)
    await session.flush()
    if await queries.is_at_work(session, erasure.id, ERASE_TASK):
        return erasure
    await enqueue(session, ERASE_TASK, erasure_id=erasure.id)
    events.record(
        session,
        "erasure.begun",
        actor=actor,
        subject_id=company_id,
        data={"erasure_id": str(erasure.id)},
    )
    return erasure


async def begin_by_operator(
    session: AsyncSession, actor: Actor, company_id: UUID, *, confirm: str, now: datetime
) -> Erasure:
    """The same before its time, on the operator's word, with the company's name typed."""
    if not actor.is_superadmin:
        raise Forbidden("Only the operator of this installation erases companies.")
    company = await companies.lock_deleted(session, actor, company_id)
    if confirm.strip() != company.name:
        raise Invalid("Type the company's name exactly as it is.", pointer="query/confirm")
    return await begin(session, company_id, now=now, actor=actor)


async def sweep_deleted(*, now: datetime) -> int:
    """Begin the erasure of every company whose time to be restored is over."""
    async with session_scope(system=SYSTEM) as session:
        due = await companies.deleted_companies(session, before=now - timedelta(days=RESTORE_DAYS))
    for company_id in due:
        async with session_scope(system=SYSTEM) as session:
            await begin(session, company_id, now=now)
    return len(due)


async def erase(erasure_id: UUID, *, now: datetime, progress: Progress) -> None:
    """Do, or finish, an erasure. Doing it again changes nothing.

    Raises `PlacesLeft` when all is gone but what lies in storages that do not answer.
    """
    async with session_scope(system=SYSTEM) as session:
        erasure = await queries.lock_erasure(session, erasure_id)
    if erasure.state == "done":
        return
    company_id = erasure.erased_company_id
    left = await _empty_places(erasure)
    await _erase_register(erasure, progress)
    await _erase_people(erasure)
    waits = bool(left) and now - erasure.started_at < GIVE_UP_AFTER
    await _erase_tables(erasure, keeping=OF_PLACES if waits else (), progress=progress)
    if waits:
        raise PlacesLeft(f"{len(left)} storages could not be emptied")
    await _finish(erasure_id, company_id, now=now)


async def _empty_places(erasure: Erasure) -> list[Emptied]:
    """Remove the company's files wherever they may be; the places that could not be emptied."""
    assert erasure.storage_path, "without it everybody's files would be the company's"
    async with session_scope(system=SYSTEM) as session:
        places = await queries.places_of(session, erasure.erased_company_id)
    left = []
    async for emptied in empty_all(places, erasure.storage_path):
        async with session_scope(system=SYSTEM) as session:
            await _add(session, erasure.id, files_removed=emptied.files)
        if emptied.trouble is not None:
            left.append(emptied)
    await _tell_of_left(erasure, left)
    await asyncio.to_thread(_remove_folder, erasure)
    return left


async def _tell_of_left(erasure: Erasure, left: list[Emptied]) -> None:
    """The report says which places are not empty; the log says so once for each time that changes."""
    async with session_scope(system=SYSTEM) as session:
        row = await queries.lock_erasure(session, erasure.id)
        facts = as_facts(left)
        if row.report.get(NOT_EMPTIED, []) == facts:
            return
        row.report = row.report | {NOT_EMPTIED: facts}
        if facts:
            events.record(
                session,
                "erasure.storage_unreachable",
                subject_id=row.erased_company_id,
                data={"erasure_id": str(row.id), NOT_EMPTIED: facts},
            )


async def _erase_register(erasure: Erasure, progress: Progress) -> None:
    """Count what was registered, and forget it: the places were emptied by what lies in them."""
    company_id = erasure.erased_company_id
    while True:
        async with session_scope(system=SYSTEM) as session:
            files = await queries.some_files(session, company_id, limit=BATCH_FILES)
            if not files:
                return
            await queries.delete_files(session, company_id, [file.id for file in files])
            size = sum(file.size_bytes for file in files)
            await _add(session, erasure.id, files=len(files), bytes=size)
        await progress(0.25, "files")


async def _erase_tables(erasure: Erasure, *, keeping: tuple[str, ...], progress: Progress) -> None:
    tables = [table for table in tables_in_order() if table.name not in keeping]
    for number, table in enumerate(tables):
        while count := await _erase_rows(erasure.id, table.name, erasure.erased_company_id):
            log.info("erasure.rows_removed", table=table.name, count=count)
        await progress(0.5 + 0.5 * number / len(tables), "rows")


def _remove_folder(erasure: Erasure) -> None:
    """What the register did not know of goes with the company's folder, and so do its exports."""
    if erasure.storage_path:
        shutil.rmtree(local_storage().root / erasure.storage_path, ignore_errors=True)


async def _erase_people(erasure: Erasure) -> None:
    async with session_scope(system=SYSTEM) as session:
        ids = await queries.users_of_nobody_else(session, erasure.erased_company_id)
        if not ids:
            return
        await queries.delete_users(session, ids)
        removed = await queries.delete_events_of(session, ids)
        await _add(session, erasure.id, people=len(ids), events_of_people=removed)


async def _erase_rows(erasure_id: UUID, name: str, company_id: UUID) -> int:
    table = next(table for table in tables_in_order() if table.name == name)
    async with session_scope(system=SYSTEM) as session:
        if name == "exports":
            for export_id in await queries.export_ids(session, company_id):
                exports.file_of(export_id).unlink(missing_ok=True)
        count = await queries.delete_some(session, table, company_id, limit=BATCH_ROWS)
        if count:
            await _add(session, erasure_id, **{f"rows.{name}": count})
    return count


async def _add(session: AsyncSession, erasure_id: UUID, **counts: int) -> None:
    """Add to the report in the transaction that did the work."""
    erasure = await queries.lock_erasure(session, erasure_id)
    report = dict(erasure.report)
    for name, count in counts.items():
        report[name] = report.get(name, 0) + count
    erasure.report = report
    await session.flush()


async def _finish(erasure_id: UUID, company_id: UUID, *, now: datetime) -> None:
    async with session_scope(system=SYSTEM) as session:
        erasure = await queries.lock_erasure(session, erasure_id)
        await queries.delete_company(session, company_id)
        erasure.state, erasure.finished_at, erasure.storage_path = "done", now, None
        events.record(
            session,
            "company.erased",
            subject_id=company_id,
            data={"erasure_id": str(erasure_id), "report": erasure.report},
        )
