"""The SIMD build and the plain one: the same bits for frames and pictures of any size."""

from functools import partial

import cv2
import numpy as np
import pytest

from arv_engine import CompiledTarget, Tracker, compile_target, compiler
from arv_engine.wasm import Instance
from tests.engine.scenes import Pose, photo, render

SIZES = [(640, 480), (637, 479), (333, 251), (251, 444), (800, 600), (961, 541)]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
def test_frames_of_odd_sizes_are_searched_alike(
    astronaut: CompiledTarget, size: tuple[int, int]
) -> None:
    """No vector reads or writes what a row of other length has not got: large print and small one."""
    for pose in (Pose(size=0.7, tilt=20, spin=25), Pose(size=0.25, x=-0.2)):
        frame = cv2.resize(render(photo("astronaut"), pose), size, interpolation=cv2.INTER_AREA)
        fast = Tracker([astronaut.data], *size).process(frame)
        plain = Tracker([astronaut.data], *size, plain=True).process(frame)

        assert len(fast) == len(plain)
        assert pose.size < 0.5 or fast
        for a, b in zip(fast, plain, strict=True):
            assert np.array_equal(a.homography, b.homography)
            assert a.confidence == b.confidence


def test_a_picture_compiles_to_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Views, learning, spots and score, on a picture whose sides are no multiple of a vector."""
    picture = cv2.resize(photo("coffee"), (301, 203), interpolation=cv2.INTER_AREA)
    expected = compile_target(picture).data

    monkeypatch.setattr(compiler, "Instance", partial(Instance, plain=True))

    assert compile_target(picture).data == expected
