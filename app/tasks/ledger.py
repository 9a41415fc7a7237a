"""Every change of a job's row. Each claim raises its fence, so the writes of who held it before miss."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, Update, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.jobs import Job, JobQueue, JobState
from app.tasks.outcome import Failure, LeaseLost

FIRST_RETRY_SECONDS = 5.0
LONGEST_RETRY_SECONDS = 600.0


def _now_plus(seconds: float) -> ColumnElement[Any]:
    """The database's clock counts: workers on several machines need not agree on the time."""
    return func.now() + timedelta(seconds=seconds)


def _held(job_id: uuid.UUID, fence: int) -> tuple[ColumnElement[bool], ...]:
    return (Job.id == job_id, Job.fence == fence, Job.state == JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Seeker:
    """A process that wants work: what it can do, and how many of the worker's processes may do long work.

    A worker's processes are named `<worker>/<number>`. With `long_slots` smaller than their number there is
    always one for work that people wait for.
    """

    name: str
    tasks: Collection[str]
    long_tasks: Collection[str] = ()
    long_slots: int | None = None

    @property
    def worker(self) -> str:
        return self.name.partition("/")[0]


def _due() -> tuple[ColumnElement[bool], ...]:
    return (Job.state == JobState.QUEUED, Job.run_after <= func.now())


def _claiming(worker: str, lease_seconds: float) -> Update:
    claiming = update(Job).execution_options(synchronize_session=False)
    return claiming.values(
        state=JobState.RUNNING,
        attempts=Job.attempts + 1,
        fence=Job.fence + 1,
        worker=worker,
        lease_until=_now_plus(lease_seconds),
        started_at=func.now(),
        progress=0,
        stage=None,
        error=None,
    )


async def claim(
    session: AsyncSession, job_id: uuid.UUID, *, worker: str, lease_seconds: float
) -> Job | None:
    """The job, now ours, or None when another worker has it, it is done, or it does not exist."""
    statement = _claiming(worker, lease_seconds).where(Job.id == job_id, *_due()).returning(Job)
    return (await session.scalars(statement)).one_or_none()


async def claim_next(
    session: AsyncSession, queue: str, seeker: Seeker, *, lease_seconds: float
) -> Job | None:
    """The job of the queue whose turn it is, now ours, or None when there is none for this seeker."""
    tasks = set(seeker.tasks)
    if seeker.long_slots is not None and await _long_running(session, seeker) >= seeker.long_slots:
        tasks -= set(seeker.long_tasks)
    found = (
        select(Job.id, Job.turn)
        .where(Job.queue == queue, Job.task_name.in_(tasks), *_due())
        .order_by(Job.turn, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("found")
    )
    queues = cast(Table, JobQueue.__table__)
    turn = select(found.c.turn).scalar_subquery()
    served = (
        update(queues)
        .where(queues.c.queue == queue, queues.c.serving < turn)
        .values(serving=turn)
        .cte("served")
    )
    statement = _claiming(seeker.name, lease_seconds).where(Job.id == found.c.id)
    return (await session.scalars(statement.add_cte(served).returning(Job))).one_or_none()


async def _long_running(session: AsyncSession, seeker: Seeker) -> int:
    """How much long work the seeker's worker is at. Its processes ask this one after the other."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(seeker.worker, 0)))
    )
    statement = select(func.count()).where(
        Job.state == JobState.RUNNING,
        _of(seeker.worker),
        Job.task_name.in_(seeker.long_tasks),
    )
    return (await session.scalars(statement)).one()


async def renew(
    session: AsyncSession, job_id: uuid.UUID, fence: int, *, lease_seconds: float
) -> None:
    """Raises `LeaseLost` when the job is no longer ours."""
    await _change(session, job_id, fence, lease_until=_now_plus(lease_seconds))


async def report_progress(
    session: AsyncSession, job_id: uuid.UUID, fence: int, *, progress: float, stage: str | None
) -> None:
    values: dict[str, Any] = {"progress": min(1.0, max(0.0, progress))}
    if stage is not None:
        values["stage"] = stage
    await _change(session, job_id, fence, **values)


async def hold(session: AsyncSession, job_id: uuid.UUID, fence: int) -> None:
    """Lock the row until the transaction ends: what it commits counts only while the job is ours."""
    statement = select(Job.id).where(*_held(job_id, fence)).with_for_update()
    if (await session.scalars(statement)).one_or_none() is None:
        raise LeaseLost


async def succeed(session: AsyncSession, job_id: uuid.UUID, fence: int) -> None:
    await _change(
        session,
        job_id,
        fence,
        state=JobState.SUCCEEDED,
        progress=1,
        lease_until=None,
        finished_at=func.now(),
    )


async def retry_later(
    session: AsyncSession,
    job_id: uuid.UUID,
    fence: int,
    *,
    failure: Failure,
    after_seconds: float,
) -> None:
    await _change(
        session,
        job_id,
        fence,
        state=JobState.QUEUED,
        lease_until=None,
        published_at=None,
        run_after=_now_plus(after_seconds),
        error=failure.as_json(),
    )


async def fail(
    session: AsyncSession,
    job_id: uuid.UUID,
    fence: int,
    failure: Failure,
    *,
    refused: bool,
    can_retry: bool,
) -> None:
    """For good, unless a person begins it again. `refused`: its input was at fault."""
    await _change(
        session,
        job_id,
        fence,
        state=JobState.FAILED,
        lease_until=None,
        finished_at=func.now(),
        error=failure.as_json(),
        refused=refused,
        can_retry=can_retry,
    )


async def reopen(session: AsyncSession, job_id: uuid.UUID, fence: int) -> None:
    """The feature has taken the failure back: from here on it is a job like any other."""
    await _change(session, job_id, fence, reopened=False)


async def give_back(session: AsyncSession, worker: str) -> list[Job]:
    """What a stopping worker still held is anybody's again, without counting the attempt."""
    statement = (
        update(Job)
        .where(_of(worker), Job.state == JobState.RUNNING)
        .values(
            state=JobState.QUEUED,
            attempts=Job.attempts - 1,
            lease_until=None,
            published_at=func.now(),
            run_after=func.now(),
        )
        .returning(Job)
    )
    return list(await session.scalars(statement))


async def abandon(session: AsyncSession, worker: str, alive: Collection[str]) -> int:
    """End the leases of the worker's processes that are no more; how many there were."""
    statement = (
        update(Job)
        .where(
            _of(worker),
            Job.state == JobState.RUNNING,
            Job.worker.not_in(alive),
            Job.lease_until > func.now(),
        )
        .values(lease_until=func.now())
        .returning(Job.id)
    )
    return len((await session.scalars(statement)).all())


def _of(worker: str) -> ColumnElement[bool]:
    return Job.worker.startswith(f"{worker}/", autoescape=True)


def retry_delay_seconds(attempt: int) -> float:
    """5 s after the first attempt, twice as long after each further one, ten minutes at most."""
    return float(min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** (attempt - 1)))


async def _change(session: AsyncSession, job_id: uuid.UUID, fence: int, **values: Any) -> None:
    statement = update(Job).where(*_held(job_id, fence)).values(**values).returning(Job.id)
    if (await session.scalars(statement)).one_or_none() is None:
        raise LeaseLost
