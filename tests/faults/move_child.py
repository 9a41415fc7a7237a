"""A worker process that works on a move and is killed at its n-th step, as a power cut would."""

import asyncio
import itertools
import os
import signal
from collections.abc import Mapping
from functools import wraps
from typing import Any
from uuid import UUID

import app.all_models
import app.storage.keeping_tasks
from app.core.config import get_settings
from app.storage import moving
from app.storage.backends.yandex_api import DiskApi
from app.storage.carrying import Slice
from app.tasks.runtime import REGISTRY, run_job


def work(environment: Mapping[str, str], job_id: str, kill_at: int) -> None:
    """Run the job; every request to the storage and every transaction is a step, before and after."""
    os.environ.update(environment)
    get_settings.cache_clear()
    steps = itertools.count(1)
    _count(steps, kill_at, DiskApi, "_asked")
    _count(steps, kill_at, Slice, "_note")
    _count(steps, kill_at, Slice, "_next_batch")
    _count(steps, kill_at, Slice, "_finish")
    asyncio.run(run_job(REGISTRY[moving.MOVE_TASK], UUID(job_id)))


def _count(steps: "itertools.count[int]", kill_at: int, owner: type, name: str) -> None:
    before = getattr(owner, name)

    @wraps(before)
    async def counted(*args: Any, **options: Any) -> Any:
        _die_at(steps, kill_at)
        result = await before(*args, **options)
        _die_at(steps, kill_at)
        return result

    setattr(owner, name, counted)


def _die_at(steps: "itertools.count[int]", kill_at: int) -> None:
    if next(steps) == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)


__all__ = ["app", "work"]
