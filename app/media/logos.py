"""Logos made fit to serve: WebP without loss, transparency kept, no metadata, at most 1024 pixels a side."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.media.errors import ImageTypeRefused
from app.media.images import decode_picture

MAX_LOGO_BYTES: Final = 5 * 1024**2
MOST_PIXELS: Final = 16_000_000
DECODERS: Final = {"image/png": ("PNG",), "image/jpeg": ("JPEG",), "image/webp": ("WEBP",)}


@dataclass(frozen=True, slots=True)
class PreparedLogo:
    """A logo as it will be served, and as the company's mails carry it (a small PNG)."""

    data: bytes
    width: int
    height: int
    mail_png: bytes
    mail_width: int
    mail_height: int


async def prepare_logo(source: Path, media_type: str | None) -> PreparedLogo:
    """The logo re-encoded. Raises `ImageTypeRefused`, `ImageTooLarge` or `ImageBroken`."""
    if media_type not in DECODERS:
        raise ImageTypeRefused(
            "This is no picture a logo can be made of. Send a PNG, WebP or JPEG."
        )
    output = source.with_name(f"{source.name}.logo")
    mail_output = source.with_name(f"{source.name}.mail-logo")
    try:
        facts = await decode_picture(
            "logo",
            source,
            writes=[output, mail_output],
            max_pixels=MOST_PIXELS,
            decoders=DECODERS[media_type],
            output=str(output),
            mail_output=str(mail_output),
        )
        return PreparedLogo(
            output.read_bytes(),
            facts["width"],
            facts["height"],
            mail_output.read_bytes(),
            facts["mail_width"],
            facts["mail_height"],
        )
    finally:
        output.unlink(missing_ok=True)
        mail_output.unlink(missing_ok=True)
