"""Seeded fuzz cases: damaged target files, and frames no camera should deliver.

Case (seed, index) is always the same.
"""

from __future__ import annotations

import random
import struct
import zlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
HEADER, FEATURE, SPOT = 64, 40, 4
ODD = (0, 1, 2, 15, 16, 64, 127, 128, 159, 160, 161, 255, 256, 960, 961, 1024, 1025, 1536, 1537,
       32767, 32768, 65535, 65536, 307200, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)  # fmt: skip
FIELDS = (
    (4, "<H"), (16, "<I"), (20, "<I"), (24, "<H"), (26, "<H"), (28, "<B"), (29, "<B"), (32, "<I"),
    *((at, "<H") for at in range(36, 52, 2)),
)  # fmt: skip
TIMES = (-1.0, 0.0, 1e300, -1e300, float("inf"), float("nan"), 5.0)


@dataclass
class Case:
    """A target file, the frames it is sought in, and their times; sometimes a picture to compile."""

    name: str
    width: int
    height: int
    targets: list[bytes]
    frames: list[tuple[Grey, float]]
    rgba: bool = False
    reset_at: int = -1
    score_steps: int = 0
    compile_steps: int = 0
    picture: Grey | None = None
    strange: list[int] = field(default_factory=list)
    """Numbers to pass where handles and options are expected."""


@cache
def golden_target() -> bytes:
    """The version-1 file that every later engine loads."""
    return (GOLDEN / "version-1.arvt").read_bytes()


