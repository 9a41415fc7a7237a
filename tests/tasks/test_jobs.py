"""Jobs without a worker process: claiming, fencing, failing, sweeping."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import jobs
from app.core.clock import utcnow
from app.core.config import Settings, get_settings
from app.core.database import after_commit, session_scope
from app.core.jobs import Job, JobState, Nudge, enqueue
from app.events import record
from app.tasks import ledger
from app.tasks.celery_app import send
from app.tasks.outcome import LeaseLost
from app.tasks.runtime import REGISTRY, TaskContext, run_job
from app.tasks.sweeper import sweep_jobs
from tests.support.jobs import run_queued_jobs
from tests.support.tasks import effects


async def queued(task_name: str, **kwargs: Any) -> Job:
    async with session_scope() as session:
        return await enqueue(session, task_name, **kwargs)


async def reread(job: Job) -> Job:
    async with session_scope() as session:
        return await session.get_one(Job, job.id)


def code_of(job: Job) -> str:
    assert job.error is not None
    return str(job.error["code"])


async def expire_lease(job: Job) -> None:
    async with session_scope() as session:
        past = func.now() - timedelta(seconds=1)
        await session.execute(update(Job).where(Job.id == job.id).values(lease_until=past))


@pytest.fixture
def nudges(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Nudge]]:
    """What would have gone to the broker."""
    sent: list[Nudge] = []
    jobs.publish_with(sent.append)
    monkeypatch.setattr("app.tasks.sweeper._message_count", lambda _queue: 0)
    yield sent
    jobs.publish_with(send)


async def test_job_runs_and_leaves_its_mark(session: AsyncSession) -> None:
    """A queued job runs, its effect and its success are committed together."""
    job = await queued("default.test_work", label="one")

    await run_queued_jobs()

    done = await reread(job)
    assert (done.state, done.progress, done.attempts) == (JobState.SUCCEEDED, 1, 1)
    assert await effects(session, "one") == 1


async def test_duplicate_delivery_is_harmless(session: AsyncSession) -> None:
    """Ten deliveries of one job at the same time have one effect."""
    job = await queued("default.test_work", label="dup", seconds=0.1)
    definition = REGISTRY[job.task_name]

    await asyncio.gather(*(run_job(definition, job.id) for _ in range(10)))
    await run_job(definition, job.id)

    assert await effects(session, "dup") == 1
    assert (await reread(job)).attempts == 1


async def test_nudge_follows_commit(database: str, nudges: list[Nudge]) -> None:
    """The broker hears of a job after its row is committed, in the order of the calls."""
    order: list[str] = []
    async with session_scope() as session:
        job = await enqueue(session, "default.test_work", label="x")
        after_commit(session, lambda: order.append(f"{len(nudges)} nudge"))
        assert nudges == []

    assert order == ["1 nudge"]
    assert nudges == [Nudge("default.test_work", "default", job.id)]


async def test_rollback_sends_nothing(database: str, nudges: list[Nudge]) -> None:
    """A transaction that is rolled back leaves neither a job nor a message."""

    async def enqueue_and_crash() -> None:
        async with session_scope() as session:
            await enqueue(session, "default.test_work", label="x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await enqueue_and_crash()

    assert nudges == []
    assert await run_queued_jobs() == []


async def test_broker_failure_does_not_fail_the_request(database: str) -> None:
    """Without a broker the job is committed all the same, and further tries are paused."""
    tried: list[Nudge] = []

    def refuse(nudge: Nudge) -> None:
        tried.append(nudge)
        raise ConnectionError("no broker")

    jobs.publish_with(refuse)
    try:
        first = await queued("default.test_work", label="a")
        second = await queued("default.test_work", label="b")
    finally:
        jobs.publish_with(send)

    assert [nudge.job_id for nudge in tried] == [first.id]
    assert (await reread(second)).state == JobState.QUEUED


async def test_sweeper_resends_what_the_broker_lost(database: str, nudges: list[Nudge]) -> None:
    """A job nobody heard of is sent again, once per interval."""
    job = await queued("default.test_work", label="x")
    nudges.clear()
    async with session_scope() as session:
        past = utcnow() - timedelta(minutes=1)
        await session.execute(update(Job).where(Job.id == job.id).values(published_at=past))

    await sweep_jobs()
    await sweep_jobs()

    assert [nudge.job_id for nudge in nudges] == [job.id]


async def test_sweeper_leaves_a_long_queue_alone(
    database: str, nudges: list[Nudge], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job whose message still waits in the broker gets no second one."""
    monkeypatch.setattr("app.tasks.sweeper._message_count", lambda _queue: 1)
    job = await queued("default.test_work", label="x")
    nudges.clear()
    async with session_scope() as session:
        past = utcnow() - timedelta(minutes=1)
        await session.execute(update(Job).where(Job.id == job.id).values(published_at=past))

    await sweep_jobs()

    assert nudges == []


