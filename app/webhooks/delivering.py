"""Speaking to one endpoint: its events in order, one at a time, until there are none or it fails.

An endpoint that is down holds back only itself: nothing is sent while it rests, and then one event tells
whether it is back. A refusal of one event (a 4xx answer) is that event's affair; the others go on.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app import events, notifications
from app.core import crypto
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.outbound import AddressRefused, Answer, NoAnswer, post
from app.webhooks import queries, signing
from app.webhooks.messages import body_of, message_id
from app.webhooks.models import DeliveryState, Endpoint, WebhookDelivery

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(seconds=60)
# So long one job stays with an endpoint; what is left is the next job's.
STAYS_SECONDS: Final = 20.0
EXCERPT_BYTES: Final = 300
FIRST_PAUSE_SECONDS: Final = 5.0
LONGEST_PAUSE_SECONDS: Final = 3600.0
# Answers that are about the endpoint, not about this event.
_DOWN: Final = frozenset({408, 425, 429})
GONE: Final = 410
_jitter = Random()  # noqa: S311  (spreads retries, guards nothing)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one request."""

    status: int | None
    excerpt: str | None
    failure: dict[str, Any] | None
    is_down: bool
    asked_pause_seconds: float | None
    duration_ms: int

    @property
    def is_delivered(self) -> bool:
        return self.failure is None


def pause_seconds(failures: int, asked: float | None = None) -> float:
    """5 s after the first failure, three times as long after each further one, an hour at most; what the
    endpoint asks for counts too. A fifth more or less, so that many do not come back at once."""
    pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 3.0 ** min(failures - 1, 20))
    pause = max(pause, min(asked or 0.0, LONGEST_PAUSE_SECONDS))
    return pause * _jitter.uniform(0.8, 1.2)


def secrets_of(endpoint: Endpoint, *, now: datetime) -> list[str]:
    """The secret, and the one before while receivers are being changed over."""
    purpose = f"webhook secret:{endpoint.company_id}"
    known = [crypto.decrypt(endpoint.secret_encrypted, purpose=purpose)]
    if (
        endpoint.old_secret_encrypted
        and endpoint.old_secret_until
        and endpoint.old_secret_until > now
    ):
        known.append(crypto.decrypt(endpoint.old_secret_encrypted, purpose=purpose))
    return known


async def send(endpoint: Endpoint, body: bytes, *, message: str) -> Attempt:
    """One signed request. Never raises for what the other side does."""
    now = utcnow()
    started = time.monotonic()
    try:
        headers = signing.headers(
            secrets_of(endpoint, now=now),
            message_id=message,
            timestamp=int(now.timestamp()),
            body=body,
        )
        answer = await post(
            endpoint.url,
            body,
            headers=headers,
            timeout_seconds=get_settings().webhooks.timeout_seconds,
            excerpt_bytes=EXCERPT_BYTES,
        )
    except (AddressRefused, NoAnswer) as error:
        failure = {"code": error.code, "detail": error.detail}
        return Attempt(
            None, None, failure, is_down=True, asked_pause_seconds=None, duration_ms=_ms(started)
        )
    except crypto.NotReadable:
        failure = {"code": "secret_unreadable", "detail": "The secret can not be read. Rotate it."}
        return Attempt(
            None, None, failure, is_down=True, asked_pause_seconds=None, duration_ms=_ms(started)
        )
    return _judged(answer, _ms(started))


def _ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _judged(answer: Answer, duration_ms: int) -> Attempt:
    is_down = answer.status >= 500 or answer.status < 200 or 300 <= answer.status < 400
    is_down = is_down or answer.status in _DOWN
    failure = None
    if not 200 <= answer.status < 300:
        failure = {"code": "bad_answer", "detail": f"It answered {answer.status}."}
    return Attempt(
        answer.status,
        answer.excerpt or None,
        failure,
        is_down=is_down,
        asked_pause_seconds=answer.retry_after_seconds,
        duration_ms=duration_ms,
    )


async def deliver_waiting(company_id: UUID, endpoint_id: UUID) -> datetime | None:
    """Send what is due. When something is due again, if anything is; None while another is at it."""
    async with session_scope(company_id=company_id) as session:
        now = utcnow()
        endpoint = await queries.lease_endpoint(session, endpoint_id, now=now, until=now + LEASE)
    if endpoint is None:
        return None
    until = time.monotonic() + STAYS_SECONDS
    goes_on = True
    while goes_on and time.monotonic() < until:
        goes_on = await _deliver_next(endpoint)
    async with session_scope(company_id=company_id) as session:
        await queries.note_endpoint(session, endpoint_id, lease_until=None)
        due = await queries.next_attempt_at(session, endpoint_id)
        now_at = (await session.get_one(Endpoint, endpoint_id, populate_existing=True)).retry_at
    return max(due, now_at) if due and now_at else due


