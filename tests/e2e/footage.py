"""Footage for Chromium's fake camera: the demo print moving in perspective, every frame numbered.

Motion JPEG (frames one after another), which the browser plays at 30 frames a second, over and over;
the motion is periodic, so that nothing jumps where it begins anew. In the top left corner stands a
bar of black and white blocks with the frame's number, so that a test can read from the viewer's canvas
which frame was tracked.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from app.core.config import CHECKOUT
from bench.tracking.camera import Camera, View
from bench.tracking.conditions import Sensor
from bench.tracking.images import cluttered_background
from bench.tracking.motion import Path as MotionPath
from bench.tracking.raster import Image as Pixels
from bench.tracking.raster import Matrix
from bench.tracking.sequence import Print, Sequence
from bench.tracking.surface import Surface

FPS = 30
CAMERA = Camera(640, 480, vertical_fov_degrees=50)
PRINT_HEIGHT_M = 0.20
JPEG_QUALITY = 93
SECONDS = 5.0

BLOCK = 14
LEFT, TOP = 10, 8
NUMBER_BITS, CHECK_BITS = 10, 4
BLOCKS = 2 + NUMBER_BITS + CHECK_BITS
"""A white and a black block to tell light from dark, then number and check, highest bit first."""


KEPT = CHECKOUT / ".make"


@dataclass(frozen=True)
class Footage:
    """A film for the fake camera. `corners[i]`: (4, 2) truth in frame pixels, or None without print."""

    path: Path
    corners: list[Matrix] | None


def film_print(photo: Path, *, seconds: float = SECONDS) -> Footage:
    """Footage of `photo` as a print, tilted, turned, nearer and farther; kept between runs."""
    image = np.asarray(Image.open(photo).convert("RGB"), dtype=np.uint8)
    sequence = _sequence(image, round(seconds * FPS))
    path = _kept(sequence, "print", photo.read_bytes())
    corners = [sequence.truths_at(index)[0].corners for index in range(sequence.length)]
    return Footage(path, corners)


def film_nothing(*, seconds: float = SECONDS) -> Footage:
    """The same table and the same motion, without the print."""
    sequence = _sequence(np.full((200, 300, 3), 128, np.uint8), round(seconds * FPS))
    empty = replace(sequence, prints=[], absent=sequence.prints)
    return Footage(_kept(empty, "nothing", b""), None)


def _kept(sequence: Sequence, name: str, photo: bytes) -> Path:
    """The film of `sequence`, rendered if this code, its renderer or the photo is new."""
    digest = hashlib.sha256(photo + bytes(sequence.length % 256))
    sources = [Path(__file__), *sorted((CHECKOUT / "bench" / "tracking").glob("*.py"))]
    for source in sources:
        digest.update(source.read_bytes())
    path = KEPT / f"footage-{name}-{digest.hexdigest()[:12]}.mjpeg"
    if not path.exists():
        KEPT.mkdir(exist_ok=True)
        unfinished = path.with_suffix(".part")
        _write(unfinished, sequence)
        unfinished.replace(path)
    return path


def _sequence(image: Pixels, length: int) -> Sequence:
    background = Surface(cluttered_background("report", 4), repeats=True)
    shown = Print("demo", image, PRINT_HEIGHT_M, Surface(image), _path(length / FPS))
    sensor = Sensor(read_noise=1.0, shot_noise=2.0, exposure=0.004)
    return Sequence(
        "e2e", "demo", 5, [shown], background, length, camera=CAMERA, sensor=sensor, fps=FPS,
        background_gap_m=0.12,
    )  # fmt: skip


def _path(period: float) -> MotionPath:
    """A periodic motion, a little of everything."""

    def view(seconds: float) -> View:
        turn = 2 * math.pi * seconds / period
        return View(
            x=0.5 + 0.06 * math.sin(turn) + 0.012 * math.sin(5 * turn),
            y=0.54 + 0.05 * math.sin(2 * turn + 0.6),
            size=0.50 + 0.09 * math.cos(turn),
            pitch=math.radians(24) * math.sin(turn + 0.9),
            yaw=math.radians(32) * math.sin(2 * turn),
            roll=math.radians(11) * math.sin(turn + 2.2),
        )

    return view


def _write(path: Path, sequence: Sequence) -> None:
    with path.open("wb") as file:
        for number, frame in enumerate(sequence.frames()):
            image = np.array(frame.image)
            stamp_number(image, number)
            file.write(jpeg(image))


def jpeg(image: Pixels) -> bytes:
    """One frame of Motion JPEG from RGB pixels."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    done, encoded = cv2.imencode(".jpg", image[:, :, ::-1], quality)
    assert done
    return bytes(encoded)


def check_of(number: int) -> int:
    """Four bits that a misread number does not have."""
    return (number * 7 + (number >> 4) * 3 + 5) & 0xF


def stamp_number(image: Pixels, number: int) -> None:
    """Draw `number` into the corner of an RGB image, in place."""
    value = (number << CHECK_BITS) | check_of(number)
    bits = [1, 0, *((value >> shift) & 1 for shift in reversed(range(NUMBER_BITS + CHECK_BITS)))]
    image[TOP - 6 : TOP + BLOCK + 6, LEFT - 6 : LEFT + BLOCKS * BLOCK + 6] = 128
    for place, bit in enumerate(bits):
        left = LEFT + place * BLOCK
        image[TOP : TOP + BLOCK, left : left + BLOCK] = 255 * bit


def blocks_of(image: Pixels) -> list[int]:
    """The stamped blocks of a frame, 0 or 1 each."""
    inner = slice(TOP + 4, TOP + BLOCK - 4)
    lefts = [LEFT + place * BLOCK for place in range(BLOCKS)]
    return [int(image[inner, left + 4 : left + BLOCK - 4].mean() > 128) for left in lefts]


def read_number(bits: list[int]) -> int | None:
    """The number of a stamped frame from its blocks (0 or 1 each); None when they do not fit."""
    if len(bits) != BLOCKS or bits[0] != 1 or bits[1] != 0:
        return None
    value = 0
    for bit in bits[2:]:
        value = (value << 1) | bit
    number, check = value >> CHECK_BITS, value & ((1 << CHECK_BITS) - 1)
    return number if check == check_of(number) else None


def frames_of(path: Path) -> Iterator[Pixels]:
    """The frames of a footage file, RGB, as a browser would decode them."""
    content = path.read_bytes()
    start = 0
    while (start := content.find(b"\xff\xd8\xff", start)) >= 0:
        end = content.find(b"\xff\xd9", start) + 2
        decoded = cv2.imdecode(np.frombuffer(content[start:end], np.uint8), cv2.IMREAD_COLOR)
        assert decoded is not None
        yield np.asarray(decoded[:, :, ::-1], dtype=np.uint8)
        start = end
