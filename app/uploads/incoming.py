"""Bytes of unfinished uploads on this machine's disk: written by one request at a time, safe before counted.

A lock of the kernel (flock) says who is writing. It ends with its process, however that ends, so a crash
leaves nothing locked. Writing happens in threads of its own, in which companies take turns.
"""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID, uuid4

from app.core.files import SNIFF_BYTES, TemporaryFile, sniff_media_type
from app.storage import service as storage
from app.uploads.errors import UploadBusy, UploadLost
from app.uploads.turns import Turns

PART_SUFFIX: Final = ".part"
THREADS: Final = 8
READ_BYTES: Final = 1024 * 1024

_threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="incoming")
_turns = Turns(THREADS)

R = TypeVar("R")


async def on_disk(company_id: UUID, work: Callable[[], R]) -> R:
    """What blocking `work` on files returns, done in a thread when it is the company's turn.

    It is not left alone: cancelled, it is waited for, so that nobody closes what a thread writes to.
    """
    async with _turns.turn(company_id):
        running = asyncio.get_running_loop().run_in_executor(_threads, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait([running])
            raise


@dataclass(frozen=True, slots=True)
class PartFile:
    """The bytes of one unfinished upload, held by this process."""

    company_id: UUID
    path: Path
    descriptor: int

    def write(self, content: bytes | bytearray, *, at: int) -> None:
        """Write all of it, blocking; the page cache has it then, the disk may not."""
        view = memoryview(content)
        while view:
            written = os.pwrite(self.descriptor, view, at)
            view, at = view[written:], at + written

    def sync(self) -> None:
        """Back when the disk has every byte written so far, and the length."""
        os.fdatasync(self.descriptor)

    async def whole(self, size_bytes: int) -> TemporaryFile:
        """The finished file under a second name, which whoever prepares it may take away."""
        return await on_disk(self.company_id, lambda: self._whole(size_bytes))

    def _whole(self, size_bytes: int) -> TemporaryFile:
        os.ftruncate(self.descriptor, size_bytes)
        digest, head = hashlib.sha256(), b""
        for at in range(0, size_bytes, READ_BYTES):
            piece = os.pread(self.descriptor, min(READ_BYTES, size_bytes - at), at)
            head = head or piece[:SNIFF_BYTES]
            digest.update(piece)
        # Its stem is not the part's: what is written beside it is removed by its stem.
        link = self.path.with_name(f"{uuid4().hex}.received")
        os.link(self.path, link)
        os.utime(link)  # Not a leftover yet, however long ago its last byte came.
        return TemporaryFile(link, size_bytes, digest.hexdigest(), sniff_media_type(head))


def path_of(upload_id: UUID) -> Path:
    return storage.incoming_folder() / f"{upload_id.hex}{PART_SUFFIX}"


async def create(company_id: UUID, upload_id: UUID) -> None:
    """An empty part file whose name is on the disk."""
    await on_disk(company_id, lambda: _create(path_of(upload_id)))


async def remove(company_id: UUID, upload_id: UUID) -> None:
    """No part file; nothing happens if there is none."""
    await on_disk(company_id, lambda: path_of(upload_id).unlink(missing_ok=True))


@asynccontextmanager
async def held(company_id: UUID, upload_id: UUID, *, made: bool = False) -> AsyncIterator[PartFile]:
    """The part file, for us alone; `made` if there is none.

    Raises `UploadBusy` while another has it, `UploadLost` if it is gone.
    """
    path = path_of(upload_id)
    flags = os.O_RDWR | (os.O_CREAT if made else 0)
    descriptor = await on_disk(company_id, lambda: _open_locked(path, flags))
    try:
        yield PartFile(company_id, path, descriptor)
    finally:
        os.close(descriptor)


def _create(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _open_locked(path: Path, flags: int) -> int:
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileNotFoundError as error:
        raise _lost() from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_nlink == 0:
            raise _lost()
    except BlockingIOError as error:
        os.close(descriptor)
        raise UploadBusy from error
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _lost() -> UploadLost:
    return UploadLost("Begin the upload again.")
