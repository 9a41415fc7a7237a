"""How many requests a caller may make: by address, by account, by API key, and stricter for what costs more.

`RateLimits` counts the address before anything else is done; `count_caller` counts the account or key once
it is known. Both count in Redis with a sliding window, and both let the request pass when Redis is silent:
the limits protect the service, they must not be what stops it.

Headers: draft-ietf-httpapi-ratelimit-headers, the form since -08 (`RateLimit-Policy: "account";q=600;w=60`,
`RateLimit: "account";r=599;t=1`: quota, window in seconds; what remains, seconds until more is free).
"""

import asyncio
import re
import time
from dataclasses import dataclass, field
from math import ceil
from typing import Final
from weakref import WeakKeyDictionary

import structlog
from fastapi import Request
from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.storage.redis.redispy import RedispyBridge
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.util import WindowStats
from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.actor import Actor
from app.core.addresses import network_of
from app.core.config import LimitSettings, get_settings
from app.core.errors import TooManyRequests, problem

log = structlog.get_logger(__name__)

COUNTED_PATHS: Final = "/api/v1/"
PATIENCE_SECONDS: Final = 0.1
SILENCE_SECONDS: Final = 1.0
KEY_PREFIX: Final = "arv-limits"

# What costs more than a request: guesses of secrets and mails to strangers, files, whole lists.
_ID = r"[^/]+"
_CLASSES: Final = (
    ("sign_in", "POST", re.compile(rf"{COUNTED_PATHS}(auth|invitations)/.+")),
    ("uploads", "POST", re.compile(rf"{COUNTED_PATHS}companies/{_ID}/uploads(/.*)?")),
    ("exports", "POST", re.compile(rf"{COUNTED_PATHS}companies/{_ID}/exports")),
    ("exports", "GET", re.compile(rf"{COUNTED_PATHS}(.+/)?[^/]+\.(csv|jsonl|zip)")),
)
_NOT_GUESSES: Final = frozenset({f"{COUNTED_PATHS}auth/sign-out"})


class RateLimited(TooManyRequests):
    code = "rate_limited"


@dataclass(frozen=True, slots=True)
class Counted:
    """What a budget said of this request."""

    name: str
    item: RateLimitItem
    remaining: int
    reset_seconds: int


@dataclass(slots=True)
class Counter:
    """The counter of one event loop; it rests for a second after Redis was silent."""

    limiter: SlidingWindowCounterRateLimiter
    resting_until: float = 0.0
    missed: int = field(default=0)

    async def count(self, name: str, item: RateLimitItem, who: str) -> tuple[bool, Counted] | None:
        """Whether the budget allowed it and what is left; None when nobody could be asked."""
        if time.monotonic() < self.resting_until:
            self.missed += 1
            return None
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                allowed = await self.limiter.hit(item, name, who)
                stats: WindowStats = await self.limiter.get_window_stats(item, name, who)
        except (RedisError, OSError, TimeoutError) as error:
            self._rest(error)
            return None
        self.missed = 0
        wait = max(1, ceil(stats.reset_time - time.time()))
        return allowed, Counted(name, item, stats.remaining, wait)

    def _rest(self, error: Exception) -> None:
        self.resting_until = time.monotonic() + SILENCE_SECONDS
        self.missed += 1
        log.warning("rate_limits.unavailable", reason=type(error).__name__, uncounted=self.missed)


_counters: WeakKeyDictionary[asyncio.AbstractEventLoop, Counter] = WeakKeyDictionary()


def _counter() -> Counter:
    """The counter of the running loop: a pooled connection can not change loops."""
    loop = asyncio.get_running_loop()
    if loop not in _counters:
        storage = RedisStorage(
            f"async+{get_settings().cache.url}",
            implementation="redispy",
            key_prefix=KEY_PREFIX,
            socket_connect_timeout=PATIENCE_SECONDS,
            socket_timeout=PATIENCE_SECONDS,
        )
        _counters[loop] = Counter(SlidingWindowCounterRateLimiter(storage))
    return _counters[loop]


async def close_limits() -> None:
    """Close the running loop's connections; the next request opens new ones."""
    counter = _counters.pop(asyncio.get_running_loop(), None)
    storage = counter.limiter.storage if counter else None
    if isinstance(storage, RedisStorage) and isinstance(storage.bridge, RedispyBridge):
        client: object = storage.bridge.get_connection()
        assert isinstance(client, Redis)
        await client.aclose()


class RateLimits:
    """Counts every request to the API by its address, and writes what is left into the answer."""

    def __init__(self, app: ASGIApp, *, settings: LimitSettings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(COUNTED_PATHS):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        request.state.rate_limits = counted = list[Counted]()

        async def send_with_limits(message: Message) -> None:
            if message["type"] == "http.response.start" and counted:
                _write(MutableHeaders(scope=message), counted)
            await send(message)

        try:
            await self._count_address(request)
        except RateLimited as error:
            await problem(request, error)(scope, receive, send_with_limits)
        else:
            await self.app(scope, receive, send_with_limits)

    async def _count_address(self, request: Request) -> None:
        address = network_of(request.client.host if request.client else "")
        await _count(request, "address", self.settings.address, address)
        if class_of(request.method, request.url.path) == "sign_in":
            await _count(request, "sign_in", self.settings.sign_in, address)


async def count_caller(request: Request, actor: Actor) -> None:
    """Count the request for the account or key that makes it. Raises `RateLimited`."""
    if not hasattr(request.state, "rate_limits"):
        return
    settings = get_settings().limits
    if actor.api_key_id is not None:
        name, amount, who = "key", settings.key, str(actor.api_key_id)
    else:
        name, amount, who = "account", settings.account, str(actor.user_id)
    await _count(request, name, amount, who)
    match class_of(request.method, request.url.path):
        case "uploads":
            await _count(request, "uploads", settings.uploads, who)
        case "exports":
            await _count(request, "exports", settings.exports, who)


def class_of(method: str, path: str) -> str | None:
    """The stricter class a request belongs to: "sign_in", "uploads", "exports", or None."""
    if path in _NOT_GUESSES:
        return None
    return next((n for n, verb, form in _CLASSES if verb == method and form.fullmatch(path)), None)


async def _count(request: Request, name: str, amount: str, who: str) -> None:
    answer = await _counter().count(name, parse(amount), who)
    if answer is None:
        return
    allowed, counted = answer
    request.state.rate_limits.append(counted)
    if not allowed:
        log.warning("request.rate_limited", limit=name, who=who)
        raise RateLimited(
            f"More than {_in_words(counted.item)} for this {_WHOSE.get(name, 'account')}. "
            f"Go on in {counted.reset_seconds} s.",
            retry_after_seconds=counted.reset_seconds,
        )


_WHOSE: Final = {"address": "network address", "sign_in": "network address", "key": "API key"}


def _in_words(item: RateLimitItem) -> str:
    return f"{item.amount} requests in {item.get_expiry()} s"


def _write(headers: MutableHeaders, counted: list[Counted]) -> None:
    headers["RateLimit-Policy"] = ", ".join(
        f'"{each.name}";q={each.item.amount};w={each.item.get_expiry()}' for each in counted
    )
    headers["RateLimit"] = ", ".join(
        f'"{each.name}";r={each.remaining};t={each.reset_seconds}' for each in counted
    )