@cache
def golden_print() -> Grey:
    """The picture it was made of, uint8 (120, 160)."""
    image = cv2.imread(str(GOLDEN / "version-1.pgm"), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    return np.asarray(image, dtype=np.uint8)


def make_case(seed: int, index: int) -> Case:
    """Case `index` of `seed`."""
    chance = random.Random(f"{seed}/{index}")
    sides = (chance.randrange(64, 320), chance.randrange(64, 320))
    width, height = sides if chance.random() < 0.6 else (160, 120)
    case = Case(f"{seed}/{index}", width, height, [], [])
    case.targets = [damaged(chance) for _ in range(chance.choice([1, 1, 1, 3]))]
    if chance.random() < 0.3:
        case.targets.append(golden_target())
    for number in range(chance.randrange(1, 6)):
        time = number * 33.3 if chance.random() < 0.8 else chance.choice(TIMES)
        case.frames.append((frame_of(chance, width, height, number), time))
    case.rgba, case.reset_at = chance.random() < 0.2, chance.choice([-1, -1, 0, 2])
    case.score_steps = chance.choice([0] * 40 + [1, 2])
    if chance.random() < 0.03:
        case.compile_steps = chance.randrange(1, 60)
        case.picture = picture_of(chance)
    case.strange = [chance.choice([*ODD, chance.getrandbits(32)]) for _ in range(4)]
    return case


def damaged(chance: random.Random) -> bytes:
    """The golden file after one to four kinds of damage, its checksum mostly made right again."""
    file = bytearray(golden_target())
    for _ in range(chance.randrange(1, 5)):
        chance.choice((_odd_header, _odd_parts, _odd_parts, _random_bytes, _other_length))(
            file, chance
        )
    if len(file) >= HEADER and chance.random() < 0.95:
        _seal(file, chance)
    return bytes(file)


def frame_of(chance: random.Random, width: int, height: int, number: int) -> Grey:
    """The print moving slowly through clutter, or something else."""
    noise = np.random.default_rng(chance.getrandbits(32))
    kind = chance.choice(["shown"] * 6 + ["noise", "flat", "checkers", "extremes"])
    if kind == "flat":
        return np.full((height, width), chance.randrange(256), np.uint8)
    if kind == "noise":
        return noise.integers(0, 256, (height, width)).astype(np.uint8)
    if kind == "extremes":
        return (noise.integers(0, 2, (height, width)) * 255).astype(np.uint8)
    y, x = np.mgrid[0:height, 0:width]
    if kind == "checkers":
        cell = chance.randrange(1, 20)
        return ((x // cell + y // cell) % 2 * 255).astype(np.uint8)
    clutter = ((x * 7) ^ (y * 5)).astype(np.uint8)
    scale = chance.uniform(0.9, 1.2)
    shift = [
        [scale, chance.uniform(-0.1, 0.1), 3.0 * number],
        [chance.uniform(-0.1, 0.1), scale, 2.0],
    ]
    cv2.warpAffine(
        golden_print(),
        np.array(shift),
        (width, height),
        dst=clutter,
        borderMode=cv2.BORDER_TRANSPARENT,
    )
    if chance.random() < 0.3:
        clutter[: height // 2, chance.randrange(width) :] = chance.randrange(256)
    return clutter


def picture_of(chance: random.Random) -> Grey:
    """Something to compile: repeated print, noise, or next to nothing."""
    height, width = chance.randrange(40, 300), chance.randrange(40, 400)
    kind = chance.choice(["tiles", "noise", "flat"])
    if kind == "tiles":
        rows, columns = height // 120 + 1, width // 160 + 1
        return np.ascontiguousarray(np.tile(golden_print(), (rows, columns))[:height, :width])
    noise = np.random.default_rng(chance.getrandbits(32)).integers(0, 256, (height, width))
    return (noise if kind == "noise" else noise // 100 + 90).astype(np.uint8)


def _odd_header(file: bytearray, chance: random.Random) -> None:
    at, kind = chance.choice(FIELDS)
    if len(file) >= HEADER:
        (old,) = struct.unpack_from(kind, file, at)
        value = chance.choice([*ODD, old + 1, old - 1, old // 2])
        struct.pack_into(kind, file, at, value % (1 << 8 * struct.calcsize(kind)))


def _odd_parts(file: bytearray, chance: random.Random) -> None:
    """Places, directions and views of features; places of spots."""
    if len(file) < HEADER:
        return
    features, spots = struct.unpack_from("<HH", file, 36)
    first, size, count = HEADER, FEATURE, features
    if chance.random() < 0.3:
        first, size, count = HEADER + features * FEATURE, SPOT, spots
    for _ in range(chance.choice([1, 10, 400])):
        at = (
            first
            + chance.randrange(max(count, 1)) * size
            + chance.randrange(4 if size == SPOT else 8)
        )
        if at + 2 <= len(file):
            struct.pack_into("<H", file, at, chance.choice([*ODD, chance.getrandbits(16)]) & 0xFFFF)


def _random_bytes(file: bytearray, chance: random.Random) -> None:
    first = chance.choice([0, HEADER, len(file) // 2])
    if first < len(file):
        for _ in range(chance.choice([1, 6, 100, 3000])):
            file[chance.randrange(first, len(file))] = chance.randrange(256)


def _other_length(file: bytearray, chance: random.Random) -> None:
    if chance.random() < 0.5:
        del file[chance.choice([chance.randrange(len(file) + 1), -chance.randrange(1, 200)]) :]
    else:
        file += chance.randbytes(chance.choice([1, 64, 3000, 130_000]))


def _seal(file: bytearray, chance: random.Random) -> None:
    """Size, counts and checksum that add up, so that the damage is looked at."""
    if chance.random() < 0.9:
        file[:8] = golden_target()[:8]
    spots = sum(struct.unpack_from("<6H", file, 40)) & 0xFFFF
    struct.pack_into("<H", file, 38, spots)
    (features,) = struct.unpack_from("<H", file, 36)
    rest = len(file) - HEADER - features * FEATURE - spots * SPOT
    if rest > 0:
        struct.pack_into("<I", file, 32, rest)
    struct.pack_into("<I", file, 8, len(file))
    struct.pack_into("<I", file, 12, zlib.crc32(file[16:]))