async def _deliver_next(endpoint: Endpoint) -> bool:
    """Whether the next event may follow: this one was settled, and the endpoint is up."""
    async with session_scope(company_id=endpoint.company_id) as session:
        delivery = await queries.next_due(session, endpoint.id, now=utcnow())
        if delivery is None:
            return False
        event = await queries.find_event(session, endpoint.company_id, delivery.event_id)
    if event is None:
        attempt = Attempt(
            None,
            None,
            {"code": "event_gone", "detail": "The event is no longer kept."},
            is_down=False,
            asked_pause_seconds=None,
            duration_ms=0,
        )
    else:
        attempt = await send(endpoint, body_of(event), message=message_id(event.id))
    async with session_scope(company_id=endpoint.company_id) as session:
        return await _record(session, endpoint.id, delivery, attempt, now=utcnow())


async def _record(
    session: AsyncSession,
    endpoint_id: UUID,
    delivery: WebhookDelivery,
    attempt: Attempt,
    *,
    now: datetime,
) -> bool:
    """Write down what came of it; whether the next event may follow."""
    endpoint = await session.get(
        Endpoint, endpoint_id, with_for_update=True, populate_existing=True
    )
    if endpoint is None:
        return False
    seen: dict[str, Any] = {
        "attempted_at": now,
        "response_status": attempt.status,
        "response_excerpt": attempt.excerpt,
        "duration_ms": attempt.duration_ms,
        "failure": attempt.failure,
    }
    if attempt.is_delivered:
        endpoint.failures, endpoint.failing_since, endpoint.retry_at = 0, None, None
        seen |= {"state": DeliveryState.DELIVERED, "delivered_at": now}
    else:
        seen |= _put_off(endpoint, delivery, attempt, now=now)
    endpoint.lease_until = now + LEASE
    await queries.note_attempt(session, delivery.id, **seen)
    if not attempt.is_delivered:
        await _disable_if_hopeless(session, endpoint, attempt, now=now)
    return endpoint.enabled and not attempt.is_down


def _put_off(
    endpoint: Endpoint, delivery: WebhookDelivery, attempt: Attempt, *, now: datetime
) -> dict[str, Any]:
    """When it is tried again; `failed` when its time is over."""
    endpoint.failing_since = endpoint.failing_since or now
    if attempt.is_down:
        endpoint.failures += 1
        pause = pause_seconds(endpoint.failures, attempt.asked_pause_seconds)
        endpoint.retry_at = now + timedelta(seconds=pause)
    else:
        pause = pause_seconds(delivery.attempts + 1)
    again = now + timedelta(seconds=pause)
    if again >= delivery.give_up_at or attempt.status == GONE:
        return {"state": DeliveryState.FAILED}
    return {"next_attempt_at": again}


async def _disable_if_hopeless(
    session: AsyncSession, endpoint: Endpoint, attempt: Attempt, *, now: datetime
) -> None:
    """Switch an endpoint off that says it is gone, or that failed for days, and tell the owners."""
    limit = timedelta(hours=get_settings().webhooks.disable_after_hours)
    is_old = endpoint.failing_since is not None and now - endpoint.failing_since >= limit
    if not is_old and attempt.status != GONE:
        return
    endpoint.enabled, endpoint.retry_at = False, None
    endpoint.disabled_reason = "gone" if attempt.status == GONE else "failing"
    endpoint.version += 1
    failure = {"code": "endpoint_disabled", "detail": "The webhook was switched off."}
    await queries.fail_waiting(session, endpoint.id, failure=failure)
    events.record(
        session,
        "webhook.disabled",
        company_id=endpoint.company_id,
        subject_id=endpoint.id,
        data={"url": endpoint.url, "reason": endpoint.disabled_reason},
    )
    await notifications.notify(
        session,
        "webhook.disabled",
        company_id=endpoint.company_id,
        subject_id=endpoint.id,
        data={"url": endpoint.url},
        once_key=f"webhook.disabled:{endpoint.id}:{endpoint.version}",
    )
    log.warning("webhook.disabled", endpoint_id=str(endpoint.id), reason=endpoint.disabled_reason)