async def test_sweeper_requeues_what_a_crash_left(database: str, nudges: list[Nudge]) -> None:
    """A job whose worker went silent is queued again and announced."""
    job = await claimed("default.test_work", label="x")
    await expire_lease(job)
    nudges.clear()

    await sweep_jobs()

    assert (await reread(job)).state == JobState.QUEUED
    assert [nudge.job_id for nudge in nudges] == [job.id]


async def claimed(task_name: str, **kwargs: Any) -> Job:
    """A job in the hands of a worker that will never be heard of again."""
    job = await queued(task_name, **kwargs)
    async with session_scope() as session:
        taken = await ledger.claim(session, job.id, worker="gone/1", lease_seconds=60)
        assert taken is not None
        taken.max_attempts = REGISTRY[task_name].max_attempts
    return taken


async def test_job_that_kills_its_workers_fails_in_the_end(
    session: AsyncSession, nudges: list[Nudge]
) -> None:
    """After the last attempt the sweeper fails the job and tells its feature."""
    job = await claimed("default.test_poison", label="poison")
    async with session_scope() as changing:
        await changing.execute(update(Job).where(Job.id == job.id).values(attempts=2))
    await expire_lease(job)

    await sweep_jobs()

    failed = await reread(job)
    assert (failed.state, code_of(failed)) == (JobState.FAILED, "worker_lost")
    assert await effects(session, "poison", "test.work_failed") == 1


async def test_late_worker_changes_nothing(session: AsyncSession) -> None:
    """A worker that lost its lease can not commit, however far it was."""
    job = await claimed("default.test_work", label="late")
    late = TaskContext(job)
    async with session_scope() as changing:
        await changing.execute(update(Job).where(Job.id == job.id).values(fence=2))

    with pytest.raises(LeaseLost):
        async with late.session() as writing:
            record(writing, "test.work_done", data={"label": "late"})

    assert await effects(session, "late") == 0


@pytest.mark.parametrize(
    ("task_name", "code", "attempts"),
    [
        ("default.test_refused", "not_wanted", 1),
        ("default.test_mended", "internal_error", 1),
        ("default.test_flaky", "temporary", 2),
        ("default.test_endless", "timed_out", 1),
    ],
)
async def test_failures_are_recorded_with_their_reason(
    session: AsyncSession, task_name: str, code: str, attempts: int
) -> None:
    """Bad input and bugs fail at once, what may pass is tried again; the feature hears of each once."""
    job = await queued(task_name, label=task_name)

    for _ in range(attempts):
        await run_job(REGISTRY[task_name], job.id)

    failed = await reread(job)
    assert (failed.state, failed.attempts, code_of(failed)) == ("failed", attempts, code)
    assert await effects(session, task_name, "test.work_failed") == 1


async def test_lease_is_renewed_while_work_goes_on(
    database: str, monkeypatch: pytest.MonkeyPatch, nudges: list[Nudge]
) -> None:
    """Work longer than a lease is not given to a second worker."""
    monkeypatch.setattr("app.tasks.runtime.get_settings", short_leases)
    job = await queued("default.test_blocking_work", label="long", seconds=1.2)
    running = asyncio.create_task(run_job(REGISTRY[job.task_name], job.id))
    for _ in range(5):
        await asyncio.sleep(0.2)
        await sweep_jobs()
        assert (await reread(job)).attempts == 1
    await running

    assert (await reread(job)).state == JobState.SUCCEEDED


def short_leases() -> Settings:
    settings = get_settings()
    return settings.model_copy(
        update={"jobs": settings.jobs.model_copy(update={"lease_seconds": 0.6})}
    )
