"""A company's channels: making them, linking a Telegram chat, trying them, and the log of what was sent."""

import secrets
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies.roles import MANAGE_COMPANY
from app.core import jobs
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.errors import Conflict, Invalid
from app.core.etags import ANY_VERSION, Seen
from app.core.ids import uuid7
from app.notifications import delivery_queries as queries
from app.notifications import messengers, telegram
from app.notifications.delivering import Sent, bot_token, opened, say, sealed
from app.notifications.kinds import KINDS
from app.notifications.models import Channel, ChannelKind, Delivery, DeliveryState
from app.notifications.outcomes import TargetAway, TargetRefused
from app.notifications.spreading import DELIVER_TASK, mail_again
from app.notifications.words import words_of

MOST_CHANNELS: Final = 20
LINK_LIFETIME: Final = timedelta(minutes=30)
KINDS_FOR_CHANNELS: Final = tuple(name for name, spec in KINDS.items() if spec.roles)
UNLESS_CHOSEN: Final = [name for name in KINDS_FOR_CHANNELS if KINDS[name].mails_by_itself]


class ChannelFailed(Invalid):
    code = "channel_failed"
    title = "The messenger did not take it"


class TooManyChannels(Conflict):
    code = "too_many_channels"
    title = "A company has a limited number of channels"


class NotLinkedYet(Conflict):
    code = "not_linked_yet"
    title = "The code has not arrived yet"


async def create_channel(
    actor: Actor,
    *,
    kind: str,
    name: str,
    language: str,
    kinds: list[str],
    settings: dict[str, Any],
) -> Channel:
    """The new channel; a Telegram bot is asked for its name before. Raises `Invalid`, `ChannelFailed`."""
    actor.require(MANAGE_COMPANY)
    assert actor.company_id is not None
    label, link_token = await _described(kind, settings)
    async with session_scope(company_id=actor.company_id) as session:
        if await queries.count_channels(session, actor) >= MOST_CHANNELS:
            raise TooManyChannels(f"A company has at most {MOST_CHANNELS} channels. Remove one.")
        channel = Channel(
            id=uuid7(),
            company_id=actor.company_id,
            kind=kind,
            name=name,
            label=label,
            language=language,
            kinds=kinds or UNLESS_CHOSEN,
            settings_encrypted=sealed(settings, company_id=actor.company_id),
            link_token=link_token,
            link_expires_at=utcnow() + LINK_LIFETIME if link_token else None,
        )
        session.add(channel)
        await session.flush()
        events.record(
            session,
            "notification_channel.created",
            actor=actor,
            subject_id=channel.id,
            data={"name": name, "kind": kind, "label": label},
        )
    return channel


async def _described(kind: str, settings: dict[str, Any]) -> tuple[str, str | None]:
    """What may be seen of the channel, and the code that links its chat, if one has to be linked."""
    if kind == ChannelKind.MESSENGER:
        try:
            return messengers.label_of(str(settings["url"])), None
        except messengers.NotAllowed as error:
            raise Invalid(str(error), pointer="#/url") from None
    try:
        settings["bot_name"] = await telegram.bot_name(bot_token(settings))
    except (TargetAway, TargetRefused) as error:
        raise ChannelFailed(error.detail, pointer="#/bot_token") from None
    chat_id = settings.get("chat_id")
    if chat_id:
        return f"Telegram, {chat_id}", None
    return f"Telegram, @{settings['bot_name']}", secrets.token_urlsafe(12)


async def update_channel(
    session: AsyncSession,
    actor: Actor,
    channel_id: UUID,
    *,
    changes: dict[str, Any],
    seen: Seen = ANY_VERSION,
) -> Channel:
    """The channel with the changes applied."""
    actor.require(MANAGE_COMPANY)
    channel = await queries.get_channel(session, actor, channel_id, for_update=True)
    seen.require(channel)
    told = events.changes_of(channel, changes)
    for field, value in changes.items():
        setattr(channel, field, value)
    if changes.get("enabled"):
        channel.failure = channel.resting_until = None
    await session.flush()
    if told:
        events.record(
            session,
            "notification_channel.updated",
            actor=actor,
            subject_id=channel.id,
            data={"name": channel.name},
            changes=told,
        )
    return channel


async def remove_channel(
    session: AsyncSession, actor: Actor, channel_id: UUID, *, seen: Seen = ANY_VERSION
) -> None:
    """Forget the channel; what is on its way to it is given up."""
    actor.require(MANAGE_COMPANY)
    channel = await queries.get_channel(session, actor, channel_id, for_update=True)
    seen.require(channel)
    await session.delete(channel)
    await session.flush()
    events.record(
        session,
        "notification_channel.removed",
        actor=actor,
        subject_id=channel_id,
        data={"name": channel.name, "label": channel.label},
    )


