"""Workers killed, starved, hanging, told to stop: nothing lost, every effect once, running again soon."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, select, update

from app.core.database import session_scope
from app.core.jobs import Job, JobState, Nudge, publish
from tests.faults.report import full, recovered
from tests.support.background import (
    RUNS_AGAIN_WITHIN,
    count_effects,
    eventually,
    queued,
    reread,
    scene,
    until_done,
    until_failed,
    until_working,
)
from tests.support.servers import TestServers
from tests.support.settings import applied
from tests.support.stack import RunningStack, make_stack

SEED = 20261123
ONCE = f"0 lost, effects once, again within {RUNS_AGAIN_WITHIN:.0f} s"


@pytest.fixture(scope="module")
def crew(servers: TestServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """Workers alone: these faults need neither API nor beat."""
    stack = make_stack(servers, tmp_path_factory.mktemp("crew"), {"WORKER_MEMORY_MB": "512"})
    try:
        yield stack
    finally:
        stack.stop()


@pytest.fixture
def stack(crew: RunningStack) -> Iterator[RunningStack]:
    """This process speaks to the crew's database and broker, and a worker runs."""
    with applied(crew.environment):
        if "worker" not in crew.processes:
            crew.start_worker()
        yield crew


def test_workers_killed_in_a_loop(stack: RunningStack) -> None:
    """Killed with -9 in the middle of its jobs, again and again: all are done, each once."""
    rounds, chance = full(2, 50), random.Random(SEED)
    labels: list[str] = []

    async def round_(number: int) -> float:
        mine = [f"loop-{number}-{each}" for each in range(3)]
        jobs = [await queued(label, seconds=0.3) for label in mine]
        labels.extend(mine)
        await until_working(jobs[0])
        await asyncio.sleep(chance.uniform(0, 0.3))
        stack.kill("worker")
        killed = time.monotonic()
        stack.start_worker()
        await until_done(jobs)
        return time.monotonic() - killed

    async def scenario() -> tuple[float, list[int]]:
        slowest = max([await round_(number) for number in range(rounds)])
        return slowest, [await count_effects(label) for label in labels]

    slowest, counts = scene(scenario)

    assert [1] * len(labels) == counts
    recovered(
        f"worker killed in a loop of {rounds}",
        condition=ONCE,
        seconds=slowest,
        limit=RUNS_AGAIN_WITHIN,
        detail=f"{len(labels)} jobs, slowest round",
    )


def test_out_of_memory_ends_one_job_alone(stack: RunningStack) -> None:
    """A job that wants too much fails with words; its neighbour and the worker go on."""

    async def scenario() -> tuple[float, str, int, int]:
        neighbour = await queued("beside", seconds=1)
        job = await queued("greedy", "default.test_greedy")
        seconds = await until_failed(job)
        await until_done([neighbour])
        after = await queued("after-memory")
        await until_done([after])
        error = (await reread(job)).error or {}
        return seconds, error["code"], (await reread(job)).attempts, await count_effects("beside")

    seconds, code, attempts, beside = scene(scenario)

    assert ("out_of_memory", 1, 1) == (code, attempts, beside)
    assert stack.processes["worker"].poll() is None
    recovered("out of memory", condition="it fails alone, with words", seconds=seconds, limit=30)


def test_hanging_task_is_ended(stack: RunningStack) -> None:
    """A task that never comes back is ended by the kernel at its limit, and says so."""

    async def scenario() -> tuple[float, str, int]:
        job = await queued("hanging", "default.test_hanging")
        seconds = await until_failed(job)
        await until_done([await queued("after-hanging")])
        error = (await reread(job)).error or {}
        return seconds, error["code"], await count_effects("hanging", "test.work_failed")

    seconds, code, told = scene(scenario)

    assert ("timed_out", 1) == (code, told)
    recovered("hanging task", condition="ended at its limit of 1.5 s", seconds=seconds, limit=30)


def test_poison_ends_among_the_dead(stack: RunningStack) -> None:
    """A job that kills each process it runs in fails after its attempts; the worker goes on."""

    async def scenario() -> tuple[float, int, str]:
        job = await queued("poison", "default.test_poison")
        seconds = await until_failed(job)
        await until_done([await queued("after-poison")])
        dead = await reread(job)
        assert 2 == dead.attempts
        return (
            seconds,
            await count_effects("poison", "test.work_failed"),
            (dead.error or {})["code"],
        )

    seconds, told, code = scene(scenario)

    assert (1, "worker_lost") == (told, code)
    assert stack.processes["worker"].poll() is None
    recovered("poison task", condition="dead after 2 attempts", seconds=seconds, limit=60)


