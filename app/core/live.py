"""Telling open panels that something changed, in all processes, through the cache's Redis.

    await live.publish(session, company_id, "content.changed", content_id)

Sent after the commit and never kept: who was not listening reads the truth again when they come back
(`app/notifications/live_routes.py`). A Redis that is away costs a tenth of a second at most, then nothing.
"""

import asyncio
import json
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import get_settings
from app.core.database import after_commit

log = structlog.get_logger(__name__)

CHANNEL_PREFIX: Final = "arv:live:"
PATIENCE_SECONDS: Final = 0.1
SILENCE_SECONDS: Final = 2.0
_PENDING: Final = "live"


@dataclass(frozen=True, slots=True)
class Change:
    """`name` is `noun.what_happened`; with `user_id` it is for that person alone."""

    company_id: uuid.UUID
    name: str
    subject_id: uuid.UUID | None = None
    user_id: uuid.UUID | None = None

    def as_json(self) -> str:
        values = {"name": self.name, "id": _text(self.subject_id), "user_id": _text(self.user_id)}
        return json.dumps({key: value for key, value in values.items() if value is not None})


def _text(value: uuid.UUID | None) -> str | None:
    return None if value is None else str(value)


def channel_of(company_id: uuid.UUID) -> str:
    return f"{CHANNEL_PREFIX}{company_id}"


async def publish(
    session: AsyncSession,
    company_id: uuid.UUID,
    name: str,
    subject_id: uuid.UUID | None = None,
    *,
    user_id: uuid.UUID | None = None,
) -> None:
    """Tell the company's open panels once the session's transaction is committed."""
    publish_later(session, company_id, name, subject_id, user_id=user_id)


def publish_later(
    session: AsyncSession,
    company_id: uuid.UUID,
    name: str,
    subject_id: uuid.UUID | None = None,
    *,
    user_id: uuid.UUID | None = None,
) -> None:
    """`publish` for code that can not wait; the same change twice in a transaction is told once."""
    pending: dict[Change, None] = session.info.setdefault(_PENDING, {})
    if not pending:
        after_commit(session, lambda: _send_pending(session))
    pending[Change(company_id, name, subject_id, user_id)] = None


async def _send_pending(session: AsyncSession) -> None:
    pending: dict[Change, None] = session.info.pop(_PENDING, {})
    await send(pending)


class _Outlet:
    """The connections of one event loop; it rests for a while after Redis was silent."""

    def __init__(self) -> None:
        self.resting_until = 0.0
        self.redis = Redis.from_url(
            get_settings().cache.url,
            socket_connect_timeout=PATIENCE_SECONDS,
            socket_timeout=PATIENCE_SECONDS,
        )


_outlets: WeakKeyDictionary[asyncio.AbstractEventLoop, _Outlet] = WeakKeyDictionary()


async def send(changes: Iterable[Change]) -> None:
    """Tell them now. Never raises: what is lost is found by the panels' own slow asking."""
    loop = asyncio.get_running_loop()
    outlet = _outlets.get(loop)
    if outlet is None:
        outlet = _outlets[loop] = _Outlet()
    if time.monotonic() < outlet.resting_until:
        return
    try:
        async with asyncio.timeout(2 * PATIENCE_SECONDS):
            for change in changes:
                await outlet.redis.publish(channel_of(change.company_id), change.as_json())
    except (RedisError, OSError, TimeoutError) as error:
        outlet.resting_until = time.monotonic() + SILENCE_SECONDS
        log.warning("live.not_published", reason=type(error).__name__)


async def close() -> None:
    """Close the running loop's connections; the next change opens new ones."""
    outlet = _outlets.pop(asyncio.get_running_loop(), None)
    if outlet is not None:
        await outlet.redis.aclose()
