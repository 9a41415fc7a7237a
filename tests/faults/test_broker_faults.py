"""The broker killed, emptied, full and stopped, and crashes on the way to it: no job is lost."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import func, select

from app.core.config import CHECKOUT
from app.core.database import session_scope
from app.core.jobs import Job, JobState
from app.local.ports import free_port
from app.local.tools import find_valkey
from app.local.valkey import Valkey
from app.tasks.broker import BrokerEvicts, refuse_evicting_broker
from tests.faults.report import full, recovered
from tests.support.background import (
    RUNS_AGAIN_WITHIN,
    count_effects,
    eventually,
    queued,
    scene,
    until_done,
)
from tests.support.servers import TestServers
from tests.support.settings import applied
from tests.support.stack import RunningStack, make_stack

ONCE = f"0 lost, effects once, again within {RUNS_AGAIN_WITHIN:.0f} s"


@dataclass
class Broker:
    """A Valkey of these tests' own, to be hurt. It writes its file down, as in production."""

    server: Valkey
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return self.server.url(0)

    @property
    def client(self) -> "Redis":
        return Redis.from_url(self.url)

    def start(self) -> None:
        log = self.folder / "broker.log"
        self.process = self.server.program(log, self.folder).spawn()
        self.server.wait_until_ready(self.process, log)

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        assert self.process is not None
        self.signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    folder = tmp_path_factory.mktemp("broker")
    made = Broker(Valkey(folder, find_valkey(), free_port(), "test"), folder)
    made.start()
    try:
        yield made
    finally:
        made.kill()


@pytest.fixture(scope="module")
def crew(
    servers: TestServers, broker: Broker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningStack]:
    stack = make_stack(servers, tmp_path_factory.mktemp("crew"), {"CELERY_BROKER_URL": broker.url})
    try:
        with applied(stack.environment):
            stack.start_worker()
        yield stack
    finally:
        stack.stop()


@pytest.fixture
def stack(crew: RunningStack) -> Iterator[RunningStack]:
    """This process speaks to the crew's database and broker."""
    with applied(crew.environment):
        yield crew


async def done_once(jobs: list[Job], labels: list[str]) -> float:
    """Seconds until all were done, each once."""
    seconds = await until_done(jobs)
    assert [1] * len(labels) == [await count_effects(label) for label in labels]
    return seconds


async def some(name: str, count: int = 5, seconds: float = 0.1) -> tuple[list[Job], list[str]]:
    labels = [f"{name}-{number}" for number in range(count)]
    return [await queued(label, seconds=seconds) for label in labels], labels


async def is_idle() -> bool:
    """Nothing runs, and nothing is begun for a moment."""
    for _ in range(5):
        async with session_scope(system="test") as session:
            if await session.scalar(select(Job.id).where(Job.state == JobState.RUNNING).limit(1)):
                return False
        await asyncio.sleep(0.1)
    return True


def test_broker_killed(stack: RunningStack, broker: Broker) -> None:
    """Killed with jobs waiting and running, and with more that come while it is away."""

    async def scenario() -> float:
        before, labels = await some("killed", seconds=0.3)
        broker.kill()
        await eventually(is_idle)  # whoever is at work takes what is there without a message
        more, more_labels = await some("away")
        await asyncio.sleep(full(1, 10))
        broker.start()
        return await done_once(before + more, labels + more_labels)

    seconds = scene(scenario)

    recovered("broker killed", condition=ONCE, seconds=seconds, limit=RUNS_AGAIN_WITHIN)


def test_broker_flushed(stack: RunningStack, broker: Broker) -> None:
    """It forgets everything: the jobs are in the table."""

    async def scenario() -> float:
        jobs, labels = await some("flushed", 10, seconds=0.2)
        await asyncio.to_thread(broker.client.flushall)
        return await done_once(jobs, labels)

    seconds = scene(scenario)

    recovered("broker flushed", condition=ONCE, seconds=seconds, limit=RUNS_AGAIN_WITHIN)


