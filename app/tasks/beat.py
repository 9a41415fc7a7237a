"""Celery's beat with ARV's clock inside: `celery beat --scheduler app.tasks.beat:Clock`."""

import time
from typing import Any, Final

import structlog
from celery import signals
from celery.beat import Scheduler

from app.core.config import get_settings
from app.core.database import session_scope
from app.core.logging import configure_logging
from app.tasks import presence, ticks
from app.tasks.alive import show_life
from app.tasks.runtime import WORKER_ID, close_process, run_in_process
from app.tasks.schedule import beat_schedule

log = structlog.get_logger(__name__)

PAUSE_AFTER_FAILURE_SECONDS: Final = 2.0


class Clock(Scheduler):  # type: ignore[misc]  # Celery has no types
    """Ticks as the database remembers them; a file of its own would know nothing of other beats."""

    def setup_schedule(self) -> None:
        self._adopted = False
        self._seen_at = 0.0
        self._table = beat_schedule(get_settings().beat)
        self._pause = PAUSE_AFTER_FAILURE_SECONDS

    def tick(self, *_args: Any, **_kwargs: Any) -> float:
        """One look at the clock; the seconds until the next one."""
        show_life("beat")
        self._pause = PAUSE_AFTER_FAILURE_SECONDS
        try:
            run_in_process(self._look())
        except Exception as error:  # noqa: BLE001  (a database that is away; nothing is missed)
            log.warning("beat.tick_failed", error=repr(error))
        return self._pause

    async def _look(self) -> None:
        if not self._adopted:
            await ticks.adopt(self._table)
            self._adopted = True
        if time.monotonic() - self._seen_at >= ticks.LONGEST_PAUSE_SECONDS - 1:
            async with session_scope(system="beat") as session:
                await presence.show(session, WORKER_ID, "beat", queues=[], slots=0)
            self._seen_at = time.monotonic()
        self._pause = await ticks.make_due_ticks(self._table)

    def close(self) -> None:
        try:
            run_in_process(self._leave())
        except Exception as error:  # noqa: BLE001  (nothing is lost: it is forgotten after a day)
            log.warning("beat.left_unsaid", error=repr(error))
        close_process()

    async def _leave(self) -> None:
        async with session_scope(system="beat") as session:
            await presence.leave(session, WORKER_ID)

    @property
    def info(self) -> str:
        return f"    . ticks -> {len(self._table)}"


def _our_logging(**_kwargs: Any) -> None:
    settings = get_settings()
    configure_logging(settings.log.level, settings.log_format)


signals.setup_logging.connect(_our_logging)
