"""One ear of this process on the cache's Redis, and the open panels that hear through it.

Redis keeps nothing for who was away, so whoever (re)connects is told to read everything again, and so is
everybody when Redis comes back. While it is away they are told every ten seconds, which is polling.
"""

import asyncio
import json
from contextlib import suppress
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from app.core.config import get_settings
from app.core.live import CHANNEL_PREFIX

log = structlog.get_logger(__name__)

RESYNC: Final[dict[str, Any]] = {"name": "resync"}
LONGEST_QUEUE: Final = 100
POLL_SECONDS: Final = 10.0
CONNECT_SECONDS: Final = 2.0
LISTEN_SECONDS: Final = 5.0


class Ear:
    """What one open panel has not been sent yet; with too much of it, it reads everything again."""

    def __init__(self, company_id: UUID, user_id: UUID) -> None:
        self.company_id = company_id
        self.user_id = user_id
        self._waiting: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    def tell(self, message: dict[str, Any]) -> None:
        if message.get("user_id") not in (None, str(self.user_id)):
            return
        if self._waiting.qsize() >= LONGEST_QUEUE:
            while not self._waiting.empty():
                self._waiting.get_nowait()
            message = RESYNC
        self._waiting.put_nowait(message)

    def end(self) -> None:
        self._waiting.put_nowait(None)

    async def next(self) -> dict[str, Any] | None:
        """The next message; None when the process stops."""
        return await self._waiting.get()


class Hub:
    """The ears of one event loop. It listens to Redis for as long as there is one."""

    def __init__(self) -> None:
        self._ears: set[Ear] = set()
        self._listening: asyncio.Task[None] | None = None
        self.is_closed = False

    def open(self, company_id: UUID, user_id: UUID) -> Ear:
        ear = Ear(company_id, user_id)
        self._ears.add(ear)
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen())
        return ear

    def close(self, ear: Ear) -> None:
        self._ears.discard(ear)
        if not self._ears and self._listening is not None:
            self._listening.cancel()
            self._listening = None

    def count_of(self, user_id: UUID) -> int:
        return sum(ear.user_id == user_id for ear in self._ears)

    def end_all(self) -> None:
        """The process stops: every panel connects elsewhere."""
        self.is_closed = True
        for ear in self._ears:
            ear.end()

    def _tell_all(self, message: dict[str, Any]) -> None:
        for ear in self._ears:
            ear.tell(message)

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_until_lost()
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("live.not_heard", reason=type(error).__name__)
            self._tell_all(RESYNC)
            await asyncio.sleep(POLL_SECONDS)

    async def _listen_until_lost(self) -> None:
        client = Redis.from_url(
            get_settings().cache.url,
            socket_connect_timeout=CONNECT_SECONDS,
            health_check_interval=15,
            socket_keepalive=True,
        )
        try:
            async with client.pubsub(ignore_subscribe_messages=True) as ear:
                await ear.psubscribe(f"{CHANNEL_PREFIX}*")
                self._tell_all(RESYNC)
                await self._pass_on(ear)
        finally:
            with suppress(RedisError, OSError):
                await client.aclose()

    async def _pass_on(self, source: PubSub) -> None:
        while True:
            found = await source.get_message(timeout=LISTEN_SECONDS)
            if found is None:
                continue
            company = found["channel"].decode().removeprefix(CHANNEL_PREFIX)
            message = json.loads(found["data"])
            for ear in self._ears:
                if str(ear.company_id) == company:
                    ear.tell(message)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running loop."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
