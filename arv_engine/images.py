"""Reading pictures: from bytes, files or arrays to grey.

Grey is (77 R + 150 G + 29 B + 128) >> 8 of the sRGB values, the engine's own formula for RGBA frames,
so a picture gives the same target on every path. Transparency is laid over white, as on paper.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from arv_engine.errors import ImageError

MAX_PIXELS = 50_000_000
MIN_SIDE = 64
# Sides beyond this are decoded at a half, a quarter or an eighth where the format can (JPEG): the
# engine reduces to 640 x 480 pixels of area anyway.
_DRAFT_SIDE = 1600

Grey = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Picture:
    """A grey picture (uint8, height x width) and the size it had before any reduction."""

    grey: Grey
    width: int
    height: int


def read_picture(source: bytes | str | Path | npt.NDArray[np.uint8]) -> Picture:
    """The picture in grey, upright.

    `source`: an encoded file as bytes, a path, or an array uint8 of shape (h, w), (h, w, 3) RGB or
    (h, w, 4) RGBA. Raises ImageError (not_an_image, too_large, too_small).
    """
    if isinstance(source, np.ndarray):
        grey = grey_of(source)
        _check_size(grey.shape[1], grey.shape[0])
        return Picture(grey, grey.shape[1], grey.shape[0])
    if isinstance(source, bytes):
        return _decode(io.BytesIO(source))
    try:
        content = Path(source).read_bytes()
    except OSError as error:
        raise ImageError(
            "not_an_image", f"the picture can not be read: {error.strerror}"
        ) from error
    return _decode(io.BytesIO(content))


def grey_of(pixels: npt.NDArray[np.uint8]) -> Grey:
    """Grey (h, w) of an array uint8 (h, w), (h, w, 3) or (h, w, 4); raises ImageError otherwise."""
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3):
        raise ImageError("not_an_image", "expected an array of uint8 with two or three dimensions")
    if pixels.ndim == 2:
        return np.ascontiguousarray(pixels)
    if pixels.shape[2] not in (3, 4):
        raise ImageError("not_an_image", "expected three (RGB) or four (RGBA) values a pixel")
    wide = pixels.astype(np.uint32)
    grey = (77 * wide[..., 0] + 150 * wide[..., 1] + 29 * wide[..., 2] + 128) >> 8
    return np.ascontiguousarray(grey.astype(np.uint8))


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise ImageError(
            "too_large",
            f"{width} x {height} pixels; at most {MAX_PIXELS // 1_000_000} million are accepted",
        )
    if min(width, height) < MIN_SIDE:
        raise ImageError(
            "too_small", f"{width} x {height} pixels; each side needs at least {MIN_SIDE}"
        )


def _decode(file: io.BytesIO) -> Picture:
    with warnings.catch_warnings():
        # Pillow warns of large pictures; the limit here is checked before anything is decoded.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            image = Image.open(file)
            _check_size(*image.size)
            return _load(image)
        except ImageError:
            raise
        except Image.DecompressionBombError as error:
            raise ImageError("too_large", "the picture has too many pixels") from error
        except MemoryError:
            raise
        except Exception as error:
            # Pillow's decoders raise whatever their format code meets: OSError, SyntaxError, struct.error ...
            raise ImageError(
                "not_an_image", "this is not a picture that can be read, or it is damaged"
            ) from error


def _load(image: Image.Image) -> Picture:
    width, height = image.size
    if image.format == "JPEG":
        image.draft("RGB", (_DRAFT_SIDE, _DRAFT_SIDE))
    turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    image.load()
    upright = ImageOps.exif_transpose(image)
    if turned:
        width, height = height, width
    grey = grey_of(np.asarray(_to_rgb(upright)))
    return Picture(grey, max(width, grey.shape[1]), max(height, grey.shape[0]))


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        paper = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(paper, rgba).convert("RGB")
    if image.mode in ("I;16", "I;16B", "I;16L", "I"):
        # 16-bit grey would be cut off, not scaled, by convert().
        values = np.asarray(image).astype(np.uint32) >> 8
        return Image.fromarray(values.clip(0, 255).astype(np.uint8)).convert("RGB")
    return image.convert("RGB")
