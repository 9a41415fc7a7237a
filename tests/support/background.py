"""Workers and their jobs as tests of faults need them: started, hurt, and waited for."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import select

from app.core.database import dispose_engine, session_scope
from app.core.jobs import Job, JobState, enqueue
from tests.support.tasks import effects

RUNS_AGAIN_WITHIN = 60.0
T = TypeVar("T")


def scene(play: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What an async scenario says, run to its end with its own connections."""

    async def run() -> T:
        try:
            return await play()
        finally:
            await dispose_engine()

    return asyncio.run(run())


async def queued(
    label: str,
    task_name: str = "default.test_work",
    *,
    company_id: UUID | None = None,
    **kwargs: Any,
) -> Job:
    async with session_scope(system="test") as session:
        return await enqueue(session, task_name, company_id=company_id, label=label, **kwargs)


async def eventually(
    condition: Callable[[], Awaitable[bool]], within: float = RUNS_AGAIN_WITHIN
) -> float:
    """Seconds until the condition held; fails when it never does."""
    started = time.monotonic()
    while time.monotonic() - started < within:
        if await condition():
            return time.monotonic() - started
        await asyncio.sleep(0.05)
    pytest.fail(f"did not happen within {within} s")


async def reread(job: Job) -> Job:
    async with session_scope(system="test") as session:
        return await session.get_one(Job, job.id)


async def is_working(job: Job) -> bool:
    found = await reread(job)
    return found.state == JobState.RUNNING and found.stage is not None


async def until_working(job: Job) -> float:
    return await eventually(lambda: is_working(job))


async def until_done(jobs: Iterable[Job]) -> float:
    """Seconds until all have succeeded."""
    ids = {job.id for job in jobs}

    async def are_done() -> bool:
        async with session_scope(system="test") as session:
            statement = select(Job.id).where(Job.id.in_(ids), Job.state == JobState.SUCCEEDED)
            return set(await session.scalars(statement)) == ids

    return await eventually(are_done)


async def until_failed(job: Job) -> float:
    async def has_failed() -> bool:
        return (await reread(job)).state == JobState.FAILED

    return await eventually(has_failed)


async def count_effects(label: str, name: str = "test.work_done") -> int:
    async with session_scope(system="test") as session:
        return await effects(session, label, name)
