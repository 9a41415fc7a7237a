"""Stored files for the one-machine size; in production nginx or the object store serves them."""

from fastapi import Request, Response
from fastapi.responses import FileResponse

from app.core.errors import NotFound
from app.storage.port import FileMissing
from app.storage.service import local_storage

MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "arvt": "application/octet-stream",
}
# The key names the content, so a copy never grows old. Whatever a file holds, it runs nothing.
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


async def answer(key: str, request: Request) -> Response:
    """The file, or the range of it that was asked for. Raises `NotFound`."""
    try:
        path = local_storage().path_of(key)
    except FileMissing:
        raise _unknown() from None
    media_type = MEDIA_TYPES.get(path.suffix[1:])
    if media_type is None or not path.is_file():
        raise _unknown()
    headers = HEADERS | {"ETag": f'"{path.stem}"'}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=media_type, headers=headers)


def _unknown() -> NotFound:
    return NotFound("There is no such file.")
