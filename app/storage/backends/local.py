"""A folder of this machine. Files appear whole or not at all, and survive a power cut once `put` returned."""

import asyncio
import contextlib
import errno
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from app.core.clock import utcnow
from app.storage.links import LOCAL_PREFIX, signed
from app.storage.measuring import measured
from app.storage.port import FOLDERS, FileMissing, StorageUnavailable, is_key

CHUNK_BYTES = 256 * 1024
# Begins with a dot, so that neither a key nor a web server's rule for keys can reach into it.
INCOMING = ".incoming"
KEYS_AT_ONCE = 500
FULL = (errno.ENOSPC, errno.EDQUOT)


@measured("local")
class LocalStorage:
    """Files under `root`, served below `/storage/` by the app or by nginx."""

    connection_id: Final = None

    def __init__(self, root: Path) -> None:
        self.root = root

    async def put(self, source: Path, key: str) -> None:
        try:
            await asyncio.to_thread(self._put, source, self.path_of(key))
        except OSError as error:
            raise unavailable(error) from error

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        return _chunks(self.path_of(key), start, length)

    async def exists(self, key: str) -> bool:
        return await asyncio.to_thread(self.path_of(key).is_file)

    async def size_of(self, key: str) -> int:
        try:
            return (await asyncio.to_thread(self.path_of(key).stat)).st_size
        except FileNotFoundError as error:
            raise FileMissing(key) from error

    async def modified_at(self, key: str) -> datetime:
        try:
            found = await asyncio.to_thread(self.path_of(key).stat)
        except FileNotFoundError as error:
            raise FileMissing(key) from error
        return datetime.fromtimestamp(found.st_mtime, UTC)

    async def fetch(self, key: str, target: Path) -> None:
        try:
            await asyncio.to_thread(_copy_whole, self.path_of(key), target)
        except FileNotFoundError as error:
            raise FileMissing(key) from error
        except OSError as error:
            raise unavailable(error) from error

    async def list_keys(self, prefix: str) -> AsyncIterator[tuple[str, int]]:
        found = self._files(prefix)
        while batch := await asyncio.to_thread(lambda: list(islice(found, KEYS_AT_ONCE))):
            for entry in batch:
                yield entry

    async def delete(self, key: str) -> None:
        path = self.path_of(key)
        await asyncio.to_thread(path.unlink, missing_ok=True)

    def url_for(self, key: str) -> str:
        return signed(LOCAL_PREFIX + key, utcnow())

    public_url_for = url_for
    public_origin: Final = None

    def path_of(self, key: str) -> Path:
        """The file of a key. Raises `FileMissing` for whatever is no key, `../` and the like."""
        if not is_key(key):
            raise FileMissing(key)
        return self.root / key

    def make_base_folders(self, storage_path: str) -> None:
        """The folders of a company, empty; files would make them too."""
        for folder in FOLDERS:
            (self.root / storage_path / folder).mkdir(parents=True, exist_ok=True)

    def _files(self, prefix: str) -> Iterator[tuple[str, int]]:
        """What lies under the part of the prefix that is whole folders, and begins with the rest."""
        folder = self.root / prefix.rpartition("/")[0]
        if ".." in prefix.split("/") or not folder.is_dir():
            return
        for path in folder.rglob("*"):
            key = path.relative_to(self.root).as_posix()
            if is_key(key) and key.startswith(prefix):
                with contextlib.suppress(FileNotFoundError):  # Deleted while we looked.
                    yield key, path.stat().st_size

    def _put(self, source: Path, final: Path) -> None:
        _make_folder(final.parent, self.root)
        source.chmod(0o644)
        _sync(source)
        try:
            source.replace(final)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy_whole(source, final)
            source.unlink(missing_ok=True)
        _sync(final.parent)


async def _chunks(path: Path, start: int, length: int | None) -> AsyncIterator[bytes]:
    try:
        file = await asyncio.to_thread(path.open, "rb")
    except FileNotFoundError as error:
        raise FileMissing(path.name) from error
    try:
        await asyncio.to_thread(file.seek, start)
        left = length
        while left is None or left > 0:
            size = CHUNK_BYTES if left is None else min(CHUNK_BYTES, left)
            chunk = await asyncio.to_thread(file.read, size)
            if not chunk:
                return
            left = None if left is None else left - len(chunk)
            yield chunk
    finally:
        file.close()


def _make_folder(folder: Path, root: Path) -> None:
    """Make the folder and sync each new name into its parent, or a power cut could lose the branch."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        if folder == root:
            break
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir(parents=True, exist_ok=True)
        _sync(new.parent)


def _copy_whole(source: Path, final: Path) -> None:
    """A copy on another file system: written beside the final name first, then renamed."""
    partial = final.with_name(f".{final.name}.{os.getpid()}.partial")
    try:
        shutil.copyfile(source, partial)
        _sync(partial)
        partial.replace(final)
    finally:
        partial.unlink(missing_ok=True)


def unavailable(error: OSError) -> StorageUnavailable:
    """What a disk did not do, in the port's words."""
    if error.errno in FULL:
        return StorageUnavailable("The disk is full: nothing was kept.", code="storage_full")
    return StorageUnavailable(f"The disk did not take the file: {error.strerror}.")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