def test_broker_full(stack: RunningStack, broker: Broker) -> None:
    """It takes nothing more: jobs are accepted all the same, and done when there is room."""

    async def scenario() -> float:
        await asyncio.to_thread(broker.client.config_set, "maxmemory", "1")
        jobs, labels = await some("full")
        await asyncio.sleep(full(2, 20))
        await asyncio.to_thread(broker.client.config_set, "maxmemory", "0")
        return await done_once(jobs, labels)

    seconds = scene(scenario)

    recovered("broker full", condition=ONCE, seconds=seconds, limit=RUNS_AGAIN_WITHIN)


def test_broker_stopped(stack: RunningStack, broker: Broker) -> None:
    """It hangs without closing a line: what is asked meanwhile is quick, and done afterwards."""

    async def scenario() -> tuple[float, float]:
        broker.signal(signal.SIGSTOP)
        begun = time.monotonic()
        jobs, labels = await some("stopped")
        asked = time.monotonic() - begun
        await asyncio.sleep(full(2, 20))
        broker.signal(signal.SIGCONT)
        return asked, await done_once(jobs, labels)

    asked, seconds = scene(scenario)

    assert asked < 5, "a request waits for a broker that hangs"
    recovered("broker stopped", condition=ONCE, seconds=seconds, limit=RUNS_AGAIN_WITHIN)


CRASH_AFTER_COMMIT = """
import asyncio, os
from app.core import jobs
from app.core.database import session_scope

async def main():
    jobs.publish_with(lambda nudge: os._exit(9))
    async with session_scope(system="test") as session:
        await jobs.enqueue(session, "default.test_work", label="unsaid")

asyncio.run(main())
"""
CRASH_BEFORE_COMMIT = """
import asyncio, os
from app.core import jobs
from app.core.database import session_scope

async def main():
    async with session_scope(system="test") as session:
        await jobs.enqueue(session, "default.test_work", label="undone")
        os._exit(9)

asyncio.run(main())
"""


def crashes(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=False, timeout=60)
    assert 9 == done.returncode


async def with_label(label: str) -> list[Job]:
    async with session_scope(system="test") as session:
        return list(await session.scalars(select(Job).where(Job.kwargs["label"].astext == label)))


def test_crash_between_commit_and_enqueue(stack: RunningStack) -> None:
    """The row is there and nobody was told: it is found and done."""
    crashes(CRASH_AFTER_COMMIT)
    begun = time.monotonic()

    async def scenario() -> None:
        await done_once(await with_label("unsaid"), ["unsaid"])

    scene(scenario)

    recovered(
        "crash between commit and enqueue",
        condition=ONCE,
        seconds=time.monotonic() - begun,
        limit=RUNS_AGAIN_WITHIN,
    )


def test_crash_before_commit(stack: RunningStack) -> None:
    """What was not acknowledged never was: no job, no message."""
    crashes(CRASH_BEFORE_COMMIT)

    async def scenario() -> int:
        async with session_scope(system="test") as session:
            jobs = await session.scalar(
                select(func.count()).where(Job.kwargs["label"].astext == "undone")
            )
        return jobs or 0

    assert 0 == scene(scenario)
    recovered("crash before commit", condition="neither job nor message", seconds=0, limit=0)


def test_a_broker_that_evicts_is_refused(stack: RunningStack, broker: Broker) -> None:
    """Worker and beat do not begin with it, and say what to set."""
    broker.client.config_set("maxmemory-policy", "allkeys-lru")
    command = [sys.executable, "-m", "app.cli", "worker"]
    try:
        with pytest.raises(BrokerEvicts, match="noeviction"):
            scene(refuse_evicting_broker)
        begun = subprocess.run(
            command, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=60
        )
    finally:
        broker.client.config_set("maxmemory-policy", "noeviction")

    assert (1, True) == (begun.returncode, "maxmemory-policy allkeys-lru" in begun.stderr)
