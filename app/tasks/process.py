"""What a worker does at its beginning and its end, hung on Celery's signals."""

import asyncio
import ctypes
import signal
import sys
from typing import Any

import structlog
from celery import bootsteps, signals

from app.core.config import get_settings
from app.core.database import dispose_engine, session_scope
from app.core.logging import configure_logging
from app.tasks import ledger
from app.tasks.celery_app import celery_app
from app.tasks.runtime import WORKER_ID, close_process

log = structlog.get_logger(__name__)

_PR_SET_PDEATHSIG = 1


def _our_logging(**_kwargs: Any) -> None:
    """Celery's own logging steps aside when this signal has a listener."""
    settings = get_settings()
    configure_logging(settings.log.level, settings.log_format)


def _die_with_worker(**_kwargs: Any) -> None:
    """A pool process whose worker was killed must not finish a job somebody else has been given."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def _close(**_kwargs: Any) -> None:
    close_process()


class ReturnLeases(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery has no types
    """At a stop that does not wait for its tasks (SIGTERM, after the grace), gives them to others at once.

    Celery sends its worker_shutdown signal only at stops that do wait. A process that is still at it can
    not commit any more: the lease it held is gone.
    """

    def terminate(self, _worker: object) -> None:
        return_leases()


def return_leases() -> None:
    """Whatever is still in hand goes to another worker now instead of when the lease runs out."""
    try:
        returned = asyncio.run(_return_all())
    except Exception:
        log.exception("worker.leases_not_returned")
    else:
        log.info("worker.stopped", jobs_returned=returned)


async def _return_all() -> int:
    async with session_scope(system="ledger") as session:
        returned = await ledger.return_leases(session, WORKER_ID)
    await dispose_engine()
    return returned


signals.setup_logging.connect(_our_logging)
signals.worker_process_init.connect(_die_with_worker)
signals.worker_process_shutdown.connect(_close)
celery_app.steps["worker"].add(ReturnLeases)
