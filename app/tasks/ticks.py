"""The clock: each tick is a row, and whoever moves it on enqueues its job in the same transaction.

So any number of beats make every tick once, whichever of them lives; a crash between the two loses neither.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import session_scope
from app.core.jobs import Job, JobState, enqueue
from app.tasks.models import BeatTick
from app.tasks.schedule import Tick

log = structlog.get_logger(__name__)

# A beat asks at least so often; so soon another one takes over from one that died.
LONGEST_PAUSE_SECONDS: Final = 5.0
SHORTEST_PAUSE_SECONDS: Final = 0.2

Table = Mapping[str, Tick]


async def adopt(table: Table, *, now: datetime | None = None) -> None:
    """Remember what is new in the table, and what has another timing than before."""
    async with session_scope(system="beat") as session:
        moment = now or await _database_now(session)
        for name, tick in _wanted(table).items():
            await _adopt_one(session, name, tick, moment)


async def _adopt_one(session: AsyncSession, name: str, tick: Tick, now: datetime) -> None:
    assert tick.timing is not None
    due_at = tick.timing.next_after(now)
    values = {"timing": tick.written, "due_at": due_at}
    statement = insert(BeatTick).values(name=name, **values)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[BeatTick.name],
            set_=values,
            where=BeatTick.timing != tick.written,
        )
    )


async def make_due_ticks(table: Table, *, now: datetime | None = None) -> float:
    """Enqueue what is due, once each however late it is; the seconds until this should be called again."""
    wanted = _wanted(table)
    while await _make_one(wanted, now):
        pass
    async with session_scope(system="beat") as session:
        moment = now or await _database_now(session)
        next_due = await session.scalar(
            select(func.min(BeatTick.due_at)).where(BeatTick.name.in_(wanted))
        )
    seconds = (next_due - moment).total_seconds() if next_due else LONGEST_PAUSE_SECONDS
    return min(LONGEST_PAUSE_SECONDS, max(SHORTEST_PAUSE_SECONDS, seconds))


async def _make_one(wanted: Table, now: datetime | None) -> bool:
    async with session_scope(system="beat") as session:
        moment = now or await _database_now(session)
        statement = (
            select(BeatTick)
            .where(BeatTick.name.in_(wanted), BeatTick.due_at <= moment)
            .order_by(BeatTick.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)  # another beat is at it
        )
        row = (await session.scalars(statement)).one_or_none()
        if row is None:
            return False
        tick = wanted[row.name]
        assert tick.timing is not None
        if await _is_unfinished(session, row):
            log.warning("beat.tick_skipped", tick=row.name, job_id=str(row.job_id))
        else:
            job = await enqueue(session, tick.task_name)
            row.job_id = job.id
            log.info("beat.ticked", tick=row.name, late_seconds=_late(row, moment))
        row.last_at, row.due_at = moment, tick.timing.next_after(moment)
    return True


def _late(row: BeatTick, now: datetime) -> float:
    return round((now - row.due_at).total_seconds(), 1)


async def _is_unfinished(session: AsyncSession, row: BeatTick) -> bool:
    job = await session.get(Job, row.job_id) if row.job_id else None
    return job is not None and job.state in (JobState.QUEUED, JobState.RUNNING)


def _wanted(table: Table) -> dict[str, Tick]:
    return {name: tick for name, tick in table.items() if tick.timing is not None}


async def _database_now(session: AsyncSession) -> datetime:
    """The database's clock counts: beats on several machines need not agree on the time."""
    return (await session.execute(select(func.now()))).scalar_one()
