"""Whether a storage works: used once in every way, step by step, with words for the step that failed."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx

from app.core.config import get_settings
from app.core.outbound_gate import gate
from app.storage.port import Storage, StorageError, StorageUnavailable, content_key
from app.storage.service import incoming_folder

PROOF_SECONDS: Final = 45
ANSWER_SECONDS: Final = 10
# Large enough for a range in its middle, small enough for any line.
SIZE_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Step:
    """One use of the storage; `code` and `detail` say what was wrong with it."""

    name: str
    works: bool
    milliseconds: float
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """The steps up to the first that failed."""

    steps: tuple[Step, ...]

    @property
    def works(self) -> bool:
        return all(step.works for step in self.steps)

    @property
    def code(self) -> str:
        return self.steps[-1].code

    @property
    def detail(self) -> str:
        return self.steps[-1].detail

    @property
    def milliseconds(self) -> float:
        return round(sum(step.milliseconds for step in self.steps), 1)

    @classmethod
    def failed(cls, name: str, code: str, detail: str) -> "Proof":
        """The proof of a storage that could not even be opened."""
        return cls((Step(name, works=False, milliseconds=0.0, code=code, detail=detail),))


async def prove(storage: Storage, storage_path: str) -> Proof:
    """Write, read, read a part, list, fetch as a browser would, remove. Leaves nothing behind."""
    content = uuid4().bytes * (SIZE_BYTES // 16)
    sha256 = hashlib.sha256(content).hexdigest()
    trial = _Trial(storage, content, content_key(storage_path, "thumbnails", sha256, "arvt"))
    steps: list[Step] = []
    for name, run in trial.steps():
        steps.append(await _step(name, run))
        if not steps[-1].works:
            break
    if not steps[-1].works and len(steps) > 1:
        await _step("delete", trial.delete)
    return Proof(tuple(steps))


@dataclass(frozen=True, slots=True)
class _Trial:
    storage: Storage
    content: bytes
    key: str

    def steps(self) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
        direct = [("browser", self.browse)] if self.storage.public_origin else []
        return [
            ("write", self.write),
            ("read", self.read),
            ("range", self.read_part),
            ("list", self.list),
            *direct,
            ("delete", self.delete),
        ]

    async def write(self) -> None:
        async with _spooled(self.content) as source:
            await self.storage.put(source, self.key)

    async def read(self) -> None:
        _require(await self._read() == self.content)

    async def read_part(self) -> None:
        _require(await self._read(100, 50) == self.content[100:150])

    async def list(self) -> None:
        prefix = self.key.rpartition("/")[0] + "/"
        _require(
            (self.key, len(self.content))
            in [found async for found in self.storage.list_keys(prefix)],
            "The storage does not list what it keeps.",
        )

    async def browse(self) -> None:
        """From a page of ours: phones fetch targets and draw videos, which the bucket must allow (CORS)."""
        url, page = self.storage.public_url_for(self.key), get_settings().web.public_url
        origin = httpx.URL(url)
        port = origin.port or (443 if origin.scheme == "https" else 80)
        async with httpx.AsyncClient(
            proxy=gate().pass_for(origin.host, port), timeout=ANSWER_SECONDS, trust_env=False
        ) as client:
            try:
                answer = await client.get(url, headers={"Origin": page.rstrip("/")})
            except httpx.HTTPError as error:
                raise StorageUnavailable(
                    "The address that browsers are given was not reached.",
                    code="browser_unreachable",
                ) from error
        _require(
            answer.status_code == httpx.codes.OK and answer.content == self.content,
            "The address that browsers are given does not answer with the file.",
            "browser_refused",
        )
        _require(
            answer.headers.get("access-control-allow-origin") in ("*", page.rstrip("/")),
            "The bucket does not let pages of this address read it: allow GET from it (CORS), or have the "
            "files delivered through ARV.",
            "cors_missing",
        )

    async def delete(self) -> None:
        await self.storage.delete(self.key)
        _require(not await self.storage.exists(self.key), "The storage did not remove the file.")

    async def _read(self, start: int = 0, length: int | None = None) -> bytes:
        chunks = self.storage.open(self.key, start=start, length=length)
        return b"".join([chunk async for chunk in chunks])


def _require(
    fine: object,
    words: str = "The storage gave back other bytes than it was given.",
    code: str = "content_damaged",
) -> None:
    if not fine:
        raise StorageUnavailable(words, code=code)


async def _step(name: str, run: Callable[[], Awaitable[None]]) -> Step:
    started = time.perf_counter()

    def ended(code: str = "", detail: str = "") -> Step:
        spent = round((time.perf_counter() - started) * 1000, 1)
        return Step(name, not code, spent, code, detail)

    try:
        async with asyncio.timeout(PROOF_SECONDS):
            await run()
    except StorageError as error:
        return ended(error.code, str(error))
    except TimeoutError:
        return ended("storage_unavailable", "The storage did not answer in time.")
    except OSError:
        return ended(
            "storage_unavailable", "The storage did not take the file, or did not give it back."
        )
    return ended()


@asynccontextmanager
async def _spooled(content: bytes) -> AsyncIterator[Path]:
    source = incoming_folder() / f"{uuid4().hex}.proof"
    try:
        await asyncio.to_thread(source.write_bytes, content)
        yield source
    finally:
        source.unlink(missing_ok=True)