async def link_chat(actor: Actor, channel_id: UUID) -> Channel:
    """The channel with the chat that sent its code to the bot. Raises `NotLinkedYet`, `ChannelFailed`."""
    actor.require(MANAGE_COMPANY)
    async with session_scope(company_id=actor.company_id) as session:
        channel = await queries.get_channel(session, actor, channel_id)
    if channel.link_token is None:
        return channel
    if channel.link_expires_at is not None and channel.link_expires_at < utcnow():
        raise NotLinkedYet("The code has expired. Remove the channel and make a new one.")
    try:
        settings = opened(channel)
        said = await telegram.latest_said(bot_token(settings))
    except (TargetAway, TargetRefused) as error:
        raise ChannelFailed(error.detail) from None
    chat = next((each for each in said if channel.link_token in each.text.split()), None)
    if chat is None:
        raise NotLinkedYet("Send the code to the bot, in the chat that is to hear of things.")
    label = f"Telegram, {chat.chat_name or chat.chat_id}"
    return await _use_chat(actor, channel_id, settings | {"chat_id": chat.chat_id}, label)


async def _use_chat(
    actor: Actor, channel_id: UUID, settings: dict[str, Any], label: str
) -> Channel:
    assert actor.company_id is not None
    async with session_scope(company_id=actor.company_id) as session:
        channel = await queries.get_channel(session, actor, channel_id, for_update=True)
        channel.settings_encrypted = sealed(settings, company_id=actor.company_id)
        channel.label, channel.link_token, channel.link_expires_at = label[:200], None, None
        await session.flush()
        events.record(
            session,
            "notification_channel.linked",
            actor=actor,
            subject_id=channel.id,
            data={"name": channel.name, "label": channel.label},
        )
    return channel


async def try_channel(actor: Actor, channel_id: UUID) -> Delivery:
    """A test message, sent now and kept in the log. Raises `ChannelFailed` with what the messenger said."""
    actor.require(MANAGE_COMPANY)
    async with session_scope(company_id=actor.company_id) as session:
        channel = await queries.get_channel(session, actor, channel_id)
    words = words_of("test", {}, language=channel.language)
    sent, failure = Sent(), None
    try:
        sent = await say(channel, words, link="")
    except (TargetAway, TargetRefused) as error:
        failure = {"code": getattr(error, "code", "target_away"), "detail": error.detail}
    delivery = await _note_test(actor, channel, sent, failure)
    if failure is not None:
        raise ChannelFailed(str(failure["detail"]))
    return delivery


async def _note_test(
    actor: Actor, channel: Channel, sent: Sent, failure: dict[str, Any] | None
) -> Delivery:
    now = utcnow()
    async with session_scope(company_id=actor.company_id) as session:
        delivery = Delivery(
            id=uuid7(),
            company_id=channel.company_id,
            channel_id=channel.id,
            channel=channel.kind,
            kind="test",
            once_key=f"test:{uuid7()}",
            target=channel.label,
            state=DeliveryState.FAILED if failure else DeliveryState.SENT,
            attempts=1,
            failure=failure,
            provider_id=sent.provider_id,
            created_at=now,
            finished_at=now,
        )
        session.add(delivery)
        await session.flush()
        working = {"failure": None, "resting_until": None, "last_sent_at": now}
        await queries.note_channel(
            session, channel.id, **({"failure": failure} if failure else working)
        )
    return delivery


async def resend(session: AsyncSession, actor: Actor, delivery_id: UUID) -> Delivery:
    """The message once more, to the same target, because a person asked for it. Raises `Conflict`."""
    actor.require(MANAGE_COMPANY)
    delivery = await queries.get_delivery(session, actor, delivery_id)
    if delivery.channel == "email":
        await _resend_mail(session, delivery)
    else:
        await _resend_message(session, delivery)
    events.record(
        session,
        "notification.resent",
        actor=actor,
        subject_id=delivery.id,
        data={"kind": delivery.kind, "target": delivery.target},
    )
    return delivery


async def _resend_mail(session: AsyncSession, delivery: Delivery) -> None:
    found = await queries.mails_of(session, [delivery.mail_id] if delivery.mail_id else [])
    mails = [mail for mail, _ in found.values()]
    if any(mail.state != "failed" for mail in mails):
        raise Conflict("Only a mail that failed is sent again.")
    await mail_again(session, delivery)


async def _resend_message(session: AsyncSession, delivery: Delivery) -> None:
    if delivery.notice_id is None:
        raise Conflict("This was a test. Use the channel's test button.")
    if delivery.state == DeliveryState.QUEUED:
        raise Conflict("It is still on its way.")
    delivery.state, delivery.failure, delivery.finished_at = DeliveryState.QUEUED, None, None
    await session.flush()
    await jobs.enqueue(
        session, DELIVER_TASK, company_id=delivery.company_id, delivery_id=delivery.id
    )
