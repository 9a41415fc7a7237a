"""Jobs that move, sweep and check what is stored."""

import time
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies import queries as companies
from app.core import jobs
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.storage import checks, keeping_queries, moving
from app.storage.backends.yandex_disk import YandexDisk
from app.storage.carrying import Pace, Slice, require_two_places
from app.storage.checking import YOUNGEST_ORPHAN, Check
from app.storage.grants import reseal_outdated
from app.storage.opening import open_storage
from app.storage.port import StorageRefused, StorageUnavailable
from app.storage.service import storage_of
from app.storage.spare_copies import clean_up
from app.storage.sweeping import sweep
from app.tasks.runtime import Failure, Permanent, Retryable, TaskContext, periodic, task

log = structlog.get_logger(__name__)

TIME_LIMIT_SECONDS: Final = 3300
# One job's part of a move. What is under way then is finished, and the rest is another job's.
SLICE_SECONDS: Final = 60.0
BATCH: Final = 100


async def mark_move_failed(session: AsyncSession, failure: Failure, *, move_id: UUID) -> None:
    """Runs with the transaction that gives the job up; the move can be resumed."""
    move = await keeping_queries.lock_move(session, move_id)
    if move is not None and move.state == "running":
        await moving.fail_move(session, move, code=failure.code, detail=failure.detail)


async def take_move_back(session: AsyncSession, *, move_id: UUID) -> None:
    """Runs before the work that a person began again; a move that goes on already, or is over, stays so."""
    move = await keeping_queries.lock_move(session, move_id)
    if move is not None and move.state == "failed":
        await moving.take_back(session, move)


@task(
    moving.MOVE_TASK,
    max_attempts=6,
    time_limit=TIME_LIMIT_SECONDS,
    on_failed=mark_move_failed,
    on_retry=take_move_back,
)
async def move_storage(context: TaskContext, *, move_id: UUID) -> None:
    """Carry files for a minute, then hand over to the next job. Any number of them may be killed."""
    pace = Pace(get_settings().keeping.move_bytes_per_second)
    deadline = time.monotonic() + SLICE_SECONDS
    try:
        await _require_two_places(context, move_id)
        await Slice(move_id, context.session, pace, deadline).work()
    except StorageRefused as refused:
        raise Permanent(refused.code, str(refused)) from refused
    except StorageUnavailable as trouble:
        raise Retryable(str(trouble), code=trouble.code) from trouble
    except OSError as error:
        raise Retryable("The disk of this machine is full.", code="disk_full") from error


async def _require_two_places(context: TaskContext, move_id: UUID) -> None:
    """Asked at the beginning of a move: two connections may have one bucket."""
    async with context.session() as session:
        move = await keeping_queries.lock_move(session, move_id)
        if move is None or move.state != "running" or move.files_done:
            return
        source = await keeping_queries.connection_of(session, move.from_connection_id)
        target = await keeping_queries.connection_of(session, move.to_connection_id)
        company = await companies.company_by_id(session, move.company_id)
        pair = open_storage(source), open_storage(target)
    await require_two_places(*pair, company.storage_path)


async def mark_clean_up_failed(session: AsyncSession, failure: Failure, *, move_id: UUID) -> None:
    """A place that lets nobody in any more is given up; other moves may begin again."""
    move = await keeping_queries.lock_move(session, move_id)
    if move is None or move.cleaned_at is not None:
        return
    move.cleaned_at = utcnow()
    events.record(
        session,
        "storage.clean_up_failed",
        company_id=move.company_id,
        subject_id=move.id,
        data={"code": failure.code, "detail": failure.detail},
    )


async def take_clean_up_back(session: AsyncSession, *, move_id: UUID) -> None:
    """The place lets us in again. Not while files are being moved: nothing is removed under a copy then."""
    move = await keeping_queries.lock_move(session, move_id)
    if move is None or move.clean_up_after is None:
        return
    if await keeping_queries.find_open_move(session, move.company_id) is None:
        move.cleaned_at = None


@task(
    moving.CLEAN_TASK,
    max_attempts=5,
    time_limit=TIME_LIMIT_SECONDS,
    on_failed=mark_clean_up_failed,
    on_retry=take_clean_up_back,
)
async def clean_up_move(context: TaskContext, *, move_id: UUID) -> None:
    """Remove the copies a move left behind."""

    async def still_ours() -> None:
        await context.progress(0.5, "removing")

    try:
        removed = await clean_up(
            move_id, now=utcnow(), session_of=context.session, still_ours=still_ours
        )
    except StorageRefused as refused:
        raise Permanent(refused.code, str(refused)) from refused
    except StorageUnavailable as trouble:
        raise Retryable(str(trouble), code=trouble.code) from trouble
    log.info("storage.spare_copies_removed", move_id=str(move_id), files=removed)


@periodic("default.clean_up_moves", time_limit=120)
async def clean_up_moves() -> None:
    """Order the clean-up of every move whose copies are due."""
    async with session_scope(system="storage") as session:
        for move in await keeping_queries.moves_to_clean(session, now=utcnow(), limit=BATCH):
            await jobs.enqueue(
                session, moving.CLEAN_TASK, company_id=move.company_id, move_id=move.id
            )


@periodic("default.sweep_storage", time_limit=600)
async def sweep_storage() -> None:
    """Remove the bytes of files nobody has used for long."""
    await sweep(now=utcnow())


@task(
    checks.CHECK_TASK,
    time_limit=TIME_LIMIT_SECONDS,
    on_failed=checks.mark_failed,
    on_retry=checks.take_back,
)
async def check_storage(context: TaskContext, *, check_id: UUID) -> None:
    """Compare a company's register with its storage, and tell people when something is missing."""
    async with context.session() as session:
        check = await keeping_queries.lock_check(session, check_id)
        if check is None or check.state != "running":
            return
    comparison = Check(check.company_id, utcnow(), is_deep=check.is_deep)
    try:
        findings = await comparison.run(context.progress)
    except StorageRefused as refused:
        raise Permanent(refused.code, str(refused)) from refused
    except StorageUnavailable as trouble:
        raise Retryable(str(trouble), code=trouble.code) from trouble
    await _tidy(check.company_id)
    async with context.session(completes=True) as session:
        await checks.finish(session, check_id, findings, now=utcnow())


async def _tidy(company_id: UUID) -> None:
    """Uploads to a Yandex Disk that a crash cut short lie in a folder of their own."""
    async with session_scope(system="storage") as session:
        place = await storage_of(session, company_id)
    if isinstance(place, YandexDisk):
        removed = await place.remove_leftovers(before=utcnow() - YOUNGEST_ORPHAN)
        if removed:
            log.info("storage.leftovers_removed", company_id=str(company_id), files=removed)


@periodic("default.check_storages", time_limit=300)
async def check_storages() -> None:
    """Every week, for every company that has files; and grants that an older key encrypted are renewed."""
    await reseal_outdated()
    async with session_scope(system="storage") as session:
        for company_id in await keeping_queries.companies_with_files(session):
            await checks.order(session, company_id, is_deep=False)
