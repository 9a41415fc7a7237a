"""Every change of a job's row. The number of the attempt is the fence: a late worker's writes miss."""

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.jobs import Job, JobState
from app.tasks.outcome import Failure, LeaseLost

FIRST_RETRY_SECONDS = 5.0
LONGEST_RETRY_SECONDS = 600.0


def _now_plus(seconds: float) -> ColumnElement[Any]:
    """The database's clock counts: workers on several machines need not agree on the time."""
    return func.now() + timedelta(seconds=seconds)


def _held(job_id: uuid.UUID, attempt: int) -> tuple[ColumnElement[bool], ...]:
    return (Job.id == job_id, Job.attempts == attempt, Job.state == JobState.RUNNING)


async def claim(
    session: AsyncSession,
    job_id: uuid.UUID,
    *,
    worker: str,
    max_attempts: int,
    lease_seconds: float,
) -> Job | None:
    """The job, now ours, or None when another worker has it, it is done, or it does not exist."""
    statement = (
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.QUEUED, Job.run_after <= func.now())
        .values(
            state=JobState.RUNNING,
            attempts=Job.attempts + 1,
            max_attempts=max_attempts,
            worker=worker,
            lease_until=_now_plus(lease_seconds),
            started_at=func.now(),
            progress=0,
            stage=None,
            error=None,
        )
        .returning(Job)
    )
    return (await session.scalars(statement)).one_or_none()


async def renew(
    session: AsyncSession, job_id: uuid.UUID, attempt: int, *, lease_seconds: float
) -> None:
    """Raises `LeaseLost` when the job is no longer ours."""
    await _change(session, job_id, attempt, lease_until=_now_plus(lease_seconds))


async def report_progress(
    session: AsyncSession, job_id: uuid.UUID, attempt: int, *, progress: float, stage: str | None
) -> None:
    values: dict[str, Any] = {"progress": min(1.0, max(0.0, progress))}
    if stage is not None:
        values["stage"] = stage
    await _change(session, job_id, attempt, **values)


async def hold(session: AsyncSession, job_id: uuid.UUID, attempt: int) -> None:
    """Lock the row until the transaction ends: what it commits counts only while the job is ours."""
    statement = select(Job.id).where(*_held(job_id, attempt)).with_for_update()
    if (await session.scalars(statement)).one_or_none() is None:
        raise LeaseLost


async def succeed(session: AsyncSession, job_id: uuid.UUID, attempt: int) -> None:
    await _change(
        session,
        job_id,
        attempt,
        state=JobState.SUCCEEDED,
        progress=1,
        lease_until=None,
        finished_at=func.now(),
    )


async def retry_later(
    session: AsyncSession,
    job_id: uuid.UUID,
    attempt: int,
    *,
    failure: Failure,
    after_seconds: float | None,
) -> None:
    delay = after_seconds if after_seconds is not None else retry_delay_seconds(attempt)
    await _change(
        session,
        job_id,
        attempt,
        state=JobState.QUEUED,
        lease_until=None,
        published_at=None,
        run_after=_now_plus(delay),
        error=failure.as_json(),
    )


async def fail(session: AsyncSession, job_id: uuid.UUID, attempt: int, failure: Failure) -> None:
    await _change(
        session,
        job_id,
        attempt,
        state=JobState.FAILED,
        lease_until=None,
        finished_at=func.now(),
        error=failure.as_json(),
    )


async def return_leases(session: AsyncSession, worker: str) -> int:
    """Give back what a stopping worker still held, without counting the attempt; how many there were."""
    statement = (
        update(Job)
        .where(Job.worker == worker, Job.state == JobState.RUNNING)
        .values(
            state=JobState.QUEUED,
            attempts=Job.attempts - 1,
            lease_until=None,
            published_at=None,
            run_after=func.now(),
        )
        .returning(Job.id)
    )
    return len((await session.scalars(statement)).all())


def retry_delay_seconds(attempt: int) -> float:
    """5 s after the first attempt, twice as long after each further one, ten minutes at most."""
    return float(min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** (attempt - 1)))


async def _change(session: AsyncSession, job_id: uuid.UUID, attempt: int, **values: Any) -> None:
    statement = update(Job).where(*_held(job_id, attempt)).values(**values).returning(Job.id)
    if (await session.scalars(statement)).one_or_none() is None:
        raise LeaseLost
