"""The same empty work twice: as a job of ARV, and as a task of bare Celery with its defaults.

python -m celery --app=bench.jobs_tasks:bare worker      # the bare one
python -m app.cli worker -- --include=bench.jobs_tasks   # ARV's
"""

import asyncio
import os
import time
from typing import Final

from celery import Celery
from redis import Redis

from app.tasks.runtime import TaskContext, task

BARE_URL: Final = os.environ.get("BENCH_BARE_BROKER", "redis://localhost:6379/5")
COUNTER: Final = "bench-done"
NOTHING: Final = "default.bench_nothing"

bare = Celery("bare", broker=BARE_URL, set_as_current=False)
bare.conf.task_ignore_result = True
_client = Redis.from_url(BARE_URL)


@bare.task(name="bench.nothing")  # type: ignore[untyped-decorator]  # Celery has no types
def nothing(seconds: float = 0) -> None:
    """Counts itself, so that whoever waits sees it done."""
    time.sleep(seconds)
    _client.incr(COUNTER)


@task(NOTHING, max_attempts=10)
async def bench_nothing(_context: TaskContext, *, seconds: float = 0) -> None:
    """Its row says that it is done."""
    await asyncio.sleep(seconds)
