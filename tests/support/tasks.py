"""Tasks that only tests enqueue. What they do is recorded as events, so effects can be counted."""

import asyncio
import os
import signal
import time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.events import record
from app.events.models import Event
from app.tasks import runtime
from app.tasks.outcome import Failure
from app.tasks.runtime import Permanent, Retryable, TaskContext, task

# Half a minute after a task's own limit the kernel ends it; a test has no half minute.
runtime.HARD_LIMIT_GRACE_SECONDS = 1


@task("default.test_work", max_attempts=10)
async def work(context: TaskContext, *, label: str, seconds: float = 0) -> None:
    """Takes its time, then leaves exactly one effect."""
    await context.progress(0.5, "working")
    await asyncio.sleep(seconds)
    async with context.session(completes=True) as session:
        company_id = context.company_id
        record(session, "test.work_done", company_id=company_id, data={"label": label})


@task("markers.test_work", max_attempts=10)
async def marker_work(context: TaskContext, *, label: str, seconds: float = 0) -> None:
    await work(context, label=label, seconds=seconds)


@task("default.test_blocking_work")
async def blocking_work(context: TaskContext, *, label: str, seconds: float) -> None:
    """Computes in a thread, as the engine does; the lease is renewed meanwhile."""
    await asyncio.to_thread(_compute, seconds)
    async with context.session(completes=True) as session:
        record(session, "test.work_done", data={"label": label})


def _compute(seconds: float) -> None:
    asyncio.run(asyncio.sleep(seconds))


async def note_failure(session: AsyncSession, failure: Failure, *, label: str) -> None:
    record(session, "test.work_failed", data={"label": label, **failure.as_json()})


@task("default.test_poison", max_attempts=2, on_failed=note_failure)
async def poison(context: TaskContext, *, label: str) -> None:
    """Kills the process that runs it, each time."""
    await context.progress(0.1, f"killing for {label}")
    os.kill(os.getpid(), signal.SIGKILL)


@task("default.test_greedy", max_attempts=3, on_failed=note_failure)
async def greedy(context: TaskContext, *, label: str) -> None:
    """Wants more memory than any process may have."""
    held = []
    while True:
        held.append(bytearray(64 * 2**20))
        await context.progress(0.1, f"{len(held)} pieces for {label}")


@task("default.test_hanging", time_limit=0.5, max_attempts=1, on_failed=note_failure)
async def hanging(context: TaskContext, *, label: str) -> None:
    """Never gives the process back, not even to be asked to stop."""
    await context.progress(0.1, f"hanging for {label}")
    time.sleep(3600)  # noqa: ASYNC251  (that is the fault)


@task("default.test_refused", on_failed=note_failure)
async def refused(_context: TaskContext, *, label: str) -> None:
    raise Permanent("not_wanted", f"{label} is not wanted")


@task("default.test_flaky", max_attempts=2, on_failed=note_failure)
async def flaky(context: TaskContext, *, label: str) -> None:
    raise Retryable(f"{label} was away at attempt {context.attempt}", after_seconds=0)


async def take_back(session: AsyncSession, *, label: str) -> None:
    record(session, "test.taken_back", data={"label": label})


@task("default.test_mended", max_attempts=1, on_failed=note_failure, on_retry=take_back)
async def mended(context: TaskContext, *, label: str) -> None:
    """Fails until somebody has taken the failure back."""
    async with context.session(completes=True) as session:
        if not await effects(session, label, "test.taken_back"):
            raise ZeroDivisionError(label)
        record(session, "test.work_done", data={"label": label})


@task("default.test_bug")
async def bug(_context: TaskContext, *, label: str) -> None:
    raise ZeroDivisionError(label)


@task("default.test_endless", time_limit=0.2, max_attempts=1, on_failed=note_failure)
async def endless(_context: TaskContext, *, label: str) -> None:
    await asyncio.sleep(3600)


async def effects(session: AsyncSession, label: str, name: str = "test.work_done") -> int:
    """How often the effect is there; once is right."""
    labelled: Any = Event.data["label"].astext == label
    statement = select(func.count()).select_from(Event).where(Event.name == name, labelled)
    return (await session.scalars(statement)).one()
