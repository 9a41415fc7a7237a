"""Counting how often prints are opened, without a request ever waiting for it.

A view is noted in this process's memory and written every few seconds, one statement for all companies. A
process that is killed takes at most those seconds of views with it; one that stops writes them first.
"""

import asyncio
from collections import Counter
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

import structlog

from app.core.clock import utcnow
from app.core.database import session_scope
from app.subscriptions import queries
from app.subscriptions.agreement import month_of

log = structlog.get_logger(__name__)

WRITE_AFTER_SECONDS: Final = 3.0


class _Pending:
    """What is not written yet. Every process has its own."""

    views: ClassVar[Counter[tuple[UUID, date]]] = Counter()
    writer: ClassVar[asyncio.Task[None] | None] = None


def note_view(company_id: UUID) -> None:
    """Count one opening of a print of the company; returns at once and never raises."""
    _Pending.views[company_id, month_of(utcnow())] += 1
    if _Pending.writer is None or _Pending.writer.done():
        _Pending.writer = asyncio.get_running_loop().create_task(_write_later())


async def _write_later() -> None:
    await asyncio.sleep(WRITE_AFTER_SECONDS)
    while _Pending.views:
        if not await write_views():
            await asyncio.sleep(WRITE_AFTER_SECONDS)


async def write_views() -> bool:
    """Write what was noted; False when the database did not take it, and nothing is lost by that."""
    taken, _Pending.views = _Pending.views, Counter()
    if not taken:
        return True
    try:
        async with session_scope(system="views") as session:
            await queries.add_views(session, taken)
    except Exception:
        log.warning("views.not_written", companies=len(taken), exc_info=True)
        _Pending.views.update(taken)
        return False
    return True


async def finish() -> None:
    """Write what is left before the process ends."""
    writer, _Pending.writer = _Pending.writer, None
    if writer is not None:
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
    await write_views()
