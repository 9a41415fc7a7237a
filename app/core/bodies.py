"""A request whose body is a file as it is, read as it arrives."""

from collections.abc import AsyncIterator

from fastapi import Request
from starlette.requests import ClientDisconnect

from app.core.errors import Invalid


class UploadInterrupted(Invalid):
    """Nobody receives this answer; it keeps a client that went away from looking like a crash."""

    code = "upload_interrupted"
    title = "The connection ended before the file was whole"


async def body_chunks(request: Request) -> AsyncIterator[bytes]:
    """The body piece by piece. Raises `UploadInterrupted` when the client goes away."""
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect as error:
        raise UploadInterrupted from error


def declared_size(request: Request) -> int | None:
    """The bytes the client announced, or None when it sends in chunks or nonsense."""
    value = request.headers.get("content-length", "")
    return int(value) if value.isascii() and value.isdigit() else None
