"""A stand-in for Telegram's Bot API, from its documentation (https://core.telegram.org/bots/api).

`getMe`, `sendMessage`, `getUpdates`; answers `{"ok": true, "result": ...}` or `{"ok": false, "error_code",
"description", "parameters"}` with the same HTTP status, as "Making requests" tells. It knows one bot.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.http_sink import HttpSink, Received, Reply, http_sink

TOKEN = "123456789:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0"
CHAT = "-1001234567890"


@dataclass
class TelegramStandIn:
    """`messages` are those that chats show; the other fields are what it does from now on."""

    sink: HttpSink
    messages: list[dict[str, Any]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    busy: list[int] = field(default_factory=list)  # `retry_after` of the next answers, 429 each
    blocked: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.sink.url("")

    def say(self, text: str, *, chat_id: int = int(CHAT), title: str = "Workshop") -> None:
        """Somebody writes in a chat the bot is in."""
        number = len(self.updates) + 1
        chat = {"id": chat_id, "type": "supergroup", "title": title}
        self.updates.append({"update_id": number, "message": {"chat": chat, "text": text}})

    def answer(self, request: Received) -> Reply:
        token, _, method = request.path.removeprefix("/bot").partition("/")
        if token != TOKEN:
            return _refused(401, "Unauthorized")
        if method == "getMe":
            return _ok({"id": 123456789, "is_bot": True, "username": "arv_test_bot"})
        if method == "getUpdates":
            return _ok(self.updates[-100:])
        if method == "sendMessage":
            return self._send(json.loads(request.body))
        return _refused(404, "Not Found")

    def _send(self, asked: dict[str, Any]) -> Reply:
        if self.busy:
            wait = self.busy.pop(0)
            told = f"Too Many Requests: retry after {wait}"
            return _refused(429, told, {"retry_after": wait})
        chat_id = str(asked.get("chat_id", ""))
        if chat_id in self.moved:
            told = "Bad Request: group chat was upgraded to a supergroup chat"
            return _refused(400, told, {"migrate_to_chat_id": int(self.moved[chat_id])})
        if chat_id in self.blocked:
            return _refused(403, "Forbidden: bot was kicked from the supergroup chat")
        if (wrong := _wrong(chat_id, asked.get("text", ""))) is not None:
            return _refused(400, f"Bad Request: {wrong}")
        self.messages.append(asked)
        return _ok({"message_id": len(self.messages), "chat": {"id": int(chat_id)}})


def _wrong(chat_id: str, text: str) -> str | None:
    if not chat_id.lstrip("-").isdigit():
        return "chat not found"
    if not text:
        return "message text is empty"
    return "message is too long" if len(text) > 4096 else None


def _ok(result: Any) -> Reply:
    return _json(200, {"ok": True, "result": result})


def _refused(status: int, description: str, parameters: dict[str, Any] | None = None) -> Reply:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return _json(status, body | ({"parameters": parameters} if parameters else {}))


def _json(status: int, body: dict[str, Any]) -> Reply:
    return Reply(status, json.dumps(body).encode(), (("content-type", "application/json"),))


@asynccontextmanager
async def telegram_stand_in() -> AsyncIterator[TelegramStandIn]:
    """The API while the block runs."""
    async with http_sink() as sink:
        stand_in = TelegramStandIn(sink)
        sink.answering = stand_in.answer
        yield stand_in
