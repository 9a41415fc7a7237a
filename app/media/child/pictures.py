"""Pictures made fit to serve: upright, sRGB, without EXIF or place; and their thumbnails.

The size is read from the header and refused before anything is decoded: a 20 KB PNG of 169 megapixels
would take 822 MB.
"""

import io
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from app.media.child.refused import Refused

LONGEST_SIDE = 4096
JPEG_QUALITY = 90
THUMBNAIL_SIDE = 640
THUMBNAIL_QUALITY = 80
LOGO_SIDE = 1024
# Twice the 180 x 56 pixels of a mail's head, for screens that show two for one.
MAIL_LOGO = (360, 112)
BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, RuntimeError)

pillow_heif.register_heif_opener(thumbnails=False)
# Pillow's own limit only warns below twice its value; ours below refuses.
Image.MAX_IMAGE_PIXELS = None
Image.init()  # every format's module is loaded now, while files can still be read
_srgb = ImageCms.createProfile("sRGB")


def image(job: dict[str, Any]) -> dict[str, Any]:
    """Write `output` (JPEG) and `thumbnail` (WebP) of `source`. Raises `Refused`."""
    with Image.open(job["source"], formats=job["decoders"]) as opened:
        _refuse_too_many_pixels(opened.size, job["max_pixels"])
        picture = _upright_srgb(opened)
    picture.save(job["output"], "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    width, height = picture.size
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    picture.save(job["thumbnail"], "WEBP", quality=THUMBNAIL_QUALITY, method=4)
    return {"width": width, "height": height}


def logo(job: dict[str, Any]) -> dict[str, Any]:
    """Write `output`, a WebP without loss and with its transparency, and `mail_output`, a small PNG, since
    some mail programs know no WebP. Raises `Refused`."""
    with Image.open(job["source"], formats=job["decoders"]) as opened:
        _refuse_too_many_pixels(opened.size, job["max_pixels"])
        opened.load()
        picture = ImageOps.exif_transpose(opened).convert("RGBA")
    picture.thumbnail((LOGO_SIDE, LOGO_SIDE), Image.Resampling.LANCZOS)
    picture.info = {}
    picture.save(job["output"], "WEBP", lossless=True, quality=80, method=4, exact=False)
    small = picture.copy()
    small.thumbnail(MAIL_LOGO, Image.Resampling.LANCZOS)
    small.save(job["mail_output"], "PNG", optimize=True)
    return {
        "width": picture.width,
        "height": picture.height,
        "mail_width": small.width,
        "mail_height": small.height,
    }


TASKS = {"image": image, "logo": logo}


def _refuse_too_many_pixels(size: tuple[int, int], most: int) -> None:
    width, height = size
    if width * height > most:
        raise Refused("too_large", width=width, height=height)


def _upright_srgb(opened: Image.Image) -> Image.Image:
    """The picture decoded at no more than needed, in 8-bit sRGB, turned as its EXIF says."""
    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    opened.load()
    turned = ImageOps.exif_transpose(opened)
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    picture = _to_srgb(turned, opened.info.get("icc_profile"))
    picture.info = {}
    return picture


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    flat = _flattened(picture)
    if profile and flat.mode in ("RGB", "L", "CMYK"):
        try:
            converted = ImageCms.profileToProfile(
                flat, io.BytesIO(profile), _srgb, outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # A profile nobody can read: the numbers are taken for sRGB, as browsers do.
        else:
            return converted or flat.convert("RGB")
    return flat.convert("RGB")


def _flattened(picture: Image.Image) -> Image.Image:
    """Transparent pictures on white paper, deep ones at 8 bits; others as they are."""
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("P", "PA", "LA", "RGBA", "La", "RGBa") or "transparency" in picture.info:
        colored = picture.convert("RGBA")
        paper = Image.new("RGBA", colored.size, "white")
        return Image.alpha_composite(paper, colored).convert("RGB")
    return picture
