"""Target files: the documented layout, and nothing else, is accepted."""

import random
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arv_engine import CompiledTarget, TargetError, Tracker, target_info
from tests.engine.scenes import HEIGHT, WIDTH, Pose, photo, render

HEADER = 64
CHECKED_FROM = 16


def resealed(content: bytes | bytearray) -> bytes:
    """The file with size and checksum made right again."""
    file = bytearray(content)
    struct.pack_into("<I", file, 8, len(file))
    struct.pack_into("<I", file, 12, zlib.crc32(file[CHECKED_FROM:]))
    return bytes(file)


@pytest.fixture(scope="module")
def frame() -> np.ndarray:
    """A frame that shows the print."""
    return render(photo("astronaut"), Pose(size=0.5))


def test_the_header_is_as_documented(coffee: CompiledTarget) -> None:
    """docs/engine/target-format.md, byte by byte."""
    magic, version, header, size, checksum = struct.unpack_from("<4sHHII", coffee.data)
    source = struct.unpack_from("<II", coffee.data, 16)
    picture_width, picture_height, quality, score = struct.unpack_from("<HHBb", coffee.data, 24)
    picture_bytes, features, spots = struct.unpack_from("<IHH", coffee.data, 32)

    assert (magic, version, header, size) == (b"ARVT", 1, HEADER, len(coffee.data))
    assert checksum == zlib.crc32(coffee.data[CHECKED_FROM:])
    assert source == (600, 400)
    assert (picture_width, picture_height) == (600, 400)
    assert 1 <= quality <= 100
    assert score == coffee.score
    assert size == HEADER + 40 * features + 4 * spots + picture_bytes


def test_a_newer_version_is_refused_by_that_name(coffee: CompiledTarget) -> None:
    """So that the message can say what to do."""
    file = bytearray(coffee.data)
    struct.pack_into("<H", file, 4, 2)

    with pytest.raises(TargetError, match="newer engine"):
        target_info(bytes(file))


@given(cut=st.integers(min_value=0, max_value=60_000))
@settings(max_examples=25, deadline=None)
def test_every_truncation_is_refused(coffee: CompiledTarget, cut: int) -> None:
    """However much is missing."""
    with pytest.raises(TargetError):
        target_info(coffee.data[: min(cut, len(coffee.data) - 1)])


@given(position=st.integers(min_value=0, max_value=60_000), bit=st.integers(0, 7))
@settings(max_examples=25, deadline=None)
def test_every_flipped_bit_is_noticed(coffee: CompiledTarget, position: int, bit: int) -> None:
    """By the checksum, or earlier."""
    file = bytearray(coffee.data)
    file[position % len(file)] ^= 1 << bit

    with pytest.raises(TargetError):
        target_info(bytes(file))


@given(content=st.binary(max_size=400))
@settings(max_examples=40, deadline=None)
def test_random_bytes_are_refused(content: bytes) -> None:
    """Also when they start like a target."""
    for start in (b"", b"ARVT", b"ARVT\x01\x00\x40\x00"):
        with pytest.raises(TargetError):
            target_info(start + content)


@pytest.mark.parametrize("seed", range(12))
def test_forged_files_never_harm_the_tracker(
    astronaut: CompiledTarget, frame: np.ndarray, seed: int
) -> None:
    """Random damage under a right checksum: refused, or tracked without a trap."""
    chance = random.Random(seed)
    file = bytearray(astronaut.data)
    for _ in range(chance.choice([1, 5, 60, 2000])):
        file[chance.randrange(CHECKED_FROM, chance.choice([HEADER, 40_000, len(file)]))] = (
            chance.randrange(256)
        )

    try:
        tracker = Tracker([resealed(file)], WIDTH, HEIGHT)
    except TargetError:
        return
    for shown in (frame, frame[::-1].copy(), frame):
        tracker.process(shown)


def test_an_empty_picture_part_is_refused(coffee: CompiledTarget) -> None:
    """Its size would not add up."""
    with pytest.raises(TargetError):
        target_info(resealed(coffee.data[:-100]))
