"""A folder of this machine. Files appear whole or not at all, and survive a power cut once `put` returned."""

import asyncio
import errno
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from app.storage.port import FOLDERS, FileMissing, StorageUnavailable, is_key

CHUNK_BYTES = 256 * 1024
PUBLIC_PREFIX = "/storage/"
# Begins with a dot, so that neither a key nor a web server's rule for keys can reach into it.
INCOMING = ".incoming"


class LocalStorage:
    """Files under `root`, served below `/storage/` by the app or by nginx."""

    def __init__(self, root: Path) -> None:
        self.root = root

    async def put(self, source: Path, key: str) -> None:
        try:
            await asyncio.to_thread(self._put, source, self.path_of(key))
        except OSError as error:
            raise StorageUnavailable(f"{key} could not be stored: {error.strerror}") from error

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        return _chunks(self.path_of(key), start, length)

    async def exists(self, key: str) -> bool:
        return await asyncio.to_thread(self.path_of(key).is_file)

    async def delete(self, key: str) -> None:
        path = self.path_of(key)
        await asyncio.to_thread(path.unlink, missing_ok=True)

    def url_for(self, key: str) -> str:
        return PUBLIC_PREFIX + key

    def path_of(self, key: str) -> Path:
        """The file of a key. Raises `FileMissing` for whatever is no key, `../` and the like."""
        if not is_key(key):
            raise FileMissing(key)
        return self.root / key

    def make_base_folders(self, storage_path: str) -> None:
        """The folders of a company, empty; files would make them too."""
        for folder in FOLDERS:
            (self.root / storage_path / folder).mkdir(parents=True, exist_ok=True)

    def _put(self, source: Path, final: Path) -> None:
        _make_folder(final.parent, self.root)
        source.chmod(0o644)
        _sync(source)
        try:
            source.replace(final)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy_across(source, final)
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


def _copy_across(source: Path, final: Path) -> None:
    """The source is on another file system: copy beside the final name first, then rename."""
    partial = final.with_name(f".{final.name}.{os.getpid()}.partial")
    try:
        shutil.copyfile(source, partial)
        _sync(partial)
        partial.replace(final)
    finally:
        partial.unlink(missing_ok=True)
    source.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
