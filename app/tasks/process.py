"""What a worker does at its beginning and its end, hung on Celery's signals.

SIGTERM: nothing new is begun, what can end within WORKER_SHUTDOWN_SECONDS ends, and the rest is given back
at once, without counting the attempt. What a process still writes after that misses: the fence has moved.
"""

import asyncio
import ctypes
import resource
import signal
import sys
from types import FrameType
from typing import Any

import structlog
from billiard import current_process
from celery import signals

from app.core import error_tracking, tracing
from app.core.config import get_settings
from app.core.database import dispose_engine, forget_engines, session_scope
from app.core.jobs import Job, Nudge, publish
from app.core.logging import configure_logging
from app.tasks import ledger, presence
from app.tasks.attendant import Attendant, attending
from app.tasks.celery_app import celery_app
from app.tasks.crew import crew
from app.tasks.runtime import WORKER_ID, close_process

log = structlog.get_logger(__name__)

_PR_SET_PDEATHSIG = 1
_MEGABYTE = 2**20


def _our_logging(**_kwargs: Any) -> None:
    """Celery's own logging steps aside when this signal has a listener."""
    settings = get_settings()
    configure_logging(settings.log.level, settings.log_format)
    error_tracking.start("worker")


def _begin_process(**_kwargs: Any) -> None:
    """In a pool process, after the fork."""
    crew.is_forked = True
    crew.take_place(getattr(current_process(), "index", 0))
    for number in (signal.SIGTERM, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)  # the parent's are for the parent
    _die_with_worker()
    _limit_memory(get_settings().jobs.worker_memory_mb)
    tracing.start("worker")


def _die_with_worker() -> None:
    """A pool process whose worker was killed must not finish a job somebody else has been given."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def _limit_memory(megabytes: int) -> None:
    """Beyond it an allocation fails in this process alone, before the machine has to choose a victim.

    The limit is of what may be written (RLIMIT_DATA): wasmtime reserves addresses by the gigabyte that it
    never touches, so a limit of addresses would refuse the engine.
    """
    if megabytes and sys.platform == "linux":
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = megabytes * _MEGABYTE
        if most not in (resource.RLIM_INFINITY, -1):
            wanted = min(wanted, most)
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, most))


def _end_process(**_kwargs: Any) -> None:
    close_process()
    tracing.stop()
    error_tracking.stop()


def _listen_for_the_end(**_kwargs: Any) -> None:
    """Put our part before Celery's own answer to SIGTERM, which `arv worker` has made the cold one."""
    celerys = signal.getsignal(signal.SIGTERM)

    def answer(number: int, frame: FrameType | None) -> None:
        if attending.postpones(answer, number, frame):
            return
        if not crew.is_closing:
            crew.close()
            crew.wait_until_idle(get_settings().jobs.shutdown_seconds)
        if callable(celerys):
            celerys(number, frame)

    signal.signal(signal.SIGTERM, answer)


class GivingBack(Attendant):
    """The worker's rounds, and what it does last: Celery sends no signal at stops that do not wait."""

    def terminate(self, worker: Any) -> None:
        self.stop(worker)
        give_back()


def give_back() -> None:
    """Whatever is still in hand goes to another worker now instead of when the lease runs out."""
    try:
        forget_engines()
        returned = asyncio.run(_give_all_back())
    except Exception:
        log.exception("worker.leases_not_returned")
    else:
        log.info("worker.stopped", jobs_returned=len(returned))


async def _give_all_back() -> list[Job]:
    try:
        async with session_scope(system="ledger") as session:
            returned = await ledger.give_back(session, WORKER_ID)
            await presence.leave(session, WORKER_ID)
        for job in returned:
            await publish(Nudge(job.task_name, job.queue, job.id))
    finally:
        await dispose_engine()
    return returned


signals.setup_logging.connect(_our_logging)
signals.worker_process_init.connect(_begin_process)
signals.worker_process_shutdown.connect(_end_process)
signals.worker_ready.connect(_listen_for_the_end)
celery_app.steps["worker"].add(GivingBack)
