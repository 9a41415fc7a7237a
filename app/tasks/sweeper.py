"""Repairs what crashes and lost messages left behind; beat calls it every few seconds."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import structlog
from kombu.exceptions import ChannelError
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import get_settings
from app.core.database import after_commit, session_scope
from app.core.jobs import Job, JobState, Nudge, publish
from app.tasks.celery_app import celery_app
from app.tasks.outcome import WORKER_LOST
from app.tasks.runtime import fail_job, periodic

log = structlog.get_logger(__name__)

BATCH = 200


@periodic("default.sweep_jobs")
async def sweep_jobs() -> None:
    """Give expired leases to another worker (or fail them for good), and re-send unanswered nudges."""
    while await _sweep_one_expired():
        pass
    await _resend_unanswered()


async def _sweep_one_expired() -> bool:
    """One job per transaction, so that one whose hook fails can not hold up the others."""
    expired = (Job.state == JobState.RUNNING, Job.lease_until < func.now())
    statement = select(Job).where(*expired).order_by(Job.lease_until).limit(1)
    async with session_scope(system="sweeper") as session:
        job = (await session.scalars(statement.with_for_update(skip_locked=True))).one_or_none()
        if job is None:
            return False
        if job.attempts >= job.max_attempts:
            log.error(
                "job.failed", job_id=str(job.id), task_name=job.task_name, code=WORKER_LOST.code
            )
            await fail_job(session, job, WORKER_LOST)
        else:
            log.warning(
                "job.requeued", job_id=str(job.id), task_name=job.task_name, attempt=job.attempts
            )
            _requeue(session, job)
    return True


def _requeue(session: AsyncSession, job: Job) -> None:
    job.state = JobState.QUEUED
    job.lease_until = None
    job.published_at = None
    nudge = Nudge(job.task_name, job.queue, job.id)
    after_commit(session, lambda: publish(nudge))


async def _resend_unanswered() -> None:
    async with session_scope(system="sweeper") as session:
        due = (
            await session.scalars(select(Job).where(*_unanswered()).order_by(Job.id).limit(BATCH))
        ).all()
    nudges = [nudge for nudge in _missing_in_broker(due) if await publish(nudge)]
    if nudges:
        log.warning("jobs.resent", count=len(nudges))
        async with session_scope(system="sweeper") as session:
            ids = [nudge.job_id for nudge in nudges]
            await session.execute(
                update(Job).where(Job.id.in_(ids)).values(published_at=func.now())
            )


def _unanswered() -> tuple[ColumnElement[bool], ...]:
    age = timedelta(seconds=get_settings().jobs.resend_seconds)
    since = func.coalesce(Job.published_at, Job.run_after)
    return (Job.state == JobState.QUEUED, Job.run_after <= func.now(), since < func.now() - age)


def _missing_in_broker(jobs: Sequence[Job]) -> list[Nudge]:
    """Nudges for queues that hold fewer messages than jobs wait: a long queue is not a lost message."""
    waiting = Counter(job.queue for job in jobs)
    short = {queue for queue, count in waiting.items() if _message_count(queue) < count}
    return [Nudge(job.task_name, job.queue, job.id) for job in jobs if job.queue in short]


def _message_count(queue: str) -> int:
    with celery_app.connection_for_read() as connection:
        try:
            found = connection.default_channel.queue_declare(queue, passive=True)
        except ChannelError:  # an empty list is no list to Redis
            return 0
    return int(found.message_count)
