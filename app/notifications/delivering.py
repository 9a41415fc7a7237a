"""One message to one chat, by the channel's own way."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core import crypto
from app.core.config import get_settings
from app.notifications import messengers, telegram
from app.notifications.models import Channel, ChannelKind
from app.notifications.outcomes import ChatMoved, TargetRefused
from app.notifications.words import Words


@dataclass(frozen=True, slots=True)
class Sent:
    """What the provider called the message, and the chat's new id where it moved."""

    provider_id: str | None = None
    new_chat_id: str | None = None


def sealed(settings: dict[str, Any], *, company_id: UUID) -> str:
    """The channel's settings as they are kept."""
    return crypto.encrypt(json.dumps(settings), purpose=_purpose(company_id))


def opened(channel: Channel) -> dict[str, Any]:
    """The channel's settings again. Raises `TargetRefused` when no key opens them any more."""
    try:
        text = crypto.decrypt(channel.settings_encrypted, purpose=_purpose(channel.company_id))
    except crypto.NotReadable:
        raise TargetRefused(
            "settings_unreadable", "The channel's settings can not be read. Enter them again."
        ) from None
    settings: dict[str, Any] = json.loads(text)
    return settings


def _purpose(company_id: UUID) -> str:
    return f"notification channel:{company_id}"


def bot_token(settings: dict[str, Any]) -> str:
    """The company's own bot, else the operator's. Raises `TargetRefused` when there is neither."""
    own = settings.get("bot_token")
    if own:
        return str(own)
    operators = get_settings().notifications.telegram_bot_token
    if operators is None:
        raise TargetRefused(
            "telegram_not_configured",
            "This installation has no Telegram bot of its own. Enter the token of yours.",
        )
    return operators.get_secret_value()


async def say(channel: Channel, words: Words, *, link: str) -> Sent:
    """Back when the messenger took it. Raises `TargetAway`, `TargetRefused`."""
    settings = opened(channel)
    if channel.kind == ChannelKind.TELEGRAM:
        return await _say_in_telegram(settings, f"{words.title}\n\n{words.text}\n\n{link}".strip())
    body = f"{words.text}\n\n{link}".strip()
    await messengers.send(str(settings["url"]), title=words.title, text=body)
    return Sent()


async def _say_in_telegram(settings: dict[str, Any], text: str) -> Sent:
    token, chat_id = bot_token(settings), str(settings.get("chat_id") or "")
    if not chat_id:
        raise TargetRefused("telegram_not_linked", "No chat is connected yet.")
    try:
        return Sent(await telegram.send_message(token, chat_id, text))
    except ChatMoved as moved:
        message_id = await telegram.send_message(token, moved.chat_id, text)
        return Sent(message_id, new_chat_id=moved.chat_id)
