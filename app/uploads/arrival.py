"""A body becoming bytes of a part file: written as it comes, counted when it is on the disk."""

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.core.errors import PayloadTooLarge
from app.uploads.errors import UploadStalled
from app.uploads.incoming import PartFile, on_disk

if TYPE_CHECKING:
    from hashlib import _Hash

PIECE_BYTES: Final = 1024 * 1024
# So much, or what comes in so long, is sent again at most when this process dies.
CHECKPOINT_BYTES: Final = 16 * 1024 * 1024
CHECKPOINT_SECONDS: Final = 2.0
UNSAFE_BYTES: Final = 64 * 1024 * 1024

# Told how far the file was safe before, and how far it is now.
Keep = Callable[[int, int], Awaitable[None]]


@dataclass(slots=True)
class Arrival:
    """The bytes from `at` up to `end` at most. Memory: two pieces, whatever the size.

    Without a `digest` each checkpoint is kept as soon as the disk has it. With one nothing is kept until
    the sender's checksum was compared: call `finish` then.
    """

    part: PartFile
    at: int
    end: int
    keep: Keep
    digest: "_Hash | None" = None
    _safe: int = field(init=False)
    _saved_at: float = field(init=False)
    _saving: "asyncio.Task[None] | None" = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._safe, self._saved_at = self.at, time.monotonic()

    async def take(self, chunks: AsyncIterable[bytes]) -> None:
        """Write every chunk. What came before the sender went away is written too, then it raises."""
        pending = bytearray()
        try:
            async for chunk in chunks:
                if self.at + len(pending) + len(chunk) > self.end:
                    raise PayloadTooLarge("More bytes came than the upload's length says.")
                pending += chunk
                if len(pending) >= PIECE_BYTES:
                    pending, full = bytearray(), pending
                    await self._write(full)
        finally:
            await self._write(pending)

    async def finish(self) -> None:
        """Keep what was written."""
        await self._saved()
        if self.at > self._safe:
            await self._save(self.at)

    async def drop(self) -> None:
        """Keep nothing more; back when nothing works on the file."""
        if self._saving is not None:
            await asyncio.wait([self._saving])

    async def _write(self, piece: bytearray) -> None:
        if not piece:
            return
        at, self.at = self.at, self.at + len(piece)
        await on_disk(self.part.company_id, lambda: self._write_now(piece, at))
        if self.digest is None:
            await self._checkpoint()

    def _write_now(self, piece: bytearray, at: int) -> None:
        self.part.write(piece, at=at)
        if self.digest is not None:
            self.digest.update(piece)

    async def _checkpoint(self) -> None:
        """Begin to save what is written, while more arrives; wait only when the disk falls far behind."""
        unsafe, now = self.at - self._safe, time.monotonic()
        if unsafe < CHECKPOINT_BYTES and now - self._saved_at < CHECKPOINT_SECONDS:
            return
        if self._saving is not None and not self._saving.done() and unsafe < UNSAFE_BYTES:
            return
        await self._saved()
        self._saved_at = now
        self._saving = asyncio.create_task(self._save(self.at))

    async def _saved(self) -> None:
        saving, self._saving = self._saving, None
        if saving is not None:
            await saving

    async def _save(self, at: int) -> None:
        await on_disk(self.part.company_id, self.part.sync)
        await self.keep(self._safe, at)
        self._safe = at


async def without_stalls(chunks: AsyncIterable[bytes], *, seconds: float) -> AsyncIterator[bytes]:
    """The chunks. Raises `UploadStalled` when none comes for so long."""
    source = aiter(chunks)
    while True:
        try:
            async with asyncio.timeout(seconds):
                chunk = await anext(source)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise UploadStalled(
                f"No bytes came for {seconds:.0f} s. What arrived is kept: ask for the offset, and go on."
            ) from error
        yield chunk
