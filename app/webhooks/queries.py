"""Endpoints, what waits for them, and the events on their way."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.ids import uuid7
from app.core.jobs import Job, JobState
from app.core.pagination import PageRequest, fetch_page
from app.events.models import Event
from app.webhooks.models import DeliveryState, Endpoint, InboxEvent, WebhookDelivery


async def list_endpoints(session: AsyncSession, actor: Actor) -> list[Endpoint]:
    """The company's endpoints, oldest first; there are few."""
    statement = select(Endpoint).where(Endpoint.company_id == actor.company_id)
    return list(await session.scalars(statement.order_by(Endpoint.id)))


async def count_endpoints(session: AsyncSession, actor: Actor) -> int:
    statement = select(func.count()).where(Endpoint.company_id == actor.company_id)
    return await session.scalar(statement) or 0


async def get_endpoint(
    session: AsyncSession, actor: Actor, endpoint_id: UUID, *, for_update: bool = False
) -> Endpoint:
    """An endpoint of the company. Raises `NotFound`."""
    statement = select(Endpoint).where(
        Endpoint.company_id == actor.company_id, Endpoint.id == endpoint_id
    )
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = await session.scalar(statement)
    if found is None:
        raise NotFound("There is no such webhook.")
    return found


async def enabled_endpoints(session: AsyncSession, company_id: UUID) -> list[Endpoint]:
    statement = select(Endpoint).where(Endpoint.company_id == company_id, Endpoint.enabled)
    return list(await session.scalars(statement.order_by(Endpoint.id)))


async def companies_that_listen(session: AsyncSession) -> set[UUID]:
    """Companies with an endpoint that is on."""
    return set(await session.scalars(select(Endpoint.company_id).where(Endpoint.enabled)))


