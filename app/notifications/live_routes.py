"""Server-sent events for open panels: what changed, by name and id, never what it became.

    event: change                          event: resync
    data: {"name": "content.published", "id": "0199..."}      data: {}

A panel reads again what it shows of that; after `resync`, everything. Not in the OpenAPI document: an answer
that does not end is nothing a generated client can wait for (docs/reference/notifications.md tells it).
"""

import asyncio
import json
import signal
import threading
import time
from collections.abc import AsyncIterator
from types import FrameType
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse

from app.auth.dependencies import CompanyActor, may_still_see
from app.core.actor import Actor
from app.core.errors import TooManyRequests
from app.notifications.hub import RESYNC, Ear, hub

router = APIRouter(prefix="/companies/{company_id}", tags=["notifications"])

MOST_STREAMS: Final = 12
HEARTBEAT_SECONDS: Final = 15.0
RECHECK_SECONDS: Final = 20.0
RECONNECT_MILLISECONDS: Final = 2000
HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@router.get("/events/live", include_in_schema=False)
async def live_events(
    actor: CompanyActor, last_event_id: Annotated[str | None, Header()] = None
) -> StreamingResponse:
    """Changes in the company as they are committed, until the session ends. For people, not for keys."""
    user_id, company_id = actor.person_id, actor.company_id
    assert company_id is not None
    if hub().count_of(user_id) >= MOST_STREAMS:
        raise TooManyRequests("You have too many panels open. Close some.", retry_after_seconds=60)
    ear = hub().open(company_id, user_id)
    if last_event_id is not None:
        ear.tell(RESYNC)
    return StreamingResponse(_stream(actor, ear), media_type="text/event-stream", headers=HEADERS)


async def _stream(actor: Actor, ear: Ear) -> AsyncIterator[bytes]:
    checked = time.monotonic()
    number = time.time_ns() // 1_000_000
    try:
        yield f"retry: {RECONNECT_MILLISECONDS}\n\n".encode()
        while not hub().is_closed:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    message = await ear.next()
            except TimeoutError:
                message = {}
            if time.monotonic() - checked >= RECHECK_SECONDS:
                checked = time.monotonic()
                if not await may_still_see(actor):
                    return
            if message is None:
                return
            number += 1
            yield _written(message, number) if message else b": still here\n\n"
    finally:
        hub().close(ear)


def _written(message: dict[str, Any], number: int) -> bytes:
    told = {key: message[key] for key in ("name", "id") if key in message}
    event, body = ("resync", {}) if message["name"] == RESYNC["name"] else ("change", told)
    return f"id: {number}\nevent: {event}\ndata: {json.dumps(body)}\n\n".encode()


def end_streams_at_stop() -> None:
    """At SIGTERM and SIGINT the streams end first: a server that waits for its answers would wait for ever.
    Called while the server starts, after it has set its own handlers, which are called in turn."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop, ours = asyncio.get_running_loop(), hub()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if not callable(before):
            continue

        def end(got: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(ours.end_all)
            before(got, frame)

        signal.signal(number, end)
