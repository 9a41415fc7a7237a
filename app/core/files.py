"""Outside bytes become files: kind by content, hash while streaming, durable before acknowledged."""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.core.errors import PayloadTooLarge

SNIFF_BYTES = 64
PIECE_BYTES = 1024 * 1024
PARTIAL_SUFFIX = ".partial"

_ISO_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
    b"qt  ": "video/quicktime",
}
_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
)


@dataclass(frozen=True, slots=True)
class TemporaryFile:
    """A file whose every byte is on disk, not yet under its final name."""

    path: Path
    size_bytes: int
    sha256: str
    media_type: str | None


def sniff_media_type(head: bytes) -> str | None:
    """The media type told by the first `SNIFF_BYTES` bytes, or None when they are of no known kind."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "video/x-msvideo"
    if head[4:8] in (b"moov", b"mdat", b"wide"):  # QuickTime from before it said so
        return "video/quicktime"
    if head[4:8] == b"ftyp":
        return _ISO_BRANDS.get(head[8:12], "video/mp4")
    if head[:4] == b"\x1aE\xdf\xa3":  # EBML: WebM says so in its DocType, else it is Matroska
        return "video/webm" if b"webm" in head else "video/x-matroska"
    return next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), None)


async def stream_to_temporary(
    chunks: AsyncIterable[bytes], folder: Path, *, max_bytes: int
) -> TemporaryFile:
    """Write the chunks to a new file in `folder`, in constant memory, hashed on the way and fsynced.

    Raises `PayloadTooLarge` as soon as `max_bytes` is passed. Whatever goes wrong, a client that went
    away included, the partial file is removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder, suffix=PARTIAL_SUFFIX)
    path = Path(name)
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            async for piece in _pieces(chunks):
                size += len(piece)
                if size > max_bytes:
                    raise PayloadTooLarge(f"More than the {max_bytes // 2**20} MB allowed.")
                head = head or bytes(piece[:SNIFF_BYTES])
                await asyncio.to_thread(_append, file, digest, piece)
            await asyncio.to_thread(_sync, file)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return TemporaryFile(path, size, digest.hexdigest(), sniff_media_type(head))


async def _pieces(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytearray]:
    """The bytes in pieces worth the way to a thread and back; the last may be short."""
    piece = bytearray()
    async for chunk in chunks:
        piece += chunk
        if len(piece) >= PIECE_BYTES:
            yield piece
            piece = bytearray()
    if piece:
        yield piece


def _append(file: BinaryIO, digest: "hashlib._Hash", piece: bytearray) -> None:
    view = memoryview(piece)
    while view:
        view = view[file.write(view) :]
    digest.update(piece)


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def keep_as(temporary: Path, final: Path) -> None:
    """Give a written file its final name: atomic, and durable because the folder is fsynced too."""
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary.chmod(0o644)
    temporary.replace(final)
    descriptor = os.open(final.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(final: Path, content: bytes) -> None:
    """Write `content` under `final` so that it is there whole or not at all."""
    final.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=final.parent, suffix=PARTIAL_SUFFIX)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            _sync(file)
        keep_as(Path(name), final)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
