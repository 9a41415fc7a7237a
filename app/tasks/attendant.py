"""The rounds of a worker's main process, every few seconds, between Celery's own affairs.

It shows that the worker is there, ends the leases of processes that died with a job in hand, and sweeps.
So what a crash leaves behind is repaired as long as any worker lives: neither beat nor broker nor a free
process is needed for it. Each round opens its connections and closes them: a process forked later finds none.
"""

import asyncio
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

import structlog
from celery import bootsteps

from app.core.config import get_settings
from app.core.database import dispose_engine, session_scope
from app.tasks import ledger, presence
from app.tasks.alive import show_life
from app.tasks.crew import crew
from app.tasks.runtime import WORKER_ID
from app.tasks.sweeper import sweep_jobs

log = structlog.get_logger(__name__)

LONGEST_PAUSE_SECONDS: Final = 5.0
ROUND_MAY_TAKE_SECONDS: Final = 10.0

Handler = Callable[[int, FrameType | None], None]


class Attending:
    """Whether a round is going on. A signal that ends the worker waits until it is over."""

    def __init__(self) -> None:
        self.now = False
        self._waiting: Callable[[], None] | None = None

    def postpones(self, handler: Handler, number: int, frame: FrameType | None) -> bool:
        """Whether the handler is called later, because a transaction may be open now."""
        if self.now:
            self._waiting = lambda: handler(number, frame)
        return self.now

    def end(self) -> None:
        self.now = False
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting()


attending: Final = Attending()


class Attendant(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery has no types
    """Goes its rounds as long as the worker runs."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        super().__init__(worker, **kwargs)
        crew.slots = worker.concurrency  # before the pool forks
        self._timer: Any = None

    def start(self, worker: Any) -> None:
        pause = min(LONGEST_PAUSE_SECONDS, get_settings().jobs.sweep_seconds)
        self._timer = worker.timer.call_repeatedly(pause, attend, (worker,))
        attend(worker)

    def stop(self, _worker: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def attend(worker: Any) -> None:
    """One round; whatever goes wrong is tried again in the next."""
    queues = sorted(worker.app.amqp.queues.consume_from)
    show_life("worker", tuple(queues))
    attending.now = True
    began = time.monotonic()
    try:
        asyncio.run(_round(queues, _living(worker)))
    except Exception as error:  # noqa: BLE001  (a database or broker that is away)
        took = round(time.monotonic() - began, 1)
        log.warning("worker.round_failed", error=repr(error), seconds=took)
    finally:
        attending.end()


def _living(worker: Any) -> list[str]:
    """The pool's processes, as jobs name who holds them."""
    pool = getattr(worker.pool, "_pool", None)
    processes = getattr(pool, "_pool", None)
    return [f"{WORKER_ID}/{process.pid}" for process in processes or ()]


async def _round(queues: list[str], living: list[str]) -> None:
    try:
        async with asyncio.timeout(ROUND_MAY_TAKE_SECONDS):
            async with session_scope(system="ledger") as session:
                await presence.show(session, WORKER_ID, "worker", queues=queues, slots=crew.slots)
                if living and await ledger.abandon(session, WORKER_ID, living):
                    log.warning("worker.process_lost")
            await sweep_jobs()
    finally:
        await dispose_engine()
