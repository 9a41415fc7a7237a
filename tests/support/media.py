"""Pictures and videos made on the spot, good and bad."""

import io
import struct
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

GPS_TAG = 0x8825
ORIENTATION_TAG = 0x0112

Pixels = npt.NDArray[np.uint8]


@lru_cache(maxsize=4)
def textured(width: int = 640, height: int = 480, seed: int = 7) -> Pixels:
    """Overlapping bright and dark rectangles of all sizes: plenty of corners; uint8 (h, w, 3)."""
    chance = np.random.default_rng(seed)
    pixels = np.full((height, width, 3), 128, np.uint8)
    for _ in range(420):
        w, h = chance.integers(6, width // 6), chance.integers(6, height // 6)
        x, y = chance.integers(0, width - w), chance.integers(0, height - h)
        pixels[y : y + h, x : x + w] = chance.integers(0, 256, 3)
    return pixels


def photo(
    width: int = 640,
    height: int = 480,
    *,
    seed: int = 7,
    kind: str = "JPEG",
    orientation: int | None = None,
    **options: Any,
) -> bytes:
    """A textured picture as a file; a JPEG says where it was taken, as a phone's does."""
    picture = Image.fromarray(textured(width, height, seed))
    if kind == "JPEG":
        options.setdefault("exif", _exif(orientation))
    return encoded(picture, kind, **options)


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def _exif(orientation: int | None) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "SecretPhoneMaker"
    if orientation is not None:
        exif[ORIENTATION_TAG] = orientation
    exif.get_ifd(GPS_TAG)[1] = "N"
    exif.get_ifd(GPS_TAG)[2] = (59.0, 56.0, 19.5)
    return exif


def grey_wall() -> bytes:
    """A picture without any texture."""
    return encoded(Image.new("RGB", (640, 480), (128, 128, 128)), "JPEG")


def huge_png(side: int = 20_000) -> bytes:
    """A valid PNG of `side` x `side` black pixels, one bit each: some 50 kB that decode to megapixels."""
    rows = zlib.compressobj(9)
    row = b"\0" * (1 + side // 8)
    data = b"".join([rows.compress(row * 1000) for _ in range(side // 1000)]) + rows.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@lru_cache(maxsize=16)
def clip(
    folder: Path,
    *,
    name: str = "clip.mp4",
    codec: str = "libx264",
    pixels: str = "yuv420p",
    frames: int = 30,
    rotation: int = 0,
    has_audio: bool = True,
) -> bytes:
    """A short moving picture, 320 x 240 at 30 a second, written by the libraries PyAV carries."""
    path = folder / name
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as container:
        container.metadata["location"] = "+59.9386+030.3141/"
        video = container.add_stream(codec, rate=30)
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = 320, 240, pixels
        if rotation:
            video.set_display_rotation(rotation)
        audio = container.add_stream("aac", rate=48_000) if has_audio else None
        for number in range(frames):
            container.mux(video.encode(_frame(number)))
        container.mux(video.encode())
        if audio is not None:
            for number in range(frames * 48_000 // 30 // 1024):
                container.mux(audio.encode(_silence(number)))
            container.mux(audio.encode())
    return path.read_bytes()


def _frame(number: int) -> av.VideoFrame:
    pixels = np.full((240, 320, 3), 40, np.uint8)
    pixels[:, (number * 8) % 320 :] = (255, 90, 60)
    return av.VideoFrame.from_ndarray(pixels, format="rgb24")


def _silence(number: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
    frame.sample_rate = 48_000
    frame.pts = number * 1024
    return frame
