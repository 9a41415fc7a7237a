"""What every storage can do, whoever keeps the bytes.

StorageError
├── FileMissing        there is no file under this key
├── StorageUnavailable the storage does not answer, or is full; worth another try
└── StorageRefused     it answers and will not: credentials, permission, settings; people must act
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol, runtime_checkable
from uuid import UUID

# What people sent, before it was made fit to serve: no address leads to it.
SOURCES: Final = "sources"
SERVED_FOLDERS: Final = ("portraits", "videos", "markers", "thumbnails", "renditions")
FOLDERS: Final = (*SERVED_FOLDERS, SOURCES)

# What a file of each type is called; whatever else people send ends in `.bin` and is never served.
EXTENSIONS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/avif": "avif",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/quicktime": "mov",
    "video/x-matroska": "mkv",
    "application/octet-stream": "arvt",
}
_TYPES: Final = {extension: media_type for media_type, extension in EXTENSIONS.items()}

_KEY = re.compile(
    rf"[a-z0-9][a-z0-9-]{{0,62}}/(?:{'|'.join(FOLDERS)})/[0-9a-f]{{2}}/[0-9a-f]{{64}}\.[a-z0-9]{{2,5}}"
)


class StorageError(Exception):
    """Parent of what a storage raises. `code` is stable, for programs; the text is for people."""

    code = "storage_failed"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        if code is not None:
            self.code = code


class FileMissing(StorageError):
    """There is no file under this key."""

    code = "file_missing"


class StorageUnavailable(StorageError):
    """The storage does not answer, or is full. Worth another try."""

    code = "storage_unavailable"


class StorageRefused(StorageError):
    """The storage answers and will not: credentials, permission, a bucket that is not there."""

    code = "access_denied"


class Storage(Protocol):
    """A place for immutable files under content-addressed keys."""

    @property
    def connection_id(self) -> UUID | None:
        """Whose place this is; None for the installation's folder, whichever connection leads to it."""

    async def put(self, source: Path, key: str) -> None:
        """Take the local file `source` over under `key`; it is on stable storage when this returns."""

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start`, in chunks. Raises `FileMissing`."""

    async def exists(self, key: str) -> bool: ...

    async def size_of(self, key: str) -> int:
        """Bytes of the file. Raises `FileMissing`."""

    async def modified_at(self, key: str) -> datetime:
        """When the file came, by the storage's clock. Raises `FileMissing`."""

    async def fetch(self, key: str, target: Path) -> None:
        """Copy the file to the local path; it is there whole or not at all. Raises `FileMissing`."""

    def list_keys(self, prefix: str) -> AsyncIterator[tuple[str, int]]:
        """Key and size of each file whose key begins with `prefix`, such as `acme/videos/`."""

    async def delete(self, key: str) -> None:
        """Remove the file; nothing happens if there is none."""

    def url_for(self, key: str) -> str:
        """Where the panel gets the file, below our own address, for the minutes the settings say."""

    def public_url_for(self, key: str) -> str:
        """Where phones get the file: straight from the provider, if it can and the connection says so."""

    @property
    def public_origin(self) -> str | None:
        """The origin of `public_url_for` when it is not ours: what the viewer's policy must allow."""


@dataclass(frozen=True, slots=True)
class SignedPut:
    """Where a browser may PUT one file for a while, and the headers it must send with it."""

    url: str
    headers: dict[str, str]


@runtime_checkable
class TakesDirectPuts(Protocol):
    """A storage that lets browsers send files straight to it: `isinstance(storage, TakesDirectPuts)`."""

    def presign_put(
        self, key: str, *, seconds: int, size_bytes: int, content_type: str = ""
    ) -> SignedPut: ...


def content_key(storage_path: str, folder: str, sha256: str, extension: str) -> str:
    """The key of a file with this content: the same bytes always have the same key."""
    key = f"{storage_path}/{folder}/{sha256[:2]}/{sha256}.{extension}"
    if not is_key(key):
        raise ValueError(f"not a storage key: {key}")
    return key


def is_key(text: str) -> bool:
    """Whether the text has the form of a key. Only such texts ever become paths."""
    return _KEY.fullmatch(text) is not None


def is_served(key: str) -> bool:
    """Whether browsers may get the file: never what people sent before it was made fit."""
    return is_key(key) and key.split("/")[1] in SERVED_FOLDERS


def is_source(key: str) -> bool:
    """Whether the file is as people sent it, still to be made fit to serve."""
    return is_key(key) and key.split("/")[1] == SOURCES


def media_type_of(key: str) -> str:
    """The type a file is served as; bytes when its name says nothing we serve."""
    return _TYPES.get(key.rpartition(".")[2], "application/octet-stream")


def sha256_of(key: str) -> str:
    """The hash of the content, which is the name of the file."""
    return key.rsplit("/", 1)[-1].partition(".")[0]
