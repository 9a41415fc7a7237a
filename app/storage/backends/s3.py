"""A bucket of any service that speaks S3. Each wait has an end, and each error one of the port's names.

Requests go through `app.core.outbound_gate`: the endpoint is a customer's word, and the SDK
follows redirects.
"""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit
from uuid import UUID

import obstore
from obstore.store import S3Store

from app.core.clock import utcnow
from app.core.outbound_gate import gate
from app.storage.backends.s3_errors import SDK_ERRORS, error_of
from app.storage.backends.s3_signing import Signer
from app.storage.links import link_seconds, link_start, path_of_stored
from app.storage.measuring import measured
from app.storage.port import (
    FileMissing,
    SignedPut,
    StorageUnavailable,
    is_key,
    is_served,
    media_type_of,
    sha256_of,
)

PIECE_BYTES: Final = 8 * 1024 * 1024
PARTS_AT_ONCE: Final = 4
# A request that carries one piece ends within this; a longer wait is a storage that hangs.
REQUEST_SECONDS: Final = 60
ANSWER_SECONDS: Final = 15
CONNECT_SECONDS: Final = 5
RETRIES: Final = 3
RETRY_SECONDS: Final = 20
# A whole file may take this long and a second for each so many bytes: 100 kB/s.
FILE_SECONDS: Final = 60
SLOWEST_BYTES_PER_SECOND: Final = 100_000
# What a browser keeps may not outlive the address by much.
CACHE: Final = "private, max-age=3600, immutable"


@dataclass(frozen=True, slots=True)
class S3Settings:
    """What a connection says. `public_endpoint` is where browsers reach the bucket, if elsewhere.

    `is_operators`: the endpoint is the operator's own word, so it may be anywhere, and needs no gate.
    """

    endpoint: str
    region: str
    bucket: str
    access_key_id: str
    secret_access_key: str
    prefix: str = ""
    path_style: bool = True
    delivery: Literal["direct", "through_arv"] = "direct"
    public_endpoint: str = ""
    is_operators: bool = False

    def bucket_url(self, endpoint: str = "") -> str:
        """The address of the bucket, in the style the service wants."""
        base = (endpoint or self.endpoint).rstrip("/")
        if self.path_style:
            return f"{base}/{self.bucket}"
        parts = urlsplit(base)
        return f"{parts.scheme}://{self.bucket}.{parts.netloc}{parts.path}"


