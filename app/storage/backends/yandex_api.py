"""Requests to the REST API of Yandex Disk: token, patience, and what each refusal means.

https://yandex.com/dev/disk-api/doc/en/ (resources, operations, response codes). What the service is known
to do on an ordinary day is not an error: 423 while another operation holds a file, 429 above 40 requests a
second, 202 for work that goes on after the answer, 401 once an hour-old token was withdrawn.
"""

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Protocol

import httpx

from app.storage.port import FileMissing, StorageError, StorageRefused, StorageUnavailable

PAUSES_SECONDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
LONGEST_PAUSE_SECONDS: Final = 30.0
OPERATION_SECONDS: Final = 120.0
_TIMEOUT: Final = httpx.Timeout(30.0, connect=5.0, pool=5.0)
_PASSING: Final = (423, 429, 500, 502, 503, 504)


class Tokens(Protocol):
    """Where the token of an account comes from."""

    async def current(self) -> str:
        """A token that is not about to expire. Raises `StorageRefused` when there is none."""

    async def renewed(self, refused: str) -> str:
        """Another token than the one that was just refused. Raises `StorageRefused`."""


@dataclass(frozen=True, slots=True)
class DiskApi:
    """One account. `pauses` are the waits between attempts, in seconds; tests shorten them."""

    tokens: Tokens
    base_url: str
    pauses: tuple[float, ...] = field(default_factory=lambda: PAUSES_SECONDS)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[httpx.AsyncClient]:
        """Connections for the requests of one verb; none outlives it, whatever event loop runs it."""
        async with httpx.AsyncClient(
            timeout=_TIMEOUT, verify=_certificates(), trust_env=False
        ) as client:
            yield client

    async def call(
        self,
        http: httpx.AsyncClient,
        method: str,
        path: str,
        params: dict[str, Any],
        *,
        ok: Collection[int] = (200,),
    ) -> httpx.Response:
        """The answer, once its status is one of `ok`. Raises the port's errors."""
        token = await self.tokens.current()
        renewed = False
        for pause in (*self.pauses, None):
            answer, trouble = await self._asked(http, method, path, token, params)
            if answer is not None and answer.status_code == httpx.codes.UNAUTHORIZED:
                if renewed:
                    raise refused_account()
                token, renewed = await self.tokens.renewed(token), True
                answer, trouble = await self._asked(http, method, path, token, params)
            if answer is not None and answer.status_code in ok:
                return answer
            await self._wait(pause, answer, trouble or error_of(answer))
        raise AssertionError("the last pause is None")

    async def _asked(
        self, http: httpx.AsyncClient, method: str, path: str, token: str, params: dict[str, Any]
    ) -> tuple[httpx.Response | None, StorageError | None]:
        headers = {"Authorization": f"OAuth {token}"}
        try:
            url = self.base_url + path
            return await http.request(method, url, params=params, headers=headers), None
        except httpx.HTTPError as error:
            return None, silent(error)

    async def _wait(
        self, pause: float | None, answer: httpx.Response | None, trouble: StorageError
    ) -> None:
        """Sleep before the next attempt; raises `trouble` when none is left, or would change nothing."""
        if pause is None or not is_passing(answer):
            raise trouble
        await asyncio.sleep(patience(pause, answer))

    async def finish(self, http: httpx.AsyncClient, answer: httpx.Response) -> None:
        """Wait until the operation of a 202 is over. Raises `StorageUnavailable` when it failed."""
        if answer.status_code != httpx.codes.ACCEPTED:
            return
        # Only its path: the token goes to no other host, whatever the answer names.
        link = httpx.URL(str(answer.json()["href"]))
        pause = 0.1
        async with _deadline():
            while True:
                asked = await self.call(http, "GET", link.path, dict(link.params))
                status = asked.json().get("status")
                if status == "success":
                    return
                if status == "failed":
                    raise StorageUnavailable("Yandex Disk did not carry the operation out.")
                await asyncio.sleep(pause)
                pause = min(2.0, pause * 2)


@asynccontextmanager
async def _deadline() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(OPERATION_SECONDS):
            yield
    except TimeoutError as error:
        raise StorageUnavailable("Yandex Disk is still at an operation.") from error


def is_passing(answer: httpx.Response | None) -> bool:
    """Whether the same request may well succeed in a moment."""
    return answer is None or answer.status_code in _PASSING


def patience(pause: float, answer: httpx.Response | None) -> float:
    """Seconds until the next attempt: as the service asks, else `pause`, never all at the same moment."""
    asked = answer.headers.get("retry-after", "") if answer is not None else ""
    if asked.isdigit():
        return min(LONGEST_PAUSE_SECONDS, float(asked))
    return pause * random.uniform(0.75, 1.25)  # noqa: S311  (spreads attempts; nothing is secret)


def error_of(answer: httpx.Response | None) -> StorageError:
    """What a refusal means to whoever asked for a file."""
    match answer.status_code if answer is not None else None:
        case None:
            trouble: StorageError = StorageUnavailable("Yandex Disk does not answer.")
        case 404:
            trouble = FileMissing("Yandex Disk has no such file.")
        case 401 | 403:
            trouble = refused_account()
        case 413:
            trouble = StorageRefused(
                "Yandex Disk takes no file as large as this one from this account.",
                code="file_too_large",
            )
        case 507:
            trouble = StorageUnavailable(
                "The Yandex Disk is full: make room, or buy more.", code="storage_full"
            )
        case 423 | 429:
            trouble = StorageUnavailable(
                "Yandex Disk is busy with this account.", code="storage_busy"
            )
        case status:
            trouble = StorageUnavailable(f"Yandex Disk answered {status}.")
    return trouble


def refused_account() -> StorageRefused:
    return StorageRefused(
        "Yandex Disk does not let ARV in any more. Connect the account again.", code="access_denied"
    )


def silent(error: Exception) -> StorageUnavailable:
    trouble = StorageUnavailable("Yandex Disk does not answer.")
    trouble.__cause__ = error
    return trouble


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """Made once: it takes 20 ms."""
    return ssl.create_default_context()
