"""Background work: events to endpoints."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from app.core.clock import utcnow
from app.core.database import session_scope
from app.tasks.runtime import TaskContext, periodic, task
from app.webhooks import following as _following  # noqa: F401  (hears of what this process commits)
from app.webhooks import queries
from app.webhooks.delivering import LEASE, deliver_waiting
from app.webhooks.dispatching import (
    DELIVER_TASK,
    DISPATCH_TASK,
    dispatch,
    enqueue_delivery,
    enqueue_dispatch,
)

DELIVERIES_KEPT_FOR: Final = timedelta(days=30)


@task(DISPATCH_TASK, max_attempts=5, time_limit=60)
async def dispatch_webhooks(context: TaskContext) -> None:
    """New events of one company, put before its endpoints."""
    assert context.company_id is not None
    async with context.session(completes=True) as session:
        await dispatch(session, context.company_id)


@task(DELIVER_TASK, max_attempts=3, time_limit=120)
async def deliver_webhooks(context: TaskContext, *, endpoint_id: UUID) -> None:
    """What is due for one endpoint. At least once: a crash between its answer and our note sends the event
    again, under the same id."""
    assert context.company_id is not None
    due = await deliver_waiting(context.company_id, endpoint_id)
    async with context.session(completes=True) as session:
        if due is not None:
            await enqueue_delivery(session, (endpoint_id, context.company_id), at=due)


@periodic("notifications.sweep_webhooks", time_limit=60)
async def sweep_webhooks() -> None:
    """Find what lost jobs and crashed workers left behind, and forget what is old."""
    now = utcnow()
    async with session_scope(system="webhooks") as session:
        waiting = await queries.companies_in_inbox(session)
        due = await queries.endpoints_with_due(session, now=now)
        await queries.forget_old(session, before=now - DELIVERIES_KEPT_FOR)
    for company_id in waiting:
        async with session_scope(company_id=company_id) as session:
            await enqueue_dispatch(session, company_id)
    for endpoint in due:
        async with session_scope(company_id=endpoint[1]) as session:
            await enqueue_delivery(session, endpoint)


assert timedelta(seconds=30) < LEASE, "a lease outlives the longest wait for an answer"
