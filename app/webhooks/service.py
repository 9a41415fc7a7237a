"""Endpoints of a company: making, changing, trying and replaying them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies.roles import MANAGE_COMPANY
from app.core import crypto
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.database import after_commit, session_scope
from app.core.errors import Conflict, Invalid
from app.core.etags import ANY_VERSION, Seen
from app.core.ids import uuid7
from app.core.outbound import AddressRefused, require_web_address
from app.webhooks import following, queries, signing
from app.webhooks.delivering import Attempt, send
from app.webhooks.dispatching import enqueue_delivery, queue
from app.webhooks.messages import message_id, ping_body
from app.webhooks.models import DeliveryState, Endpoint, WebhookDelivery

MOST_ENDPOINTS: Final = 20
MOST_REPLAYED: Final = 1000
LONGEST_OVERLAP: Final = timedelta(days=7)


class TooManyWebhooks(Conflict):
    code = "too_many_webhooks"
    title = "A company has a limited number of webhooks"


class WebhookOff(Conflict):
    code = "webhook_off"
    title = "This webhook is switched off"


@dataclass(frozen=True, slots=True)
class WithSecret:
    """An endpoint and its secret, which is shown this once."""

    endpoint: Endpoint
    secret: str


def _purpose(company_id: UUID) -> str:
    return f"webhook secret:{company_id}"


def _require_address(url: str) -> None:
    try:
        require_web_address(url)
    except AddressRefused as error:
        raise AddressRefused(error.detail, pointer="#/url") from None


async def create_endpoint(
    session: AsyncSession, actor: Actor, *, url: str, description: str, patterns: list[str]
) -> WithSecret:
    """The new endpoint. Raises `AddressRefused`, `TooManyWebhooks`."""
    actor.require(MANAGE_COMPANY)
    assert actor.company_id is not None
    _require_address(url)
    if await queries.count_endpoints(session, actor) >= MOST_ENDPOINTS:
        raise TooManyWebhooks(f"A company has at most {MOST_ENDPOINTS} webhooks. Remove one.")
    secret = signing.new_secret()
    endpoint = Endpoint(
        id=uuid7(),
        company_id=actor.company_id,
        url=url,
        description=description,
        events=patterns,
        secret_encrypted=crypto.encrypt(secret, purpose=_purpose(actor.company_id)),
    )
    session.add(endpoint)
    await session.flush()
    after_commit(session, following.forget)
    events.record(
        session,
        "webhook.created",
        actor=actor,
        subject_id=endpoint.id,
        data={"url": url, "events": patterns},
    )
    return WithSecret(endpoint, secret)


async def update_endpoint(
    session: AsyncSession,
    actor: Actor,
    endpoint_id: UUID,
    *,
    changes: dict[str, Any],
    seen: Seen = ANY_VERSION,
) -> Endpoint:
    """The endpoint with the changes applied; switched on again, it starts with a clean slate."""
    actor.require(MANAGE_COMPANY)
    endpoint = await queries.get_endpoint(session, actor, endpoint_id, for_update=True)
    seen.require(endpoint)
    if "url" in changes:
        _require_address(changes["url"])
    told = events.changes_of(endpoint, changes)
    for field, value in changes.items():
        setattr(endpoint, field, value)
    if told:
        endpoint.version += 1
        endpoint.updated_at = utcnow()
        _start_afresh(endpoint)
    await session.flush()
    after_commit(session, following.forget)
    if told:
        events.record(
            session,
            "webhook.updated",
            actor=actor,
            subject_id=endpoint.id,
            data={"url": endpoint.url},
            changes=told,
        )
    if endpoint.enabled:
        await enqueue_delivery(session, endpoint)
    return endpoint


def _start_afresh(endpoint: Endpoint) -> None:
    endpoint.failures, endpoint.failing_since, endpoint.retry_at = 0, None, None
    endpoint.disabled_reason = None if endpoint.enabled else "by_hand"


async def remove_endpoint(
    session: AsyncSession, actor: Actor, endpoint_id: UUID, *, seen: Seen = ANY_VERSION
) -> None:
    """Forget the endpoint and what it got."""
    actor.require(MANAGE_COMPANY)
    endpoint = await queries.get_endpoint(session, actor, endpoint_id, for_update=True)
    seen.require(endpoint)
    await session.delete(endpoint)
    await session.flush()
    events.record(
        session, "webhook.removed", actor=actor, subject_id=endpoint_id, data={"url": endpoint.url}
    )


async def rotate_secret(
    session: AsyncSession, actor: Actor, endpoint_id: UUID, *, overlap: timedelta, now: datetime
) -> WithSecret:
    """A new secret; for the overlap the old one signs too, so that receivers can be changed in peace."""
    actor.require(MANAGE_COMPANY)
    endpoint = await queries.get_endpoint(session, actor, endpoint_id, for_update=True)
    secret = signing.new_secret()
    endpoint.old_secret_encrypted = endpoint.secret_encrypted if overlap else None
    endpoint.old_secret_until = now + min(overlap, LONGEST_OVERLAP) if overlap else None
    endpoint.secret_encrypted = crypto.encrypt(secret, purpose=_purpose(endpoint.company_id))
    endpoint.version += 1
    endpoint.updated_at = now
    await session.flush()
    events.record(
        session,
        "webhook.rotated",
        actor=actor,
        subject_id=endpoint.id,
        data={"url": endpoint.url, "overlap_hours": overlap.total_seconds() / 3600},
    )
    return WithSecret(endpoint, secret)


async def ping(actor: Actor, endpoint_id: UUID) -> Attempt:
    """What the endpoint made of a signed ping, sent now; it is in no log, since nothing happened."""
    actor.require(MANAGE_COMPANY)
    assert actor.company_id is not None
    async with session_scope(company_id=actor.company_id) as session:
        endpoint = await queries.get_endpoint(session, actor, endpoint_id)
    body = ping_body(actor.company_id, utcnow())
    return await send(endpoint, body, message=message_id(uuid7()))


async def replay_delivery(
    session: AsyncSession, actor: Actor, endpoint_id: UUID, delivery_id: UUID, *, now: datetime
) -> WebhookDelivery:
    """The event once more, under the same id. Raises `WebhookOff`."""
    actor.require(MANAGE_COMPANY)
    endpoint = await _that_is_on(session, actor, endpoint_id)
    delivery = await queries.get_delivery(session, actor, endpoint_id, delivery_id)
    event = await queries.find_event(session, endpoint.company_id, delivery.event_id)
    if event is None:
        raise Conflict("The event is no longer kept.")
    delivery.state, delivery.failure = DeliveryState.QUEUED, None
    delivery.next_attempt_at, delivery.delivered_at = now, None
    delivery.give_up_at = now + timedelta(hours=24)
    await session.flush()
    await enqueue_delivery(session, endpoint)
    _record_replay(session, actor, endpoint, 1)
    return delivery


async def replay_range(
    session: AsyncSession, actor: Actor, endpoint_id: UUID, *, since: datetime, until: datetime
) -> int:
    """How many events of that time now wait for the endpoint again, also those it never got.

    Raises `WebhookOff`, and `Invalid` for a time that holds more than fits.
    """
    actor.require(MANAGE_COMPANY)
    endpoint = await _that_is_on(session, actor, endpoint_id)
    found = await queries.events_between(
        session, actor, since=since, until=until, limit=MOST_REPLAYED + 1
    )
    if len(found) > MOST_REPLAYED:
        raise Invalid(
            f"More than {MOST_REPLAYED} events happened in that time. Choose a shorter one.",
            pointer="#/until",
        )
    queued = await queue(session, endpoint, found, now=utcnow(), again=True)
    if queued:
        await enqueue_delivery(session, endpoint)
        _record_replay(session, actor, endpoint, queued)
    return queued


async def _that_is_on(session: AsyncSession, actor: Actor, endpoint_id: UUID) -> Endpoint:
    endpoint = await queries.get_endpoint(session, actor, endpoint_id, for_update=True)
    if not endpoint.enabled:
        raise WebhookOff("Switch it on first.")
    endpoint.retry_at = None
    return endpoint


def _record_replay(session: AsyncSession, actor: Actor, endpoint: Endpoint, count: int) -> None:
    events.record(
        session,
        "webhook.replayed",
        actor=actor,
        subject_id=endpoint.id,
        data={"url": endpoint.url, "deliveries": count},
    )
