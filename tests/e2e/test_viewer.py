"""The viewer in a real browser, before a camera whose truth is known."""

from collections.abc import Sequence
from itertools import pairwise

import av
import cv2
import numpy as np
import pytest

from app.demo.media import SampleMedia
from bench.tracking.metrics import corner_error
from tests.e2e.browser import chromium, open_page, wait_until
from tests.e2e.footage import Footage, blocks_of, read_number
from tests.e2e.viewer import SeenFrame, Viewer
from tests.support.stack import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

WITHIN_PX, SHARE = 3.0, 0.95
WATCHED_SECONDS = 8.0
SMALL = (240, 160)
_NIGHT = """() => {
  const { currentTime, duration } = document.getElementById('arv-video');
  return Math.abs(currentTime / duration - 0.45) < 0.1;
}"""


def errors_of(frames: Sequence[SeenFrame], film: Footage) -> list[float]:
    """Mean corner error of every frame whose number could be read; infinite where nothing was seen."""
    assert film.corners is not None
    return [
        corner_error(frame.corners, film.corners[frame.number])
        if frame.corners is not None
        else float("inf")
        for frame in frames
        if frame.number is not None
    ]


def distribution(errors: Sequence[float]) -> str:
    """For the log of a run: where we are on the way to 3 px on 95 % of the frames."""
    finite = [error for error in errors if np.isfinite(error)]
    shares = "  ".join(
        f"{limit:g} px {np.mean(np.asarray(errors) < limit):.1%}" for limit in (0.5, 1, 2, 3, 5, 8)
    )
    return (
        f"{len(errors)} frames, {len(errors) - len(finite)} without print; within {shares}; "
        f"median {np.median(finite):.2f} px, worst {max(finite):.2f} px"
    )


def test_video_lies_on_the_print(
    running_stack: RunningStack, published_link: str, print_footage: Footage
) -> None:
    """It tracks, the video runs, and both what it says and what it draws lie on the true corners."""
    with chromium(print_footage.path) as browser:
        context = browser.new_context(viewport={"width": 412, "height": 823})
        page, watch = open_page(context, running_stack.url)
        viewer = Viewer(page)
        viewer.open(published_link)
        viewer.start_camera()
        viewer.wait_for("tracking")
        frames = viewer.watch(WATCHED_SECONDS)
    errors = errors_of(frames, print_footage)
    print("\nviewer: " + distribution(errors))
    readable = [frame for frame in frames if frame.number is not None]
    assert len(readable) >= 0.95 * len(frames)
    assert len(readable) >= 3 * WATCHED_SECONDS
    assert np.mean(np.asarray(errors) < WITHIN_PX) >= SHARE
    _assert_drawn_where_tracked(frames)
    _assert_playing(frames)
    assert watch.problems == []
    assert watch.foreign == []


def _assert_drawn_where_tracked(frames: Sequence[SeenFrame]) -> None:
    """The browser's own geometry puts the video's corners on the corners of the same frame."""
    gaps = [
        float(np.abs(frame.shown - frame.corners).max())
        for frame in frames
        if frame.corners is not None and frame.shown is not None
    ]
    assert gaps
    assert max(gaps) < 0.75


def _assert_playing(frames: Sequence[SeenFrame]) -> None:
    """The video's time runs on, about as fast as the clock."""
    times = [frame.video_time for frame in frames if frame.state == "tracking"]
    played = sum(max(after - before, 0) for before, after in pairwise(times))
    assert played > 0.5 * WATCHED_SECONDS


def test_screen_shows_the_clip_in_the_prints_place(
    running_stack: RunningStack, published_link: str, print_footage: Footage, sample: SampleMedia
) -> None:
    """A screenshot, laid flat by the true corners of the frame in it, is the night of the clip."""
    with chromium(print_footage.path) as browser:
        context = browser.new_context(viewport={"width": 960, "height": 720})
        page, _ = open_page(context, running_stack.url)
        viewer = Viewer(page)
        viewer.open(published_link)
        viewer.start_camera()
        viewer.wait_for("tracking")
        wait_until(page, _NIGHT)
        screen = viewer.bare_screenshot()
    assert print_footage.corners is not None
    number = read_number(blocks_of(screen))
    assert number is not None
    flat = _laid_flat(screen, print_footage.corners[number])
    with av.open(str(sample.clip)) as container:
        clip = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    alike = [
        _likeness(flat, cv2.resize(frame, SMALL, interpolation=cv2.INTER_AREA)) for frame in clip
    ]
    best = int(np.argmax(alike))
    print(
        f"\nviewer: screen is like clip frame {best}: {alike[best]:.3f}, like the print {alike[0]:.3f}"
    )
    assert alike[best] > 0.85
    assert abs(best / len(clip) - 0.5) < 0.25
    assert alike[best] > alike[0] + 0.1


def _laid_flat(screen: np.ndarray, corners: np.ndarray) -> np.ndarray:
    square = np.array([[0, 0], [SMALL[0], 0], [SMALL[0], SMALL[1]], [0, SMALL[1]]], np.float32)
    return cv2.warpPerspective(
        screen, cv2.getPerspectiveTransform(corners.astype(np.float32), square - 0.5), SMALL
    )


def _likeness(first: np.ndarray, second: np.ndarray) -> float:
    """Correlation of two pictures, -1 to 1."""
    return float(
        np.corrcoef(first.reshape(-1).astype(float), second.reshape(-1).astype(float))[0, 1]
    )


def test_nothing_is_seen_where_nothing_is(
    running_stack: RunningStack, published_link: str, empty_footage: Footage
) -> None:
    """Before a scene without the print it scans all the time and shows no video."""
    with chromium(empty_footage.path) as browser:
        page, watch = open_page(browser.new_context(), running_stack.url)
        viewer = Viewer(page)
        viewer.open(published_link)
        viewer.start_camera()
        frames = viewer.watch(WATCHED_SECONDS)
        states = viewer.states()
    assert len(frames) >= 3 * WATCHED_SECONDS
    assert {frame.state for frame in frames} == {"scanning"}
    assert all(frame.corners is None for frame in frames)
    assert "tracking" not in states
    assert watch.problems == []
