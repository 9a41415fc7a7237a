"""Pictures made fit to serve: upright, sRGB, without EXIF or place, as JPEG with a WebP thumbnail.

They are decoded in a child process that may do nothing else, two at a time, which bounds the memory.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.media.child_process import GIGABYTE, ChildFailed, run_child
from app.media.errors import ImageBroken, ImageTooLarge, ImageTypeRefused

LONGEST_SIDE: Final = 4096
SECONDS: Final = 60
MEMORY_BYTES: Final = 2 * GIGABYTE

# Media type told by the content, and the decoders that may open it; MPO, of several JPEGs, is JPEG's too.
DECODERS: Final = {
    "image/jpeg": ("JPEG",),
    "image/png": ("PNG",),
    "image/webp": ("WEBP",),
    "image/heic": ("HEIF",),
    "image/heif": ("HEIF",),
}

_places = asyncio.Semaphore(2)


@dataclass(frozen=True, slots=True)
class ServedImage:
    """A picture as it will be served: two files in the folder asked for."""

    path: Path
    thumbnail_path: Path
    width: int
    height: int


async def prepare_image(
    source: Path, media_type: str | None, folder: Path, *, max_pixels: int
) -> ServedImage:
    """The picture made fit to serve. Raises `ImageTypeRefused`, `ImageTooLarge` or `ImageBroken`."""
    if media_type not in DECODERS:
        raise ImageTypeRefused(
            "This is not a picture ARV can read. Send a JPEG, PNG, WebP or HEIC file."
        )
    path = folder / f"{source.stem}.jpg"
    thumbnail_path = folder / f"{source.stem}.webp"
    facts = await decode_picture(
        "image",
        source,
        writes=[path, thumbnail_path],
        decoders=DECODERS[media_type],
        max_pixels=max_pixels,
        output=str(path),
        thumbnail=str(thumbnail_path),
    )
    return ServedImage(path, thumbnail_path, facts["width"], facts["height"])


async def decode_picture(
    task: str, source: Path, *, writes: list[Path], max_pixels: int, **job: Any
) -> dict[str, Any]:
    """What the child made of a picture. Raises `ImageTooLarge` or `ImageBroken`."""
    try:
        async with _places:
            facts = await run_child(
                task,
                source=source,
                writes=writes,
                seconds=SECONDS,
                memory_bytes=MEMORY_BYTES,
                max_pixels=max_pixels,
                **job,
            )
    except ChildFailed as error:
        raise _broken() from error
    match facts.get("refused"):
        case None:
            return facts
        case "too_large":
            raise ImageTooLarge(
                f"The picture is {facts['width']:,} x {facts['height']:,} pixels; at most "
                f"{max_pixels / 1e6:.0f} megapixels are accepted. {LONGEST_SIDE} pixels on the long side "
                "are plenty."
            )
        case "memory":
            raise ImageTooLarge(
                "The picture takes more memory than ARV gives it. Send a smaller one."
            )
    raise _broken()


def _broken() -> ImageBroken:
    return ImageBroken(
        "The picture is damaged or was not sent whole. Open it on your device, save it again and send that."
    )
