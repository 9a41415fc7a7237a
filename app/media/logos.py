"""Logos made fit to serve: WebP without loss, transparency kept, no metadata, at most 1024 pixels a side."""

import asyncio
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from app.media.errors import ImageBroken, ImageTooLarge, ImageTypeRefused

MAX_LOGO_BYTES: Final = 5 * 1024**2
LONGEST_SIDE: Final = 1024
MOST_PIXELS: Final = 16_000_000
DECODERS: Final = {"image/png": ("PNG",), "image/jpeg": ("JPEG", "MPO"), "image/webp": ("WEBP",)}


@dataclass(frozen=True, slots=True)
class PreparedLogo:
    """A logo as it will be served."""

    data: bytes
    width: int
    height: int


async def prepare_logo(source: Path, media_type: str | None) -> PreparedLogo:
    """The logo re-encoded. Raises `ImageTypeRefused`, `ImageTooLarge` or `ImageBroken`."""
    if media_type not in DECODERS:
        raise ImageTypeRefused(
            "This is no picture a logo can be made of. Send a PNG, WebP or JPEG."
        )
    return await asyncio.to_thread(_prepare, source, DECODERS[media_type])


def _prepare(source: Path, decoders: tuple[str, ...]) -> PreparedLogo:
    try:
        with Image.open(source, formats=decoders) as opened:
            width, height = opened.size
            if width * height > MOST_PIXELS:
                raise ImageTooLarge(
                    f"The picture is {width:,} x {height:,} pixels; "
                    f"{LONGEST_SIDE} on the long side are plenty."
                )
            opened.load()
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise ImageBroken("The picture is damaged. Save it again and send that.") from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "WEBP", lossless=True, quality=80, method=4, exact=False)
    return PreparedLogo(out.getvalue(), *picture.size)
