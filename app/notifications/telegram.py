"""Telegram's Bot API, the four calls a notifier needs (https://core.telegram.org/bots/api).

The token is part of every address, so no address and no library's error text is ever logged or kept.
"""

from dataclasses import dataclass
from typing import Any, Final

import httpx

from app.core.config import get_settings
from app.core.outbound import tls_context
from app.notifications.outcomes import ChatMoved, TargetAway, TargetRefused

TIMEOUT_SECONDS: Final = 10.0
CONNECT_SECONDS: Final = 5.0
LONGEST_MESSAGE: Final = 4000  # the API takes 4096 characters
MOST_UPDATES: Final = 100


@dataclass(frozen=True, slots=True)
class Said:
    """Something a chat said to the bot."""

    update_id: int
    chat_id: str
    chat_name: str
    text: str


async def bot_name(token: str) -> str:
    """The bot's user name. Raises `TargetRefused` for a token that is none."""
    me = await _call(token, "getMe")
    return str(me["username"])


async def send_message(token: str, chat_id: str, text: str) -> str:
    """The id Telegram gave the message. Raises `TargetAway`, `TargetRefused`, `ChatMoved`."""
    message = await _call(
        token,
        "sendMessage",
        chat_id=chat_id,
        text=text[:LONGEST_MESSAGE],
        link_preview_options={"is_disabled": True},
    )
    return str(message["message_id"])


async def latest_said(token: str) -> list[Said]:
    """What chats said to the bot lately; nothing is marked as seen, others may wait for their codes."""
    updates = await _call(token, "getUpdates", limit=MOST_UPDATES, offset=-MOST_UPDATES, timeout=0)
    found = [_said(update) for update in updates]
    return [each for each in found if each is not None]


def _said(update: dict[str, Any]) -> Said | None:
    message = update.get("message") or update.get("channel_post") or {}
    chat, text = message.get("chat") or {}, message.get("text")
    if not chat.get("id") or not text:
        return None
    name = chat.get("title") or chat.get("username") or chat.get("first_name") or ""
    return Said(int(update["update_id"]), str(chat["id"]), str(name)[:100], str(text)[:200])


async def _call(token: str, method: str, **parameters: Any) -> Any:
    base = get_settings().notifications.telegram_api_url.rstrip("/")
    limits = httpx.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS)
    try:
        async with httpx.AsyncClient(
            timeout=limits, trust_env=True, verify=tls_context()
        ) as client:
            answer = await client.post(f"{base}/bot{token}/{method}", json=parameters)
            body = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise TargetAway(f"Telegram could not be asked: {type(error).__name__}.") from None
    if isinstance(body, dict) and body.get("ok") is True:
        return body["result"]
    raise _judged(answer.status_code, body if isinstance(body, dict) else {})


def _judged(status: int, body: dict[str, Any]) -> Exception:
    """What an answer that is not ok means: https://core.telegram.org/bots/api#making-requests."""
    parameters = body.get("parameters") or {}
    told = " ".join(str(body.get("description", "")).split())[:200]
    if new_chat := parameters.get("migrate_to_chat_id"):
        return ChatMoved(str(new_chat))
    if status == 429:
        wait = float(parameters.get("retry_after", 30))
        return TargetAway("Telegram asks for a pause.", after_seconds=wait)
    if status >= 500 or status == 409:
        return TargetAway(f"Telegram answered {status}: {told}")
    if status in (401, 404):
        return TargetRefused("telegram_token", "Telegram does not know this bot token.")
    if status == 403:
        return TargetRefused("telegram_blocked", f"The chat does not let the bot write: {told}")
    return TargetRefused("telegram_refused", f"Telegram refused the message: {told}")