def test_delivered_twenty_times_done_once(stack: RunningStack) -> None:
    """However often a message comes, the effect is there once."""

    async def scenario() -> tuple[float, list[int]]:
        labels = [f"twice-{number}" for number in range(5)]
        jobs = [await queued(label, seconds=0.1) for label in labels]
        for job in jobs * 20:
            await publish(Nudge(job.task_name, job.queue, job.id))
        seconds = await until_done(jobs)
        await asyncio.sleep(0.5)
        return seconds, [await count_effects(label) for label in labels]

    seconds, counts = scene(scenario)

    assert [1] * 5 == counts
    recovered("duplicate delivery", condition="effects once", seconds=seconds, limit=60)


def test_stopping_finishes_what_it_can_and_gives_back_the_rest(stack: RunningStack) -> None:
    """SIGTERM: the short job ends, the long one is another worker's at once, its attempt not counted."""

    async def scenario() -> tuple[float, Job, Job]:
        stack.start_worker("second", concurrency=1)
        second = stack.processes["second"].pid
        os.killpg(second, signal.SIGSTOP)
        short = await queued("ends", seconds=0.6)
        long = await queued("goes-on", seconds=60)
        await until_working(short)
        await until_working(long)
        os.killpg(second, signal.SIGCONT)
        stopping = stack.processes.pop("worker")
        os.kill(stopping.pid, signal.SIGTERM)
        begun = time.monotonic()
        await eventually(lambda: is_another_s(long))
        taken = time.monotonic() - begun
        await asyncio.to_thread(stopping.wait, 20)
        return taken, await reread(short), await reread(long)

    async def is_another_s(job: Job) -> bool:
        found = await reread(job)
        return found.state == JobState.RUNNING and found.fence == 2

    taken, ended, long = scene(scenario)
    stack.kill("second")
    scene(lambda: forget(long))

    assert (JobState.SUCCEEDED, 1) == (ended.state, ended.attempts)
    assert (2, 1) == (long.fence, long.attempts)
    recovered(
        "worker told to stop",
        condition="the rest is begun elsewhere after its grace of 1 s",
        seconds=taken,
        limit=15,
    )


async def forget(job: Job) -> None:
    async with session_scope(system="test") as session:
        await session.execute(delete(Job).where(Job.id == job.id))


def test_two_workers_one_killed_the_other_goes_on(stack: RunningStack) -> None:
    """Scaled out by queues: killing the one of `markers` holds up nothing of `default`."""
    stack.kill("worker")
    stack.start_worker("markers", 1, queues="markers,notifications")
    stack.start_worker("default", 1, queues="default")

    async def scenario() -> tuple[float, float, int]:
        marker = await queued("marker", "markers.test_work", seconds=1)
        await until_working(marker)
        stack.kill("markers")
        killed = time.monotonic()
        others = [await queued(f"other-{number}") for number in range(10)]
        undisturbed = await until_done(others)
        assert JobState.SUCCEEDED != (await reread(marker)).state
        stack.start_worker("markers", 1, queues="markers,notifications")
        await until_done([marker])
        return undisturbed, time.monotonic() - killed, await count_effects("marker")

    undisturbed, again, effects = scene(scenario)
    stack.kill("markers")
    stack.kill("default")

    assert 1 == effects
    recovered(
        "one of two workers killed",
        condition="the other queue's ten jobs meanwhile",
        seconds=undisturbed,
        limit=10,
    )
    recovered("the killed worker's job", condition=ONCE, seconds=again, limit=60)


def test_a_thousand_jobs_hold_up_nobody(stack: RunningStack) -> None:
    """One company's thousand waiting jobs: another's single one is begun after a handful."""
    slots, many, single = 2, uuid4(), uuid4()

    async def scenario() -> tuple[float, int]:
        await asyncio.gather(
            *(queued("crowd", company_id=many, seconds=0.05) for _ in range(full(300, 1000)))
        )
        await queued("crowd", company_id=many, seconds=0.05)
        job = await queued("alone", company_id=single)
        await until_done([job])
        done = await reread(job)
        assert done.started_at is not None
        async with session_scope(system="test") as session:
            before = await session.scalar(
                select(func.count()).where(
                    Job.company_id == many,
                    Job.started_at > done.created_at,
                    Job.started_at < done.started_at,
                )
            )
            left = await session.scalars(
                update(Job)
                .where(Job.company_id == many, Job.state == JobState.QUEUED)
                .values(state=JobState.FAILED)
                .returning(Job.id)
            )
            assert left.all(), "the crowd was gone before it could hold anybody up"
        return (done.started_at - done.created_at).total_seconds(), before or 0

    seconds, before = scene(scenario)

    assert before <= 2 * slots
    recovered(
        "one tenant at a thousand times another",
        condition=f"at most {2 * slots} of its jobs go before",
        seconds=seconds,
        limit=5,
        detail=f"{before} went before",
    )
