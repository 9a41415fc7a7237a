"""Moving a company's files to another connection: asked for, paused, ended, and cleaned up after.

    running ──▶ done         everything is there and proved; the connection was switched in that transaction
       │ ▲ ▲
       ▼ │ └─── failed       the job gave up, with a reason; resuming tries again
     paused
       └──────▶ cancelled    the copies made so far are removed

The files are carried by the job (`app/storage/carrying.py`). A company has one open move, and none begins
while spare copies of an earlier one are being removed: nothing is ever deleted under a copy that counts.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies.roles import MANAGE_STORAGE
from app.core import jobs, live
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.errors import Conflict
from app.core.notices import notify
from app.storage import keeping_queries, queries
from app.storage.models import StorageConnection, StorageMove

MOVE_TASK: Final = "default.move_storage"
CLEAN_TASK: Final = "default.clean_up_move"
# A job that was stopped may still be at the end of its batch.
CANCEL_GRACE: Final = timedelta(minutes=10)


class MoveUnderWay(Conflict):
    code = "move_under_way"
    title = "The files are being moved already"


class MoveNotPossible(Conflict):
    code = "move_not_possible"
    title = "The files can not be moved there"


class MoveEnded(Conflict):
    code = "move_ended"
    title = "The move is over"


async def start_move(session: AsyncSession, actor: Actor, *, to_connection_id: UUID) -> StorageMove:
    """Begin to move the company's files. Raises `NotFound`, `MoveUnderWay` or `MoveNotPossible`."""
    actor.require(MANAGE_STORAGE)
    company_id = _company_of(actor)
    target = await queries.get_connection(session, actor, to_connection_id)
    await queries.lock_active(session, company_id)
    source = await queries.active_connection(session, company_id)
    if source is None:
        raise MoveNotPossible("There is no connection to move from.")
    _require_possible(source, target)
    await require_at_rest(session, company_id)
    await keeping_queries.keep_copies(session, company_id, target.id)
    amount = await keeping_queries.amount_of_files(session, company_id)
    move = StorageMove(
        company_id=company_id,
        from_connection_id=source.id,
        to_connection_id=target.id,
        state="running",
        files_total=amount.files,
        bytes_total=amount.size_bytes,
        requested_by=actor.user_id,
    )
    session.add(move)
    await session.flush()
    await go_on(session, move)
    told = {"from": source.name, "to": target.name, "files": amount.files}
    await _tell(session, "storage.move_started", move, actor=actor, data=told)
    return move


def _require_possible(source: StorageConnection, target: StorageConnection) -> None:
    if target.archived_at is not None:
        raise MoveNotPossible("This connection is archived.")
    if source.id == target.id or source.kind == target.kind == "local":
        raise MoveNotPossible("The files are there already.")


async def require_at_rest(session: AsyncSession, company_id: UUID) -> None:
    """Raises `MoveUnderWay` while the company's files, or spare copies of them, are at work.

    Whoever changes which connection is active asks this first, under `queries.lock_active`.
    """
    if await keeping_queries.find_open_move(session, company_id) is not None:
        raise MoveUnderWay("A move is open. Wait for it, or cancel it.")
    if await keeping_queries.is_being_cleaned(session, company_id):
        raise MoveUnderWay(
            "Copies of an earlier move are being removed. Try again in some minutes."
        )


async def pause_move(session: AsyncSession, actor: Actor, move_id: UUID) -> StorageMove:
    """What is under way is finished, then nothing more is copied until it is resumed."""
    move = await _open_move(session, actor, move_id)
    if move.state == "running":
        move.state = "paused"
        await _tell(session, "storage.move_paused", move, actor=actor)
    return move


async def resume_move(
    session: AsyncSession, actor: Actor, move_id: UUID, *, leave_missing: bool | None = None
) -> StorageMove:
    """Go on after a pause or a failure. `leave_missing`: files that are lost do not hold it up."""
    move = await _open_move(session, actor, move_id)
    if leave_missing is not None:
        move.leave_missing = leave_missing
    if move.state != "running":
        await take_back(session, move, actor=actor)
        await session.flush()
        await go_on(session, move)
    return move


