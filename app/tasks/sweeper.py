"""Repairs what crashes and lost messages left behind; every worker calls it every few seconds."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog
from kombu.exceptions import ChannelError
from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import after_commit, session_scope
from app.core.jobs import Job, JobState, Nudge, publish
from app.tasks.celery_app import celery_app
from app.tasks.outcome import TIMED_OUT, WORKER_LOST, Failure
from app.tasks.runtime import REGISTRY, fail_job, periodic

log = structlog.get_logger(__name__)

BATCH = 200
MOST_IN_ONE_ROUND = 50
PAUSE_AFTER_FAILURE: Final = timedelta(minutes=1)
DELETED_AT_ONCE: Final = 1000


async def sweep_jobs() -> None:
    """Give expired leases to another worker (or fail them for good), and re-send unanswered nudges."""
    for _ in range(MOST_IN_ONE_ROUND):
        if not await _sweep_one_expired():
            break
    await _resend_unanswered()


async def _sweep_one_expired() -> bool:
    """One job per transaction, so that one whose hook fails can not hold up the others."""
    expired = (Job.state == JobState.RUNNING, Job.lease_until <= func.now())
    statement = select(Job).where(*expired, Job.task_name.in_(REGISTRY)).limit(1)
    async with session_scope(system="sweeper") as session:
        ordered = statement.order_by(Job.lease_until).with_for_update(skip_locked=True)
        job = (await session.scalars(ordered)).one_or_none()
        if job is None:
            return False
        try:
            async with session.begin_nested():
                await _end_attempt(session, job)
        except Exception:
            log.exception("job.not_swept", job_id=str(job.id), task_name=job.task_name)
            job.lease_until = utcnow() + PAUSE_AFTER_FAILURE
    return True


async def _end_attempt(session: AsyncSession, job: Job) -> None:
    failure = _failure_of(job)
    facts = {"job_id": str(job.id), "task_name": job.task_name, "attempt": job.attempts}
    if job.attempts >= job.max_attempts:
        log.error("job.failed", code=failure.code, **facts)
        await fail_job(session, job, failure)
    else:
        log.warning("job.requeued", code=failure.code, **facts)
        _requeue(session, job, failure)


def _failure_of(job: Job) -> Failure:
    """Work that went on beyond its limit was ended for that; any other was cut off."""
    limit = REGISTRY[job.task_name].time_limit
    is_overdue = job.started_at is not None and utcnow() - job.started_at > timedelta(seconds=limit)
    return TIMED_OUT if is_overdue else WORKER_LOST


def _requeue(session: AsyncSession, job: Job, failure: Failure) -> None:
    job.state = JobState.QUEUED
    job.lease_until = None
    job.error = failure.as_json()
    job.published_at = utcnow()
    nudge = Nudge(job.task_name, job.queue, job.id)
    after_commit(session, lambda: publish(nudge))


async def _resend_unanswered() -> None:
    async with session_scope(system="sweeper") as session:
        due = (
            await session.scalars(select(Job).where(*_unanswered()).order_by(Job.id).limit(BATCH))
        ).all()
    missing = _missing_in_broker(due)
    if not missing:
        return
    async with session_scope(system="sweeper") as session:
        statement = (
            update(Job)
            .where(Job.id.in_([nudge.job_id for nudge in missing]), *_unanswered())
            .values(published_at=func.now())
            .returning(Job.id)
        )
        ours = set(await session.scalars(statement))  # another worker may sweep at the same moment
    sent = [nudge for nudge in missing if nudge.job_id in ours and await publish(nudge)]
    if sent:
        log.info("jobs.resent", count=len(sent))


def _unanswered() -> tuple[ColumnElement[bool], ...]:
    """Due, and either never announced (its time has just come) or announced without an answer."""
    age = timedelta(seconds=get_settings().jobs.resend_seconds)
    unheard = or_(Job.published_at.is_(None), Job.published_at < func.now() - age)
    return (Job.state == JobState.QUEUED, Job.run_after <= func.now(), unheard)


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


@periodic("default.sweep_finished_jobs", time_limit=300)
async def sweep_finished_jobs() -> None:
    """Forget what ended long ago; what failed is kept longer, for whoever asks why."""
    settings = get_settings().jobs
    for state, days in (
        (JobState.SUCCEEDED, settings.keep_days),
        (JobState.FAILED, settings.keep_failed_days),
    ):
        while await _delete_some(state, timedelta(days=days)) == DELETED_AT_ONCE:
            pass


async def _delete_some(state: JobState, age: timedelta) -> int:
    old = (
        select(Job.id)
        .where(Job.state == state, Job.finished_at < func.now() - age)
        .limit(DELETED_AT_ONCE)
    )
    async with session_scope() as session:
        deleted = await session.scalars(delete(Job).where(Job.id.in_(old)).returning(Job.id))
        return len(deleted.all())
