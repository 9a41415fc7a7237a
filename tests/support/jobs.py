"""Running queued jobs inside the test, without a worker process."""

from sqlalchemy import func, select

from app.core.database import session_scope
from app.core.jobs import Job, JobState
from app.tasks.celery_app import celery_app
from app.tasks.runtime import REGISTRY, run_job

MOST_JOBS = 100


async def run_queued_jobs() -> list[Job]:
    """Run every job that is due, in order, and those they enqueue; the jobs as they ended."""
    celery_app.loader.import_default_modules()
    done: list[Job] = []
    while (job := await _next_due()) is not None:
        assert len(done) < MOST_JOBS, "jobs enqueue each other without end"
        await run_job(REGISTRY[job.task_name], job.id)
        async with session_scope() as session:
            done.append(await session.get_one(Job, job.id))
    return done


async def run_due_again() -> None:
    """One more attempt of every job that is due, also of those that were tried before."""
    async with session_scope() as session:
        is_due = (Job.state == JobState.QUEUED, Job.run_after <= func.now())
        jobs = list(await session.scalars(select(Job).where(*is_due).order_by(Job.id)))
    for job in jobs:
        await run_job(REGISTRY[job.task_name], job.id)


async def _next_due() -> Job | None:
    is_due = (Job.state == JobState.QUEUED, Job.run_after <= func.now())
    statement = select(Job).where(*is_due).order_by(Job.id).limit(1)
    async with session_scope() as session:
        job = (await session.scalars(statement)).one_or_none()
    return job if job is not None and job.attempts == 0 else None