async def take_back(
    session: AsyncSession, move: StorageMove, *, actor: Actor | None = None
) -> None:
    """The pause or failure is over; whoever calls has a job that carries the files."""
    move.state, move.failure_code, move.failure_detail = "running", None, None
    await _tell(session, "storage.move_resumed", move, actor=actor)


async def cancel_move(session: AsyncSession, actor: Actor, move_id: UUID) -> StorageMove:
    """Stay where the files are; the copies made so far are removed."""
    move = await _open_move(session, actor, move_id)
    now = utcnow()
    move.state, move.finished_at, move.clean_up_after = "cancelled", now, now + CANCEL_GRACE
    await _tell(session, "storage.move_cancelled", move, actor=actor)
    return move


async def clean_up_now(session: AsyncSession, actor: Actor, move_id: UUID) -> StorageMove:
    """Remove the old copies before their time. Raises `MoveEnded` when none are kept."""
    actor.require(MANAGE_STORAGE)
    move = await keeping_queries.get_move(session, actor, move_id, for_update=True)
    if move.clean_up_after is None or move.cleaned_at is not None:
        raise MoveEnded("There is nothing to clean up.")
    move.clean_up_after = min(move.clean_up_after, utcnow())
    await jobs.enqueue(session, CLEAN_TASK, company_id=move.company_id, move_id=move.id)
    await _tell(session, "storage.clean_up_ordered", move, actor=actor)
    return move


async def finish_move(session: AsyncSession, move: StorageMove, *, now: datetime) -> None:
    """Switch the company to the new connection; everything is there. Under `queries.lock_active`."""
    target = await keeping_queries.connection_of(session, move.to_connection_id)
    await queries.switch_active(session, move.company_id, target)
    move.state, move.finished_at = "done", now
    move.clean_up_after = now + timedelta(days=get_settings().keeping.moved_days)
    told = {"to": target.name, "files": move.files_done, "bytes": move.bytes_done}
    await _tell(session, "storage.moved", move, data=told)
    await notify(
        session,
        "storage.moved",
        company_id=move.company_id,
        subject_id=move.id,
        data=told,
        once_key=f"storage.moved:{move.id}",
    )


async def fail_move(session: AsyncSession, move: StorageMove, *, code: str, detail: str) -> None:
    """It stops where it is, and people are told why."""
    move.state, move.failure_code, move.failure_detail = "failed", code, detail
    told = {"code": code, "detail": detail}
    await _tell(session, "storage.move_failed", move, data=told)
    await notify(
        session,
        "storage.failing",
        company_id=move.company_id,
        subject_id=move.id,
        data=told,
        once_key=f"storage.move_failed:{move.id}:{move.files_done}:{code}",
    )


async def go_on(session: AsyncSession, move: StorageMove) -> None:
    """The next slice of the work is a job of its own, so that no move holds a worker for hours."""
    await jobs.enqueue(session, MOVE_TASK, company_id=move.company_id, move_id=move.id)


async def _open_move(session: AsyncSession, actor: Actor, move_id: UUID) -> StorageMove:
    actor.require(MANAGE_STORAGE)
    move = await keeping_queries.get_move(session, actor, move_id, for_update=True)
    if move.state not in keeping_queries.OPEN_STATES:
        raise MoveEnded("The move is over. Start another one.")
    return move


async def _tell(
    session: AsyncSession,
    name: str,
    move: StorageMove,
    *,
    actor: Actor | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    events.record(
        session, name, actor=actor, company_id=move.company_id, subject_id=move.id, data=data
    )
    await live.publish(session, move.company_id, "storage.changed", move.id)


def _company_of(actor: Actor) -> UUID:
    assert actor.company_id is not None
    return actor.company_id
