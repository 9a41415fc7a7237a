"""Background work: jobs per second from end to end, and how soon a killed worker's job is done again.

Beside bare Celery with its defaults, on the same broker, with as many processes and the same empty task.
A job of ARV is three durable commits in PostgreSQL (accepted, claimed, done); a bare task is none.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from redis import Redis
from sqlalchemy import func, select

from app.core.config import CHECKOUT, get_settings
from app.core.database import dispose_engine, session_scope
from app.core.jobs import Job, JobState, enqueue
from app.core.logging import configure_logging
from app.core.migrations import upgrade_to_head
from app.local.accounts import server_account
from app.local.children import Program, stop
from app.local.folders import DataFolder
from app.local.ports import free_port
from app.local.postgres import Postgres, reachable_tools
from app.local.tools import find_postgres, find_valkey
from app.local.valkey import Valkey
from app.tasks.celery_app import celery_app
from bench import jobs_tasks
from bench.figures import Figure

JOBS: Final = 400
ROUNDS: Final = 3
PROCESSES: Final = 2
SENDERS: Final = 8
LONG_SECONDS: Final = 3.0
GIVES_UP_SECONDS: Final = 60.0
WORST_RATIO: Final = 10.0


@dataclass
class Place:
    """The servers of a measurement, and workers on them."""

    root: Path
    environment: dict[str, str]
    redis: "Redis"

    def start(self, name: str, *arguments: str) -> "subprocess.Popen[bytes]":
        log = self.root / f"{name}.log"
        log.unlink(missing_ok=True)
        command = [sys.executable, "-m", *arguments]
        program = Program(name, command, log, self.root, self.environment, cwd=CHECKOUT)
        process = program.spawn()
        _wait(lambda: b" ready." in log.read_bytes(), 120)
        return process

    def start_arv(self) -> "subprocess.Popen[bytes]":
        options = ("--", "--include=bench.jobs_tasks")
        return self.start("arv", "app.cli", "worker", f"--concurrency={PROCESSES}", *options)

    def start_bare(self) -> "subprocess.Popen[bytes]":
        app = "--app=bench.jobs_tasks:bare"
        return self.start(
            "bare", "celery", app, "worker", "--loglevel=INFO", f"--concurrency={PROCESSES}"
        )


def measure() -> list[Figure]:
    """The figures, ARV's and bare Celery's."""
    with _place() as place:
        arv = [_arv_rate(place) for _ in range(ROUNDS)]
        bare = [_bare_rate(place) for _ in range(ROUNDS)]
        again = [_arv_recovery(place) for _ in range(2)]
        bare_again = [_bare_recovery(place)]
    ratios = [one / other for one, other in zip(sorted(bare), sorted(arv), strict=True)]
    return [
        Figure("jobs done, ARV", arv, "1/s"),
        Figure("tasks done, bare Celery", bare, "1/s"),
        Figure("bare Celery by ARV", ratios, "x", aim=WORST_RATIO),
        Figure("done again after kill -9, ARV", again, "s", aim=60),
        Figure(_bare_words(bare_again), bare_again, "s"),
    ]


def _bare_words(seconds: Sequence[float]) -> str:
    lost = max(seconds) >= GIVES_UP_SECONDS
    return "the same, Celery's defaults" + (" (never)" if lost else "")


def _arv_rate(place: Place) -> float:
    """From the first job accepted to the last one done; as many as come at once are accepted at once."""
    worker = place.start_arv()
    try:
        return JOBS / asyncio.run(_run_jobs())
    finally:
        stop(worker, signal.SIGTERM, timeout=20)


async def _run_jobs() -> float:
    before = await _done()
    begun = time.monotonic()
    await asyncio.gather(*(_accept(JOBS // SENDERS) for _ in range(SENDERS)))
    await _until_done(before + JOBS)
    seconds = time.monotonic() - begun
    await dispose_engine()
    return seconds


async def _until_done(count: int) -> None:
    while await _done() < count:  # noqa: ASYNC110  (another process counts)
        await asyncio.sleep(0.02)


async def _accept(count: int) -> None:
    for _ in range(count):
        async with session_scope(system="bench") as session:
            await enqueue(session, jobs_tasks.NOTHING)


async def _done() -> int:
    async with session_scope(system="bench") as session:
        statement = select(func.count()).where(
            Job.task_name == jobs_tasks.NOTHING, Job.state == JobState.SUCCEEDED
        )
        return await session.scalar(statement) or 0


def _bare_rate(place: Place) -> float:
    worker = place.start_bare()
    place.redis.delete(jobs_tasks.COUNTER)
    begun = time.monotonic()
    for _ in range(JOBS):
        jobs_tasks.nothing.delay()
    _wait(lambda: _count(place) >= JOBS, 120)
    seconds = time.monotonic() - begun
    stop(worker, signal.SIGTERM, timeout=20)
    return JOBS / seconds


def _count(place: Place) -> int:
    return int(place.redis.get(jobs_tasks.COUNTER) or 0)


def _arv_recovery(place: Place) -> float:
    """From kill -9 in the middle to the job's end, less the work itself."""
    worker = place.start_arv()

    async def begin() -> int:
        before = await _done()
        async with session_scope(system="bench") as session:
            job = await enqueue(session, jobs_tasks.NOTHING, seconds=LONG_SECONDS)
        while (await _state(job)) != JobState.RUNNING:  # noqa: ASYNC110  (another process sets it)
            await asyncio.sleep(0.02)
        await dispose_engine()
        return before

    async def end(before: int) -> None:
        await _until_done(before + 1)
        await dispose_engine()

    before = asyncio.run(begin())
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    killed = time.monotonic()
    again = place.start_arv()
    asyncio.run(end(before))
    seconds = time.monotonic() - killed - LONG_SECONDS
    stop(again, signal.SIGTERM, timeout=20)
    return seconds