async def take_inbox(session: AsyncSession, company_id: UUID, *, limit: int) -> list[Event]:
    """Events nobody looked at yet, in order, and off the list with this transaction."""
    waiting = (
        select(InboxEvent.event_id)
        .where(InboxEvent.company_id == company_id)
        .order_by(InboxEvent.event_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(await session.scalars(waiting))
    if not ids:
        return []
    await session.execute(delete(InboxEvent).where(InboxEvent.event_id.in_(ids)))
    statement = select(Event).where(Event.company_id == company_id, Event.id.in_(ids))
    return list(await session.scalars(statement.order_by(Event.id)))


async def companies_in_inbox(session: AsyncSession) -> list[UUID]:
    return list(await session.scalars(select(InboxEvent.company_id).distinct()))


async def has_queued_job(
    session: AsyncSession, task_name: str, company_id: UUID, **kwargs: Any
) -> bool:
    """Whether such a job waits already; a second one would find nothing to do."""
    told = {name: str(value) for name, value in kwargs.items()}
    statement = select(
        exists().where(
            Job.task_name == task_name,
            Job.company_id == company_id,
            Job.state == JobState.QUEUED,
            Job.run_after <= func.now(),
            Job.kwargs.contains(told),
        )
    )
    return bool(await session.scalar(statement))


async def queue_events(
    session: AsyncSession,
    endpoint: Endpoint,
    events: Iterable[Event],
    *,
    now: datetime,
    give_up_after: timedelta,
    again: bool = False,
) -> int:
    """How many of the events now wait for the endpoint. `again`: also those it had, or failed at, before."""
    rows = [
        {
            "id": uuid7(),
            "company_id": endpoint.company_id,
            "endpoint_id": endpoint.id,
            "event_id": event.id,
            "event_name": event.name,
            "state": DeliveryState.QUEUED,
            "next_attempt_at": now,
            "give_up_at": now + give_up_after,
            "created_at": now,
        }
        for event in events
    ]
    if not rows:
        return 0
    statement = insert(WebhookDelivery).values(rows)
    key = [WebhookDelivery.endpoint_id, WebhookDelivery.event_id]
    if again:
        afresh = {"state": DeliveryState.QUEUED, "next_attempt_at": now, "delivered_at": None}
        statement = statement.on_conflict_do_update(
            index_elements=key, set_={**afresh, "give_up_at": now + give_up_after, "failure": None}
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=key)
    return len((await session.scalars(statement.returning(WebhookDelivery.id))).all())


async def events_between(
    session: AsyncSession, actor: Actor, *, since: datetime, until: datetime, limit: int
) -> list[Event]:
    """The company's events of a time, oldest first."""
    statement = select(Event).where(
        Event.company_id == actor.company_id, Event.created_at >= since, Event.created_at < until
    )
    return list(await session.scalars(statement.order_by(Event.id).limit(limit)))


async def find_event(session: AsyncSession, company_id: UUID, event_id: UUID) -> Event | None:
    statement = select(Event).where(Event.company_id == company_id, Event.id == event_id)
    return await session.scalar(statement)


def _is_free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """On, not resting after a failure, and nobody is speaking to it."""
    return (
        Endpoint.enabled.is_(True),
        or_(Endpoint.retry_at.is_(None), Endpoint.retry_at <= now),
        or_(Endpoint.lease_until.is_(None), Endpoint.lease_until <= now),
    )


async def lease_endpoint(
    session: AsyncSession, endpoint_id: UUID, *, now: datetime, until: datetime
) -> Endpoint | None:
    """The endpoint, ours until then; None while another has it, it rests or is off."""
    statement = (
        update(Endpoint)
        .where(Endpoint.id == endpoint_id, *_is_free(now))
        .values(lease_until=until)
        .returning(Endpoint)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).one_or_none()


async def note_endpoint(session: AsyncSession, endpoint_id: UUID, **values: Any) -> None:
    """What was found out while delivering; no change of its settings, so no new version."""
    await session.execute(update(Endpoint).where(Endpoint.id == endpoint_id).values(**values))


async def next_due(
    session: AsyncSession, endpoint_id: UUID, *, now: datetime
) -> WebhookDelivery | None:
    """The oldest event whose turn it is."""
    statement = (
        select(WebhookDelivery)
        .where(
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.state == DeliveryState.QUEUED,
            WebhookDelivery.next_attempt_at <= now,
        )
        .order_by(WebhookDelivery.event_id)
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return await session.scalar(statement)


async def next_attempt_at(session: AsyncSession, endpoint_id: UUID) -> datetime | None:
    """When something is due for the endpoint, if anything is."""
    statement = select(func.min(WebhookDelivery.next_attempt_at)).where(
        WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.state == DeliveryState.QUEUED
    )
    return await session.scalar(statement)


async def endpoints_with_due(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """Endpoints something is due for, each with its company."""
    is_due = exists().where(
        WebhookDelivery.endpoint_id == Endpoint.id,
        WebhookDelivery.state == DeliveryState.QUEUED,
        WebhookDelivery.next_attempt_at <= now,
    )
    rows = await session.execute(
        select(Endpoint.id, Endpoint.company_id).where(is_due, *_is_free(now))
    )
    return [(row.id, row.company_id) for row in rows]


async def note_attempt(session: AsyncSession, delivery_id: UUID, **values: Any) -> None:
    statement = update(WebhookDelivery).where(WebhookDelivery.id == delivery_id)
    await session.execute(statement.values(attempts=WebhookDelivery.attempts + 1, **values))


async def fail_waiting(
    session: AsyncSession, endpoint_id: UUID, *, failure: dict[str, Any]
) -> None:
    """Give up what waits for an endpoint that was switched off; it can be replayed."""
    await session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.state == DeliveryState.QUEUED,
        )
        .values(state=DeliveryState.FAILED, failure=failure)
    )


async def list_deliveries(
    session: AsyncSession,
    actor: Actor,
    endpoint_id: UUID,
    request: PageRequest,
    *,
    state: str | None,
) -> tuple[list[WebhookDelivery], str | None]:
    """One page of what an endpoint got, newest first."""
    statement = select(WebhookDelivery).where(
        WebhookDelivery.company_id == actor.company_id, WebhookDelivery.endpoint_id == endpoint_id
    )
    if state:
        statement = statement.where(WebhookDelivery.state == state)
    if request.q:
        words = request.q.strip()
        statement = statement.where(WebhookDelivery.event_name.icontains(words, autoescape=True))
    return await fetch_page(session, statement, key=(WebhookDelivery.id,), request=request)


async def get_delivery(
    session: AsyncSession, actor: Actor, endpoint_id: UUID, delivery_id: UUID
) -> WebhookDelivery:
    """A delivery of the company's endpoint, locked. Raises `NotFound`."""
    statement = select(WebhookDelivery).where(
        WebhookDelivery.company_id == actor.company_id,
        WebhookDelivery.endpoint_id == endpoint_id,
        WebhookDelivery.id == delivery_id,
    )
    found = await session.scalar(statement.with_for_update())
    if found is None:
        raise NotFound("There is no such delivery.")
    return found


async def forget_old(session: AsyncSession, *, before: datetime) -> None:
    await session.execute(
        delete(WebhookDelivery).where(
            WebhookDelivery.created_at < before, WebhookDelivery.state != DeliveryState.QUEUED
        )
    )
