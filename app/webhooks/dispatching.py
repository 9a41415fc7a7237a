"""From events to endpoints: who hears of what, and the jobs that tell them."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import jobs
from app.core.clock import utcnow
from app.core.config import get_settings
from app.events.models import Event
from app.webhooks import queries
from app.webhooks.messages import is_wanted
from app.webhooks.models import Endpoint

DISPATCH_TASK: Final = "notifications.dispatch_webhooks"
DELIVER_TASK: Final = "notifications.deliver_webhooks"
BATCH: Final = 500


async def enqueue_dispatch(session: AsyncSession, company_id: UUID) -> None:
    """Look at the company's new events soon; one job that waits is enough."""
    if not await queries.has_queued_job(session, DISPATCH_TASK, company_id):
        await jobs.enqueue(session, DISPATCH_TASK, company_id=company_id)


async def enqueue_delivery(
    session: AsyncSession, endpoint: Endpoint | tuple[UUID, UUID], *, at: datetime | None = None
) -> None:
    """Speak to the endpoint soon, or at a time."""
    if isinstance(endpoint, Endpoint):
        endpoint = (endpoint.id, endpoint.company_id)
    endpoint_id, company_id = endpoint
    if await queries.has_queued_job(session, DELIVER_TASK, company_id, endpoint_id=endpoint_id):
        return
    await jobs.enqueue(
        session, DELIVER_TASK, company_id=company_id, run_after=at, endpoint_id=endpoint_id
    )


async def dispatch(session: AsyncSession, company_id: UUID) -> int:
    """Put the company's new events before its endpoints; how many events there were."""
    found = await queries.take_inbox(session, company_id, limit=BATCH)
    if not found:
        return 0
    now = utcnow()
    for endpoint in await queries.enabled_endpoints(session, company_id):
        if await queue(session, endpoint, found, now=now):
            await enqueue_delivery(session, endpoint)
    if len(found) == BATCH:
        await jobs.enqueue(session, DISPATCH_TASK, company_id=company_id)
    return len(found)


async def queue(
    session: AsyncSession,
    endpoint: Endpoint,
    found: list[Event],
    *,
    now: datetime,
    again: bool = False,
) -> int:
    """How many of the events the endpoint wants and now waits for."""
    wanted = [event for event in found if is_wanted(event.name, endpoint.events)]
    give_up_after = timedelta(hours=get_settings().webhooks.give_up_hours)
    return await queries.queue_events(
        session, endpoint, wanted, now=now, give_up_after=give_up_after, again=again
    )
