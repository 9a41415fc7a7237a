"""A deterministic slice of `make fuzz`, and the promise to read old files for ever."""

import numpy as np
import pytest

from arv_engine import Tracker, target_info
from tests.engine.fuzz.cases import golden_print, golden_target, make_case
from tests.engine.fuzz.sandbox import Finding, Sandbox

SLICE = 50


@pytest.mark.parametrize("plain", [False, True], ids=["simd", "plain"])
def test_broken_files_and_frames_do_no_harm(plain: bool) -> None:
    """No trap, no endless work, no leak, no result that is no place; the first cases of seed 0."""
    sandbox = Sandbox(plain=plain)

    for index in range(SLICE):
        sandbox.run(make_case(0, index))


def test_a_trap_would_be_a_finding() -> None:
    """What the fuzzer looks for, it sees: here a buffer beyond the end of the memory."""
    with pytest.raises(Finding, match="arv_target_info"):
        Sandbox().call("arv_target_info", 0x7FFF0000, 100, 16)


def test_work_without_end_would_be_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an allowance too small for a frame, the frame is reported as not ending."""
    case, sandbox = make_case(0, 0), Sandbox()
    monkeypatch.setattr("tests.engine.fuzz.sandbox.FUEL", 20_000)

    with pytest.raises(Finding, match="fuel"):
        sandbox.run(case)


def test_version_1_files_load_for_ever() -> None:
    """The file was made by the first engine (2026-11-23). Never make it anew: that is the point of it."""
    info = target_info(golden_target())

    assert info == {
        "version": 1, "width": 160, "height": 120, "features": 543, "patches": 219, "score": 94,
    }  # fmt: skip


def test_version_1_files_are_found_and_followed() -> None:
    """Loading is not enough: features, spots and picture still mean the same."""
    height, width = golden_print().shape
    frame = np.full((240, 320), 90, np.uint8)
    frame[60 : 60 + height, 80 : 80 + width] = golden_print()
    tracker = Tracker([golden_target()], 320, 240)

    states = [state for _ in range(3) for state in tracker.process(frame)]

    truth = np.array([[79.5, 59.5], [239.5, 59.5], [239.5, 179.5], [79.5, 179.5]])
    assert [state.state for state in states] == ["detected", "tracked", "tracked"]
    for state in states:
        assert state.corners == pytest.approx(truth, abs=0.2)
