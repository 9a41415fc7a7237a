"""Background work: spreading notices, messages to chats, digests, forgetting."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.notices import SPREAD_TASK
from app.notifications import delivery_queries as deliveries
from app.notifications import digests, queries
from app.notifications.delivering import Sent, opened, say, sealed
from app.notifications.models import Channel, Delivery, DeliveryState
from app.notifications.outcomes import TargetAway, TargetRefused
from app.notifications.spreading import DELIVER_TASK, company_of, link_of, spread
from app.notifications.words import words_of, zone_of
from app.tasks.runtime import Failure, Permanent, Retryable, TaskContext, periodic, task

# After 15 s, 45 s, 2, 7, 20 minutes and then every hour, like mail.
MAX_ATTEMPTS: Final = 12
FIRST_PAUSE_SECONDS: Final = 15.0
LONGEST_PAUSE_SECONDS: Final = 3600.0
# A target that did not answer is left alone for so long, whatever else is waiting for it.
REST: Final = timedelta(seconds=15)
NOTIFICATIONS_KEPT_FOR: Final = timedelta(days=90)
NOTICES_KEPT_FOR: Final = timedelta(days=400)
DELIVERIES_KEPT_FOR: Final = timedelta(days=30)


@task(SPREAD_TASK, max_attempts=10, time_limit=120)
async def spread_notice(context: TaskContext, *, notice_id: UUID) -> None:
    """Everything a notice becomes commits together with the job's success."""
    async with context.session(completes=True) as session:
        notice = await queries.find_notice(session, notice_id)
        if notice is not None:
            await spread(session, notice)


async def mark_failed(session: AsyncSession, failure: Failure, *, delivery_id: UUID) -> None:
    """Runs with the transaction that gives the job up."""
    await deliveries.finish(session, delivery_id, DeliveryState.FAILED, failure=failure.as_json())


async def take_back(session: AsyncSession, *, delivery_id: UUID) -> None:
    """A person begins it again: it is on its way as if for the first time."""
    await deliveries.requeue(session, delivery_id)


@task(
    DELIVER_TASK,
    max_attempts=MAX_ATTEMPTS,
    time_limit=60,
    on_failed=mark_failed,
    on_retry=take_back,
)
async def deliver(context: TaskContext, *, delivery_id: UUID) -> None:
    """Say it in the chat once. A crash between the messenger's answer and ours says it again: no messenger
    takes a key, and a warning that is lost costs more than one that is read twice (ADR 0048)."""
    async with context.session() as session:
        found = await deliveries.find_with_channel(session, delivery_id)
        if found is None or found[0].state != DeliveryState.QUEUED:
            context.log.info("delivery.not_wanted", delivery_id=str(delivery_id))
            return
        delivery, channel = found
        if channel is None or not channel.enabled:
            raise Permanent("channel_gone", "The channel was removed or switched off.")
        _require_rested(context, channel)
        notice = await queries.find_notice(session, delivery.notice_id or delivery_id)
        company = await company_of(session, channel.company_id)
        link = link_of(notice, company) if notice else ""
        words = words_of(
            delivery.kind,
            notice.data if notice else {},
            language=channel.language,
            zone=zone_of(None, company),
        )
    try:
        sent = await say(channel, words, link=link)
    except (TargetAway, TargetRefused) as error:
        raise await _noted(context, delivery, channel, error) from None
    await _record(context, delivery, channel, sent)


def _require_rested(context: TaskContext, channel: Channel) -> None:
    """A rest is waited for as a failure is, with a pause that grows: a long queue for a target that is away
    would else use up its attempts on rests of seconds."""
    now = utcnow()
    if channel.resting_until is not None and channel.resting_until > now:
        wait = (channel.resting_until - now).total_seconds() + 1
        raise Retryable(
            "The messenger did not answer a moment ago.",
            code="target_away",
            after_seconds=max(wait, _pause_seconds(context)),
        )


def _pause_seconds(context: TaskContext) -> float:
    return min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 3.0 ** (context.attempt - 1))


async def _noted(
    context: TaskContext, delivery: Delivery, channel: Channel, error: TargetAway | TargetRefused
) -> Retryable | Permanent:
    """What the task ends with, after the attempt is in the log and the target is left alone for a while."""
    code = error.code if isinstance(error, TargetRefused) else "target_away"
    failure = {"code": code, "detail": error.detail}
    pause = _pause_seconds(context)
    rest: timedelta | None = None
    if isinstance(error, TargetAway):
        pause = max(pause, error.after_seconds or 0)
        rest = timedelta(seconds=error.after_seconds) if error.after_seconds else REST
    async with context.session() as session:
        await deliveries.note_attempt(session, delivery.id, failure=failure)
        resting_until = utcnow() + rest if rest else None
        await deliveries.note_channel(
            session, channel.id, failure=failure, resting_until=resting_until
        )
    context.log.warning("delivery.not_taken", delivery_id=str(delivery.id), code=code)
    if isinstance(error, TargetRefused):
        return Permanent(code, error.detail)
    return Retryable(error.detail, code=code, after_seconds=pause)


async def _record(context: TaskContext, delivery: Delivery, channel: Channel, sent: Sent) -> None:
    values: dict[str, Any] = {"failure": None, "resting_until": None, "last_sent_at": utcnow()}
    if sent.new_chat_id is not None:
        settings = opened(channel) | {"chat_id": sent.new_chat_id}
        values["settings_encrypted"] = sealed(settings, company_id=channel.company_id)
    async with context.session(completes=True) as session:
        await deliveries.note_attempt(session, delivery.id, failure=None)
        await deliveries.finish(
            session, delivery.id, DeliveryState.SENT, provider_id=sent.provider_id
        )
        await deliveries.note_channel(session, channel.id, **values)
    context.log.info("delivery.sent", delivery_id=str(delivery.id), channel=channel.kind)


@periodic("notifications.send_digests", time_limit=600)
async def send_digests() -> None:
    """Mail what was put aside to those whose hour has come."""
    await digests.send_due(now=utcnow())


@periodic("notifications.sweep_notifications", time_limit=300)
async def sweep_notifications() -> None:
    """Forget what is old."""
    now = utcnow()
    async with session_scope() as session:
        await deliveries.forget_old(session, before=now - DELIVERIES_KEPT_FOR)
        await queries.forget_old(
            session,
            notifications_before=now - NOTIFICATIONS_KEPT_FOR,
            notices_before=now - NOTICES_KEPT_FOR,
        )
