"""A Yandex Disk, by its REST API. A file appears whole or not at all, with the hash it was given.

An upload goes to a plain name in a folder of its own, is compared with the hash that Yandex computed, and is
moved to its key then. So a broken upload is never seen under a key, and the service does not slow it down,
as it does with names that end in .mp4 (128 KB/s by its users' measure).
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import httpx

from app.core.clock import utcnow
from app.storage.backends.yandex_api import DiskApi, error_of, is_passing, patience, silent
from app.storage.links import path_of_stored
from app.storage.measuring import measured
from app.storage.port import FileMissing, StorageError, StorageUnavailable, is_key, sha256_of

CHUNK_BYTES: Final = 256 * 1024
INCOMING: Final = ".incoming"
# The folder of the operator's application: all that it may see when it asks for no more.
DEFAULT_ROOT: Final = "app:/"
ARRIVAL_SECONDS: Final = 60.0
LINK_SECONDS: Final = 300.0
MOST_LINKS: Final = 2000
PAGE: Final = 1000
_RESOURCES: Final = "/v1/disk/resources"
_GONE: Final = (403, 404, 410)


@measured("yandex_disk")
class YandexDisk:
    """Files below `root`, such as `app:/` or `disk:/ARV`, of one account."""

    # Folders made or seen, and links to downloads, by connection: both are asked for again when wrong.
    _folders: Final[set[tuple[UUID | None, str]]] = set()
    _links: Final[dict[tuple[UUID | None, str], tuple[str, float]]] = {}

    def __init__(self, api: DiskApi, *, root: str, connection_id: UUID | None) -> None:
        self.api = api
        self.root = root.rstrip("/")
        self.connection_id = connection_id

    async def put(self, source: Path, key: str) -> None:
        size = source.stat().st_size
        async with self.api.opened() as http:
            if await self._has(http, self._path(key), size, sha256_of(key)):
                return
            final = self._path(key)
            arriving = f"{self.root}/{INCOMING}/{uuid4().hex}"
            await self._make_folder(http, f"{self.root}/{INCOMING}")
            await self._upload(http, source, arriving)
            await self._arrived(http, arriving, size, sha256_of(key))
            await self._make_folder(http, final.rpartition("/")[0])
            await self._move(http, arriving, final)

    async def open(
        self, key: str, *, start: int = 0, length: int | None = None
    ) -> AsyncIterator[bytes]:
        """A line that breaks is taken up where it broke: the file can not have changed meanwhile."""
        end = None if length is None else start + length
        pauses = iter(self.api.pauses)
        async with self.api.opened() as http:
            while end is None or start < end:
                try:
                    async for chunk in self._download(http, key, start, end):
                        start += len(chunk)
                        yield chunk
                except httpx.HTTPError as error:
                    if (pause := next(pauses, None)) is None:
                        raise silent(error) from error
                    await asyncio.sleep(patience(pause, None))
                else:
                    return

    async def exists(self, key: str) -> bool:
        try:
            await self._about(key, "type")
        except FileMissing:
            return False
        return True

    async def size_of(self, key: str) -> int:
        return int((await self._about(key, "size"))["size"])

    async def modified_at(self, key: str) -> datetime:
        return datetime.fromisoformat((await self._about(key, "modified"))["modified"])

    async def fetch(self, key: str, target: Path) -> None:
        partial = target.with_name(f".{target.name}.partial")
        try:
            with partial.open("wb") as file:
                async for chunk in self.open(key):
                    await asyncio.to_thread(file.write, chunk)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)

    async def list_keys(self, prefix: str) -> AsyncIterator[tuple[str, int]]:
        async with self.api.opened() as http:
            folders = [prefix.rpartition("/")[0]]
            while folders:
                folder = folders.pop()
                async for item in self._items(http, folder):
                    path = f"{folder}/{item['name']}".lstrip("/")
                    if item["type"] == "dir":
                        folders.append(path)
                    elif is_key(path) and path.startswith(prefix):
                        yield path, int(item["size"])

    async def delete(self, key: str) -> None:
        async with self.api.opened() as http:
            await self._remove(http, self._path(key))
        self._links.pop((self.connection_id, key), None)

    def url_for(self, key: str) -> str:
        return path_of_stored(self.connection_id, key, utcnow())

    def public_url_for(self, key: str) -> str:
        """Phones get it through us too: a link of Yandex is bound to the address that asked for it."""
        return self.url_for(key)

    @property
    def public_origin(self) -> str | None:
        return None

    async def remove_leftovers(self, *, before: datetime) -> int:
        """Remove uploads that never got their key and are older than that; how many there were."""
        removed = 0
        async with self.api.opened() as http:
            found = [item async for item in self._items(http, INCOMING)]
            for item in found:
                if datetime.fromisoformat(item["modified"]) < before:
                    await self._remove(http, f"{self.root}/{INCOMING}/{item['name']}")
                    removed += 1
        return removed

    def _path(self, key: str) -> str:
        """The path of a key. Raises `FileMissing` for whatever is no key."""
        if not is_key(key):
            raise FileMissing(key)
        return f"{self.root}/{key}"

    async def _about(self, key: str, fields: str) -> dict[str, Any]:
        async with self.api.opened() as http:
            return await self._described(http, self._path(key), fields)

    async def _described(self, http: httpx.AsyncClient, path: str, fields: str) -> dict[str, Any]:
        answer = await self.api.call(http, "GET", _RESOURCES, {"path": path, "fields": fields})
        described: dict[str, Any] = answer.json()
        return described

    async def _has(self, http: httpx.AsyncClient, path: str, size: int, sha256: str) -> bool:
        """Whether the very file is there already."""
        try:
            found = await self._described(http, path, "size,sha256")
        except FileMissing:
            return False
        return (found.get("size"), found.get("sha256")) == (size, sha256)

    async def _make_folder(self, http: httpx.AsyncClient, path: str) -> None:
        """The folder, with those above it; 409 means that it is there, or that its parent is not."""
        if (self.connection_id, path) in self._folders or path == self.root == "app:":
            return
        for _ in range(2):
            answer = await self.api.call(http, "PUT", _RESOURCES, {"path": path}, ok=(201, 409))
            if answer.status_code == httpx.codes.CREATED or await self._is_folder(http, path):
                self._folders.add((self.connection_id, path))
                return
            await self._make_folder(http, path.rpartition("/")[0])
        raise StorageUnavailable("Yandex Disk does not make a folder.")

    async def _is_folder(self, http: httpx.AsyncClient, path: str) -> bool:
        try:
            return bool((await self._described(http, path, "type"))["type"] == "dir")
        except FileMissing:
            return False

    async def _upload(self, http: httpx.AsyncClient, source: Path, path: str) -> None:
        """Send the bytes, each time to a new link: a link takes one upload and lives half an hour."""
        for pause in (*self.api.pauses, None):
            link = await self._upload_link(http, path)
            answer, trouble = None, None
            try:
                answer = await http.put(link, content=_bytes_of(source), headers=_sized(source))
            except httpx.HTTPError as error:
                trouble = silent(error)
            if answer is not None and answer.status_code in (201, 202):
                return
            if pause is None or not (is_passing(answer) or answer_is_stale(answer)):
                raise trouble or error_of(answer)
            await asyncio.sleep(patience(pause, answer))

    async def _upload_link(self, http: httpx.AsyncClient, path: str) -> str:
        for _ in range(2):
            answer = await self.api.call(
                http,
                "GET",
                f"{_RESOURCES}/upload",
                {"path": path, "overwrite": "true"},
                ok=(200, 409),
            )
            if answer.status_code == httpx.codes.OK:
                return str(answer.json()["href"])
            await self._forget_folder(http, path.rpartition("/")[0])
        raise StorageUnavailable("Yandex Disk takes no file into its own folder.")

    async def _forget_folder(self, http: httpx.AsyncClient, folder: str) -> None:
        """Somebody removed a folder we had seen: make it, and all above it, anew."""
        self._folders.difference_update(
            {entry for entry in self._folders if entry[0] == self.connection_id}
        )
        await self._make_folder(http, folder)

    async def _arrived(self, http: httpx.AsyncClient, path: str, size: int, sha256: str) -> None:
        """Wait until the Disk has the file (202: received, not yet kept) and its hash is the right one."""
        pause, deadline = 0.1, time.monotonic() + ARRIVAL_SECONDS
        while True:
            try:
                found = await self._described(http, path, "size,sha256")
            except FileMissing:
                found = {}
            if found.get("sha256") and (found["size"], found["sha256"]) != (size, sha256):
                await self._remove(http, path)
                raise StorageUnavailable("Yandex Disk kept other bytes than it was sent.")
            if found.get("sha256"):
                return
            if time.monotonic() > deadline:
                raise StorageUnavailable("Yandex Disk has not kept the file yet.")
            await asyncio.sleep(pause)
            pause = min(2.0, pause * 2)

    async def _move(self, http: httpx.AsyncClient, path: str, final: str) -> None:
        for _ in range(2):
            answer = await self.api.call(
                http,
                "POST",
                f"{_RESOURCES}/move",
                {"from": path, "path": final, "overwrite": "true"},
                ok=(201, 202, 409),
            )
            if answer.status_code != httpx.codes.CONFLICT:
                await self.api.finish(http, answer)
                return
            await self._forget_folder(http, final.rpartition("/")[0])
        raise StorageUnavailable("Yandex Disk does not move the file to its place.")

    async def _remove(self, http: httpx.AsyncClient, path: str) -> None:
        answer = await self.api.call(
            http, "DELETE", _RESOURCES, {"path": path, "permanently": "true"}, ok=(202, 204, 404)
        )
        await self.api.finish(http, answer)

    async def _items(self, http: httpx.AsyncClient, folder: str) -> AsyncIterator[dict[str, Any]]:
        """What lies in the folder, page by page; nothing when there is no such folder."""
        item = "_embedded.items."
        fields = ",".join(item + name for name in ("name", "type", "size", "modified"))
        asked = {"path": f"{self.root}/{folder}", "limit": PAGE, "sort": "name", "fields": fields}
        offset = 0
        while True:
            answer = await self.api.call(
                http, "GET", _RESOURCES, {**asked, "offset": offset}, ok=(200, 404)
            )
            items = answer.json().get("_embedded", {}).get("items", []) if answer.is_success else []
            for found in items:
                yield found
            if len(items) < PAGE:
                return
            offset += PAGE

    async def _download(
        self, http: httpx.AsyncClient, key: str, start: int, end: int | None
    ) -> AsyncIterator[bytes]:
        async with self._range(http, key, start, end) as answer:
            if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                return
            skipped = 0 if answer.status_code == httpx.codes.PARTIAL_CONTENT else start
            left = None if end is None else end - start
            async for chunk in answer.aiter_bytes(CHUNK_BYTES):
                part, skipped = chunk[skipped:], max(0, skipped - len(chunk))
                part = part if left is None else part[:left]
                left = None if left is None else left - len(part)
                if part:
                    yield part
                if left == 0:
                    return

    @asynccontextmanager
    async def _range(
        self, http: httpx.AsyncClient, key: str, start: int, end: int | None
    ) -> AsyncIterator[httpx.Response]:
        """The download from `start`, with a link that may be some minutes old, or else a new one."""
        wanted = f"bytes={start}-{'' if end is None else end - 1}"
        pauses = iter(self.api.pauses)
        while True:
            link, is_new = await self._download_link(http, key)
            headers = {"Range": wanted, "Accept-Encoding": "identity"}
            async with http.stream("GET", link, headers=headers, follow_redirects=True) as answer:
                if answer.status_code in (200, 206, 416):
                    yield answer
                    return
            self._links.pop((self.connection_id, key), None)
            await self._pause_before_next(
                answer, None if is_new and answer.status_code in _GONE else next(pauses, None)
            )

    async def _pause_before_next(self, answer: httpx.Response, pause: float | None) -> None:
        if pause is None or not (is_passing(answer) or answer.status_code in _GONE):
            raise _download_error(answer)
        if is_passing(answer):
            await asyncio.sleep(patience(pause, answer))

    async def _download_link(self, http: httpx.AsyncClient, key: str) -> tuple[str, bool]:
        """Where the bytes are, and whether we have just asked for it."""
        place, now = (self.connection_id, key), time.monotonic()
        known = self._links.get(place)
        if known is not None and known[1] > now:
            return known[0], False
        answer = await self.api.call(
            http, "GET", f"{_RESOURCES}/download", {"path": self._path(key)}
        )
        if len(self._links) >= MOST_LINKS:
            self._links.clear()
        self._links[place] = (str(answer.json()["href"]), now + LINK_SECONDS)
        return self._links[place][0], True


def answer_is_stale(answer: httpx.Response | None) -> bool:
    """Whether the link is used up, and a new one would do (404 and 410; 412 after a broken upload)."""
    return answer is not None and answer.status_code in (404, 410, 412)


def _download_error(answer: httpx.Response) -> StorageError:
    if answer.status_code in (403, 410):
        return StorageUnavailable("Yandex Disk withdraws the links to its downloads.")
    return error_of(answer)


def _sized(source: Path) -> dict[str, str]:
    return {
        "Content-Length": str(source.stat().st_size),
        "Content-Type": "application/octet-stream",
    }


async def _bytes_of(source: Path) -> AsyncIterator[bytes]:
    with source.open("rb") as file:
        while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield chunk
