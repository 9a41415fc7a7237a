"""The built pages themselves: the panel for every path nobody else answers, and the viewer's assets.

nginx serves these in production. Here they are compressed once and kept, for the one-machine size.
"""

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

from app.core.config import get_settings
from app.core.errors import NotFound
from app.core.http import DEFAULT_CSP
from app.viewer.language import preferred_language
from app.viewer.messages import PANEL_MISSING, message_page

router = APIRouter(include_in_schema=False)

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
COMPRESSED = (".html", ".js", ".css", ".svg", ".json", ".wasm", ".txt", ".map")
MEDIA_TYPES = {".js": "text/javascript", ".wasm": "application/wasm", ".woff2": "font/woff2"}
# Paths of programs: what is unknown there is an error, not a page of the panel.
PROGRAM_PATHS = ("api/", "storage/", "stored/", "ar/")


@router.api_route("/viewer/{path:path}", methods=["GET", "HEAD"])
async def viewer_asset(path: str, request: Request) -> Response:
    """Scripts, styles and the engine of the viewer. Its page is only served filled, at `/ar/`."""
    found = _built_file(get_settings().web.dist_folder("viewer"), path)
    if found is None or found.suffix == ".html":
        raise NotFound("There is no such file.")
    return _file(found, request)


@router.api_route("/{path:path}", methods=["GET", "HEAD"])
async def panel_page(path: str, request: Request) -> Response:
    """A file of the panel, or its one page, which finds out itself what the path means."""
    if path.startswith(PROGRAM_PATHS) or path == "api":
        raise NotFound("There is nothing at this address.")
    folder = get_settings().web.dist_folder("admin")
    found = _built_file(folder, path)
    if found is not None:
        return _file(found, request)
    if "." in path.rsplit("/", 1)[-1]:
        raise NotFound("There is no such file.")
    index = _built_file(folder, "index.html")
    if index is None:
        language = preferred_language(request.headers.get("accept-language", ""))
        return message_page(PANEL_MISSING, language)
    return _file(index, request)


def _policy() -> str:
    """The usual one; the operator may name object stores that files are sent to straight from the page."""
    allowed = " ".join(("connect-src 'self'", *get_settings().uploads.origins))
    return DEFAULT_CSP.replace("connect-src 'self'", allowed)


def _built_file(folder: Path, path: str) -> Path | None:
    """The file of a path, if it is one of the build; nothing outside the folder, nothing hidden."""
    root = folder.resolve()
    if "\0" in path or any(part.startswith(".") for part in path.split("/")):
        return None
    found = (root / path).resolve()
    return found if found.is_relative_to(root) and found.is_file() else None


def _file(path: Path, request: Request) -> Response:
    stat = path.stat()
    etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    is_hashed = path.parent.name == "assets"
    headers = {
        "ETag": etag,
        "Cache-Control": IMMUTABLE if is_hashed else REVALIDATE,
        "Vary": "Accept-Encoding",
    }
    if path.suffix == ".html":
        headers["Content-Security-Policy"] = _policy()
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    zipped = path.suffix in COMPRESSED and "gzip" in request.headers.get("accept-encoding", "")
    if zipped:
        headers["Content-Encoding"] = "gzip"
    return Response(
        _content(path, stat.st_mtime_ns, zipped=zipped),
        media_type=MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0],
        headers=headers,
    )


@lru_cache(maxsize=256)
def _content(path: Path, _modified: int, *, zipped: bool) -> bytes:
    content = path.read_bytes()
    return gzip.compress(content, 9, mtime=0) if zipped else content
