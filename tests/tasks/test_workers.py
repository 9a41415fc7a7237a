"""Jobs with real workers, a real broker, and kill -9."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from app.core.config import get_settings
from app.core.database import dispose_engine, session_scope
from app.core.jobs import Job, JobState, enqueue
from tests.support.settings import applied
from tests.support.stack import RunningStack
from tests.support.tasks import effects

WITHIN_SECONDS = 20


@pytest.fixture
def stack(running_stack: RunningStack) -> Iterator[RunningStack]:
    """This process speaks to the stack's database and broker."""
    with applied(running_stack.environment):
        if "worker" not in running_stack.processes:
            running_stack.start_worker()
        yield running_stack


async def queued(label: str, task_name: str = "default.test_work", **kwargs: Any) -> Job:
    async with session_scope() as session:
        return await enqueue(session, task_name, label=label, **kwargs)


async def eventually(condition: Callable[[], Awaitable[bool]]) -> float:
    """Seconds until the condition held; fails when it never does."""
    started = time.monotonic()
    while time.monotonic() - started < WITHIN_SECONDS:
        if await condition():
            return time.monotonic() - started
        await asyncio.sleep(0.05)
    pytest.fail(f"did not happen within {WITHIN_SECONDS} s")


async def state_of(job: Job) -> str:
    async with session_scope() as session:
        return (await session.get_one(Job, job.id)).state


async def stage_of(job: Job) -> str | None:
    async with session_scope() as session:
        return (await session.get_one(Job, job.id)).stage


async def count_effects(label: str, name: str = "test.work_done") -> int:
    async with session_scope() as session:
        return await effects(session, label, name)


def test_work_is_done_promptly(stack: RunningStack) -> None:
    """An enqueued job is done within moments, not at the sweeper's next round."""

    async def scenario() -> float:
        job = await queued("prompt")
        seconds = await eventually(lambda: is_in(job, JobState.SUCCEEDED))
        await dispose_engine()
        return seconds

    assert asyncio.run(scenario()) < 3


async def is_in(job: Job, state: JobState) -> bool:
    return await state_of(job) == state


async def are_done(jobs: list[Job]) -> bool:
    return all([await is_in(job, JobState.SUCCEEDED) for job in jobs])


async def is_working(job: Job) -> bool:
    return await stage_of(job) == "working"


@pytest.mark.parametrize("round_", range(3))
def test_killed_worker_loses_nothing(stack: RunningStack, round_: int) -> None:
    """After kill -9 in the middle another worker does the job, and its effect is there once."""

    async def scenario() -> int:
        label = f"killed-{round_}"
        job = await queued(label, seconds=0.5)
        await eventually(lambda: is_working(job))
        stack.kill("worker")
        stack.start_worker()
        await eventually(lambda: is_in(job, JobState.SUCCEEDED))
        await asyncio.sleep(0.6)
        count = await count_effects(label)
        await dispose_engine()
        return count

    assert asyncio.run(scenario()) == 1


def test_lost_messages_are_sent_again(stack: RunningStack) -> None:
    """The broker forgets everything: the sweeper finds the jobs in the table."""

    async def scenario() -> list[int]:
        stack.kill("worker")
        labels = [f"lost-{number}" for number in range(5)]
        jobs = [await queued(label) for label in labels]
        Redis.from_url(get_settings().broker.url).flushdb()
        stack.start_worker()
        await eventually(lambda: are_done(jobs))
        counts = [await count_effects(label) for label in labels]
        await dispose_engine()
        return counts

    assert asyncio.run(scenario()) == [1] * 5


def test_poison_fails_after_its_attempts(stack: RunningStack) -> None:
    """A job that kills each worker process ends as failed, the worker itself goes on."""

    async def scenario() -> tuple[int, bool]:
        job = await queued("poison", "default.test_poison")
        await eventually(lambda: is_in(job, JobState.FAILED))
        after = await queued("after-poison")
        await eventually(lambda: is_in(after, JobState.SUCCEEDED))
        failures = await count_effects("poison", "test.work_failed")
        await dispose_engine()
        return failures, stack.processes["worker"].poll() is None

    assert asyncio.run(scenario()) == (1, True)


def test_stopping_worker_gives_work_back(stack: RunningStack) -> None:
    """SIGTERM during work too long to wait for: the job is queued again at once, no attempt counted."""

    async def scenario() -> tuple[str, int]:
        job = await queued("returned", seconds=60)
        await eventually(lambda: is_working(job))
        worker = stack.processes.pop("worker")
        os.kill(worker.pid, signal.SIGTERM)
        await asyncio.to_thread(worker.wait, 10)
        async with session_scope() as session:
            returned = await session.get_one(Job, job.id)
            state, attempts = returned.state, returned.attempts
            await session.delete(returned)
        await dispose_engine()
        return state, attempts

    assert asyncio.run(scenario()) == (JobState.QUEUED, 0)
