"""Stored files. The installation's folder is served here for the one-machine size only (nginx does it in
production); what other storages keep is streamed through here when it can not be fetched from them.

An address is signed and ends (app/storage/links.py): 403 for one nobody gave out, 410 for one that is over.
"""

import re
from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import FileResponse, StreamingResponse

from app.core.clock import utcnow
from app.core.errors import Forbidden, Gone, NotFound, Unavailable
from app.storage import links, opening
from app.storage.opening import local_storage
from app.storage.port import (
    EXTENSIONS,
    FileMissing,
    Storage,
    StorageError,
    is_served,
    media_type_of,
    sha256_of,
)

# The key names the content and the address ends, so a copy never grows old; whatever a file holds, it runs
# nothing. Only the browser keeps it: what stands between could give it out when the address is over.
HEADERS: Final = {
    "Cache-Control": "private, max-age=3600, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Accept-Ranges": "bytes",
}
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class LinkInvalid(Forbidden):
    """The address carries no signature of ours, or another one's."""

    code = "link_invalid"
    title = "This address was not given out"


class LinkEnded(Gone):
    """The address was good once. Whoever may see the file is given a new one."""

    code = "link_ended"
    title = "This address has ended"


async def answer_local(key: str, request: Request) -> Response:
    """A file of the folder, or the range that was asked for.

    Raises `NotFound`, `LinkInvalid`, `LinkEnded`.
    """
    path = local_storage().path_of(_served(key))
    _require_valid_link(request)
    if not path.is_file():
        raise _unknown()
    headers = _headers(key)
    if _is_known(request, headers):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=media_type_of(key), headers=headers)


async def answer_stored(connection_id: UUID, key: str, request: Request) -> Response:
    """A file of another storage, streamed. Raises as `answer_local`, and `Unavailable`."""
    headers = _headers(_served(key))
    _require_valid_link(request)
    if _is_known(request, headers):
        return Response(status_code=304, headers=headers)
    try:
        storage = await opening.storage_by_id(connection_id)
        return await _part(storage, key, request, headers)
    except FileMissing:
        raise _unknown() from None
    except StorageError as error:
        raise Unavailable("The storage of this file does not answer. Try again soon.") from error


async def _part(storage: Storage, key: str, request: Request, headers: dict[str, str]) -> Response:
    size = await storage.size_of(key)
    start, end = _span(request, headers["ETag"], size)
    if start >= end:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    status = 200 if (start, end) == (0, size) else 206
    headers["Content-Length"] = str(end - start)
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    if request.method == "HEAD":
        return Response(status_code=status, media_type=media_type_of(key), headers=headers)
    body = await _begun(storage, key, start, end)
    return StreamingResponse(
        body, status_code=status, media_type=media_type_of(key), headers=headers
    )


def _require_valid_link(request: Request) -> None:
    ends, signature = request.query_params.get("e", ""), request.query_params.get("s", "")
    if not links.is_signed(request.url.path, ends, signature):
        raise LinkInvalid("Ask for the content again: its answer holds an address that works.")
    if not links.is_current(ends, utcnow()):
        raise LinkEnded("Ask for the content again: its answer holds a new address.")


def _served(key: str) -> str:
    """The key again. Raises `NotFound` for what is no key, what people sent, and types we do not serve."""
    if not is_served(key) or key.rpartition(".")[2] not in EXTENSIONS.values():
        raise _unknown()
    return key


def _headers(key: str) -> dict[str, str]:
    return HEADERS | {"ETag": f'"{sha256_of(key)}"'}


def _is_known(request: Request, headers: dict[str, str]) -> bool:
    return headers["ETag"] in request.headers.get("if-none-match", "")


def _span(request: Request, etag: str, size: int) -> tuple[int, int]:
    """First byte and the one after the last that were asked for (RFC 9110, 14.1.2); all without a range.

    Several ranges, or of another file (`If-Range`), are answered with the whole file.
    """
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if asked is None or request.headers.get("if-range", etag) != etag or asked[1] == asked[2] == "":
        return 0, size
    if asked[1] == "":
        return max(0, size - int(asked[2])), size
    end = int(asked[2]) + 1 if asked[2] else size
    return int(asked[1]), min(end, size)


async def _begun(storage: Storage, key: str, start: int, end: int) -> AsyncIterator[bytes]:
    """The bytes; the first of them have come, so that what fails at once still gets its own answer."""
    chunks = storage.open(key, start=start, length=end - start)
    first = await anext(aiter(chunks), b"")

    async def rest() -> AsyncIterator[bytes]:
        yield first
        async for chunk in chunks:
            yield chunk

    return rest()


def _unknown() -> NotFound:
    return NotFound("There is no such file.")