async def _state(job: Job) -> str:
    async with session_scope(system="bench") as session:
        return (await session.get_one(Job, job.id)).state


def _bare_recovery(place: Place) -> float:
    """The same for Celery as it comes; given up after a minute, it would take an hour or for ever."""
    worker = place.start_bare()
    place.redis.delete(jobs_tasks.COUNTER)
    jobs_tasks.nothing.delay(LONG_SECONDS)
    time.sleep(1)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    killed = time.monotonic()
    again = place.start_bare()
    limit = GIVES_UP_SECONDS + LONG_SECONDS
    while _count(place) == 0 and time.monotonic() - killed < limit:
        time.sleep(0.1)
    seconds = time.monotonic() - killed - LONG_SECONDS
    stop(again, signal.SIGTERM, timeout=20)
    return seconds


def _wait(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("it did not happen in time")
        time.sleep(0.02)


@contextmanager
def _place() -> Iterator[Place]:
    """PostgreSQL and Valkey that write everything down, as in production, in a folder of their own."""
    root = Path(tempfile.mkdtemp(prefix="arv-bench-jobs-"))
    root.chmod(0o755)
    folder = DataFolder(root)
    folder.create()
    account = server_account()
    tools = reachable_tools(find_postgres(), account, root)
    postgres = Postgres(root / "postgres", tools, account, free_port(), "bench")
    postgres.initialise()
    valkey = Valkey(folder.valkey, find_valkey(), free_port(), "bench")
    children = []
    before = dict(os.environ)
    try:
        for server in (postgres, valkey):
            log = folder.logs / f"{type(server).__name__}.log"
            program = server.program(log, root)
            process = program.spawn()
            children.append((program, process))
            server.wait_until_ready(process, log)
        environment = _environment(postgres, valkey, root)
        os.environ.update(environment)
        _prepare(environment)
        yield Place(root, environment, Redis.from_url(valkey.url(5)))
    finally:
        for program, process in reversed(children):
            stop(process, program.stop_signal, timeout=10)
        os.environ.clear()
        os.environ.update(before)
        get_settings.cache_clear()
        shutil.rmtree(root, ignore_errors=True)


def _environment(postgres: Postgres, valkey: Valkey, root: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": postgres.url(),
        "CELERY_BROKER_URL": valkey.url(1),
        "REDIS_URL": valkey.url(0),
        "BENCH_BARE_BROKER": valkey.url(5),
        "STORAGE_ROOT": str(root / "storage"),
        "ARV_ENV_FILE": os.devnull,
        "LOG_LEVEL": "info",
    }


def _prepare(environment: dict[str, str]) -> None:
    """This process too speaks to them; it sends jobs as the API would."""
    get_settings.cache_clear()
    configure_logging("warning")
    upgrade_to_head()
    celery_app.conf.broker_url = environment["CELERY_BROKER_URL"]
    celery_app._after_fork()  # noqa: SLF001  (it holds connections to the one it read at import)
    jobs_tasks.bare.conf.broker_url = environment["BENCH_BARE_BROKER"]
