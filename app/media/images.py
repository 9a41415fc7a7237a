"""Pictures made fit to serve: upright, sRGB, without EXIF or place, as JPEG with a WebP thumbnail.

The size is read from the header and refused before anything is decoded: a 20 KB PNG of 169 megapixels
would take 822 MB. Decoding and scaling happen in two threads at most, which bounds the memory.
"""

import asyncio
import io
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pillow_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from app.media.errors import ImageBroken, ImageTooLarge, ImageTypeRefused

LONGEST_SIDE: Final = 4096
JPEG_QUALITY: Final = 90
THUMBNAIL_SIDE: Final = 640
THUMBNAIL_QUALITY: Final = 80

# Media type told by the content, and the decoders that may open it.
DECODERS: Final = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/webp": ("WEBP",),
    "image/heic": ("HEIF",),
    "image/heif": ("HEIF",),
}

pillow_heif.register_heif_opener(thumbnails=False)
# Pillow's own limit only warns below twice its value; ours below refuses.
Image.MAX_IMAGE_PIXELS = None

_threads = ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1), thread_name_prefix="image")
_srgb = ImageCms.createProfile("sRGB")


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
    return await asyncio.get_running_loop().run_in_executor(
        _threads, _prepare, source, DECODERS[media_type], folder, max_pixels
    )


def _prepare(source: Path, decoders: tuple[str, ...], folder: Path, max_pixels: int) -> ServedImage:
    try:
        with Image.open(source, formats=decoders) as opened:
            _refuse_too_many_pixels(opened.size, max_pixels)
            picture = _upright_srgb(opened)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise ImageBroken(
            "The picture is damaged or was not sent whole. Open it on your device, save it again and "
            "send that."
        ) from error
    return _write(picture, source, folder)


def _refuse_too_many_pixels(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width * height > max_pixels:
        raise ImageTooLarge(
            f"The picture is {width:,} x {height:,} pixels; at most {max_pixels / 1e6:.0f} megapixels are "
            f"accepted. {LONGEST_SIDE} pixels on the long side are plenty."
        )


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


def _write(picture: Image.Image, source: Path, folder: Path) -> ServedImage:
    path = folder / f"{source.stem}.jpg"
    thumbnail_path = folder / f"{source.stem}.webp"
    picture.save(path, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    width, height = picture.size
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    picture.save(thumbnail_path, "WEBP", quality=THUMBNAIL_QUALITY, method=4)
    return ServedImage(path, thumbnail_path, width, height)