@measured("s3")
class S3Storage:
    """Files of one connection, below its prefix in its bucket."""

    def __init__(self, connection_id: UUID, settings: S3Settings) -> None:
        self.connection_id: UUID | None = connection_id
        self.settings = settings
        self.signer = Signer(settings.access_key_id, settings.secret_access_key, settings.region)
        self.store = _client(settings)

    async def put(self, source: Path, key: str) -> None:
        """Large files go in parts; the service compares the checksum of each with what came."""
        size = source.stat().st_size
        with _our_errors(key):
            async with asyncio.timeout(FILE_SECONDS + size / SLOWEST_BYTES_PER_SECOND):
                await obstore.put_async(
                    self.store,
                    self._name(key),
                    source,
                    attributes={"Content-Type": media_type_of(key)},
                    chunk_size=PIECE_BYTES,
                    max_concurrency=PARTS_AT_ONCE,
                )
        if await self.size_of(key) != size:
            raise StorageUnavailable(
                "The storage kept another size. Try again.", code="content_damaged"
            )
        source.unlink(missing_ok=True)

    async def open(
        self, key: str, *, start: int = 0, length: int | None = None
    ) -> AsyncIterator[bytes]:
        """Each piece is a request of its own, so that one cut off is asked for again, and alone.

        A whole file is compared with the hash in its key: `StorageUnavailable` at the end if it differs.
        """
        size = await self.size_of(key)
        end = size if length is None else min(size, start + length)
        digest = hashlib.sha256()
        for begin in range(start, end, PIECE_BYTES):
            with _our_errors(key):
                got = await obstore.get_range_async(
                    self.store, self._name(key), start=begin, end=min(begin + PIECE_BYTES, end)
                )
            piece = bytes(got)
            digest.update(piece)
            yield piece
        if (start, end) == (0, size) and digest.hexdigest() != sha256_of(key):
            raise StorageUnavailable("The storage holds other bytes.", code="content_damaged")

    async def exists(self, key: str) -> bool:
        try:
            await self.size_of(key)
        except FileMissing:
            return False
        return True

    async def size_of(self, key: str) -> int:
        with _our_errors(key):
            found = await obstore.head_async(self.store, self._name(key))
        return found["size"]

    async def modified_at(self, key: str) -> datetime:
        with _our_errors(key):
            found = await obstore.head_async(self.store, self._name(key))
        return found["last_modified"]

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
        folder = prefix.rpartition("/")[0]
        pages = obstore.list(self.store, prefix=self.settings.prefix + folder, chunk_size=500)
        while True:
            with _our_errors(prefix):
                async with asyncio.timeout(REQUEST_SECONDS):
                    page = await anext(pages, None)
            if page is None:
                return
            for found in page:
                key = found["path"].removeprefix(self.settings.prefix)
                if is_key(key) and key.startswith(prefix):
                    yield key, found["size"]

    async def delete(self, key: str) -> None:
        try:
            with _our_errors(key):
                await obstore.delete_async(self.store, self._name(key))
        except FileMissing:
            return

    def url_for(self, key: str) -> str:
        """Below our own address, streamed through us: what pages of any policy may load."""
        return path_of_stored(self.connection_id, key, utcnow())

    def public_url_for(self, key: str) -> str:
        """Straight from the bucket, where the connection says so."""
        if self.settings.delivery == "through_arv" or not is_served(key):
            return self.url_for(key)
        return self.presign_get(key, moment=link_start(utcnow()), seconds=link_seconds())

    @property
    def public_origin(self) -> str | None:
        """Where `public_url_for` leads, for the policy of the page; None when to ourselves."""
        if self.settings.delivery == "through_arv":
            return None
        parts = urlsplit(self.settings.bucket_url(self.settings.public_endpoint))
        return f"{parts.scheme}://{parts.netloc}"

    def presign_get(self, key: str, *, moment: datetime, seconds: int) -> str:
        """An address that answers with the file until `moment` and so many seconds later."""
        query = {"response-cache-control": CACHE, "response-content-type": media_type_of(key)}
        return self.signer.presign(
            "GET", self._address(key), moment=moment, seconds=seconds, query=query
        )

    def presign_put(
        self, key: str, *, seconds: int, size_bytes: int, content_type: str = ""
    ) -> SignedPut:
        """Where a browser may send exactly this file: the signature covers its size, type and, by the
        checksum header, its bytes."""
        digest = bytes.fromhex(sha256_of(key))
        headers = {
            "Content-Length": str(size_bytes),
            "Content-Type": content_type or media_type_of(key),
            "x-amz-checksum-sha256": base64.b64encode(digest).decode(),
        }
        url = self.signer.presign(
            "PUT", self._address(key), moment=datetime.now(UTC), seconds=seconds, headers=headers
        )
        sent = {name: value for name, value in headers.items() if name != "Content-Length"}
        return SignedPut(url, sent)

    def _address(self, key: str) -> str:
        base = self.settings.bucket_url(self.settings.public_endpoint)
        return f"{base}/{self._name(key)}"

    def _name(self, key: str) -> str:
        if not is_key(key):
            raise FileMissing(key)
        return self.settings.prefix + key


def _client(settings: S3Settings) -> S3Store:
    parts = urlsplit(settings.bucket_url())
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    return S3Store(
        settings.bucket,
        endpoint=settings.bucket_url()
        if not settings.path_style
        else settings.endpoint.rstrip("/"),
        region=settings.region,
        access_key_id=settings.access_key_id,
        secret_access_key=settings.secret_access_key,
        virtual_hosted_style_request=not settings.path_style,
        checksum_algorithm="SHA256",
        disable_bulk_delete=True,
        client_options={
            "allow_http": parts.scheme == "http",
            "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
            "read_timeout": timedelta(seconds=ANSWER_SECONDS),
            "timeout": timedelta(seconds=REQUEST_SECONDS),
            **({} if settings.is_operators else {"proxy_url": gate().pass_for(host, port)}),
        },
        retry_config={
            "max_retries": RETRIES,
            "retry_timeout": timedelta(seconds=RETRY_SECONDS),
            "backoff": {
                "init_backoff": timedelta(milliseconds=200),
                "max_backoff": timedelta(seconds=3),
            },
        },
    )


@contextmanager
def _our_errors(key: str) -> Iterator[None]:
    try:
        yield
    except SDK_ERRORS as error:
        raise error_of(error, key) from error
