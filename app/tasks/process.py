"""What a worker does at its beginning and its end, hung on Celery's signals."""

import asyncio
import ctypes
import signal
import sys
from typing import Any

import structlog
from celery import signals

from app.core.config import get_settings
from app.core.database import dispose_engine, session_scope
from app.core.logging import configure_logging
from app.tasks import ledger
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


def _return_leases(**_kwargs: Any) -> None:
    """Whatever was still in hand goes to another worker at once instead of when the lease runs out."""
    try:
        returned = asyncio.run(_return_all())
    except Exception:
        log.exception("worker.leases_not_returned")
    else:
        log.info("worker.stopped", jobs_returned=returned)


async def _return_all() -> int:
    async with session_scope() as session:
        returned = await ledger.return_leases(session, WORKER_ID)
    await dispose_engine()
    return returned


signals.setup_logging.connect(_our_logging)
signals.worker_process_init.connect(_die_with_worker)
signals.worker_process_shutdown.connect(_close)
signals.worker_shutdown.connect(_return_leases)
