"""A process that was asked to stop serves on for a moment, and lets others know.

Stopping at once would cut off whoever connects in that instant. So for DRAIN_SECONDS after SIGTERM
readiness says no, every answer closes its connection, and what a proxy may give to another
(`X-Arv-May-Pass-On`, set by nginx/include/proxy.conf) is refused with 502: the proxy asks the next one and
leaves this one alone. Nothing that changes something is refused. Only then does the server stop listening and
end what it still serves.
"""

import asyncio
import signal
import threading
from types import FrameType
from typing import Any, Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)

MAY_PASS_ON: Final = "x-arv-may-pass-on"  # noqa: S105  (a header)
REPEATABLE: Final = frozenset({"GET", "HEAD"})

_stopping = threading.Event()


def is_draining() -> bool:
    """Whether this process was asked to stop."""
    return _stopping.is_set()


def drain_at_stop(seconds: float) -> None:
    """At SIGTERM drain for so long, then stop as before. 0: stop at once.

    Called while the server starts, after it has set its own handlers, which are called in turn.
    """
    _stopping.clear()
    if seconds <= 0 or threading.current_thread() is not threading.main_thread():
        return
    before = signal.getsignal(signal.SIGTERM)
    if not callable(before):
        return
    loop = asyncio.get_running_loop()

    def drain(number: int, frame: FrameType | None, before: Any = before) -> None:
        if _stopping.is_set():
            before(number, frame)  # asked twice: somebody is in a hurry
            return
        _stopping.set()
        loop.call_soon_threadsafe(_stop_later, loop, seconds, before, number)

    signal.signal(signal.SIGTERM, drain)


def _stop_later(loop: asyncio.AbstractEventLoop, seconds: float, stop: Any, number: int) -> None:
    log.info("server.draining", seconds=seconds)
    loop.call_later(seconds, stop, number, None)


class Draining:
    """The outermost layer: passes everything on until the process is asked to stop."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _stopping.is_set():
            await self.app(scope, receive, send)
        elif scope["method"] in REPEATABLE and MAY_PASS_ON in Headers(scope=scope):
            await _refuse(send)
        else:
            await self.app(scope, receive, _closing(send))


async def _refuse(send: Send) -> None:
    headers = [(b"connection", b"close"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 502, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _closing(send: Send) -> Send:
    async def send_and_close(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Connection"] = "close"
        await send(message)

    return send_and_close
