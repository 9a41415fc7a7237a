"""What every storage can do: five verbs, whoever keeps the bytes.

StorageError
├── FileMissing        there is no file under this key
└── StorageUnavailable the storage does not answer, or is full; worth another try
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, Protocol

FOLDERS: Final = ("portraits", "videos", "markers", "thumbnails")

_KEY = re.compile(
    rf"[a-z0-9][a-z0-9-]{{0,62}}/(?:{'|'.join(FOLDERS)})/[0-9a-f]{{2}}/[0-9a-f]{{64}}\.[a-z0-9]{{2,5}}"
)


class StorageError(Exception):
    """Parent of what a storage raises."""


class FileMissing(StorageError):
    """There is no file under this key."""


class StorageUnavailable(StorageError):
    """The storage does not answer, or is full."""


class Storage(Protocol):
    """A place for immutable files under content-addressed keys."""

    async def put(self, source: Path, key: str) -> None:
        """Take the local file `source` over under `key`; it is on stable storage when this returns."""

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start`, in chunks. Raises `FileMissing`."""

    async def exists(self, key: str) -> bool: ...

    async def delete(self, key: str) -> None:
        """Remove the file; nothing happens if there is none."""

    def url_for(self, key: str) -> str:
        """Where a browser gets the file."""


def content_key(storage_path: str, folder: str, sha256: str, extension: str) -> str:
    """The key of a file with this content: the same bytes always have the same key."""
    key = f"{storage_path}/{folder}/{sha256[:2]}/{sha256}.{extension}"
    if not is_key(key):
        raise ValueError(f"not a storage key: {key}")
    return key


def is_key(text: str) -> bool:
    """Whether the text has the form of a key. Only such texts ever become paths."""
    return _KEY.fullmatch(text) is not None
