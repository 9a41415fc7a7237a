"""Hearing of events as they are committed, so that webhooks leave within a second.

Only a nudge: the trigger has kept the event, and the clock looks at what was kept in any case. A process
knows for some seconds which companies listen, so that a commit in any other costs nothing.
"""

import time
from typing import ClassVar, Final
from uuid import UUID

import structlog

from app import events
from app.core.config import get_settings
from app.core.database import session_scope
from app.webhooks import queries
from app.webhooks.dispatching import enqueue_dispatch

log = structlog.get_logger(__name__)

KNOWN_SECONDS: Final = 15.0


class _Known:
    companies: ClassVar[set[UUID]] = set()
    until: ClassVar[float] = 0.0
    database: ClassVar[str] = ""


def forget() -> None:
    """Ask again at the next event of this process."""
    _Known.until = 0.0


async def _listening() -> set[UUID]:
    database = get_settings().database.url
    if time.monotonic() >= _Known.until or _Known.database != database:
        async with session_scope(system="webhooks") as session:
            _Known.companies = await queries.companies_that_listen(session)
        _Known.until, _Known.database = time.monotonic() + KNOWN_SECONDS, database
    return _Known.companies


async def hear(company_id: UUID) -> None:
    """An event of the company was committed."""
    if company_id not in await _listening():
        return
    async with session_scope(company_id=company_id) as session:
        await enqueue_dispatch(session, company_id)


events.follow(hear)
