"""A transparent video on the print, in a real browser: where it is clear the camera's picture shows."""

import time
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from app.demo.media import SampleMedia
from tests.e2e.browser import chromium, open_page, wait_until
from tests.e2e.footage import Footage, blocks_of, frames_of, read_number
from tests.e2e.viewer import Viewer
from tests.flows.visitor import Panel, is_ready
from tests.support import films
from tests.support.stack import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

Pixels = npt.NDArray[np.uint8]

FLAT = (240, 160)
MAGENTA = (220, 20, 200)
_DRAWN = """() => {
  const canvas = document.getElementById('arv-alpha');
  return !canvas.hidden && canvas.width > 1 && document.getElementById('arv-video').currentTime > 0.3;
}"""
_NO_WEBGL = """
const open = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith('webgl') ? null : open.call(this, kind, ...rest);
};"""


@pytest.fixture(scope="module")
def transparent_link(
    running_stack: RunningStack, sample: SampleMedia, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A published print whose video is magenta at the right and nothing at the left, sent as WebM."""
    panel = Panel(running_stack)
    video = _half_there(tmp_path_factory.mktemp("alpha"), Image.open(sample.photo).size)
    content = panel.create_content(sample.photo.read_bytes(), video.read_bytes())
    panel.wait_for(content["id"], is_ready)
    _wait_for_video(panel, content["id"])
    path = f"{panel.base}/contents/{content['id']}/publish"
    return str(panel.expect(200, panel.client.post(path))["public_url"])


def _wait_for_video(panel: Panel, content_id: str) -> None:
    deadline = time.monotonic() + 90
    while (video := panel.content(content_id)["videos"][0])["status"] != "ready":
        assert time.monotonic() < deadline, video
        time.sleep(0.2)


def _half_there(folder: Path, shape: tuple[int, int]) -> Path:
    width = 480
    height = round(width * shape[1] / shape[0] / 2) * 2
    picture = np.zeros((height, width, 4), np.uint8)
    picture[:, width // 2 :] = (*MAGENTA, 255)
    options = {"auto-alt-ref": "0", "deadline": "realtime", "cpu-used": "8"}
    return films.film(
        folder / "half.webm", "libvpx-vp9", "yuva420p", frames=60, size=(width, height),
        options=options, picture=picture, alpha_mode="1",
    )  # fmt: skip


@pytest.mark.parametrize("has_webgl", [True, False], ids=["WebGL", "without WebGL"])
def test_the_camera_shows_through_where_the_video_is_clear(
    running_stack: RunningStack, transparent_link: str, print_footage: Footage, *, has_webgl: bool
) -> None:
    """Laid flat by its true corners: magenta at the right, at the left the print as the camera saw it."""
    with chromium(print_footage.path) as browser:
        context = browser.new_context(viewport={"width": 960, "height": 720})
        page, watch = open_page(context, running_stack.url)
        if not has_webgl:
            page.add_init_script(_NO_WEBGL)
        viewer = Viewer(page)
        viewer.open(transparent_link)
        viewer.start_camera()
        viewer.wait_for("tracking")
        wait_until(page, _DRAWN)
        page.wait_for_timeout(600)  # the overlay has faded in
        screen = viewer.bare_screenshot()
    assert watch.problems == []
    number = read_number(blocks_of(screen))
    assert number is not None
    assert print_footage.corners is not None
    corners = print_footage.corners[number]
    shown = _laid_flat(screen, corners).astype(int)
    filmed = _laid_flat(list(frames_of(print_footage.path))[number], corners).astype(int)
    inside = shown[20:-20, 140:-20].reshape(-1, 3)
    assert np.abs(np.median(inside, axis=0) - MAGENTA).max() < 12
    clear, expected = shown[20:-20, 20:100], filmed[20:-20, 20:100]
    # The browser takes the film through its own colour conversions, which is some six levels in the dark.
    assert np.median(np.abs(clear - expected)) < 10
    assert np.corrcoef(clear.ravel(), expected.ravel())[0, 1] > 0.97


def _laid_flat(picture: Pixels, corners: npt.NDArray[np.float64]) -> Pixels:
    square = np.array([[0, 0], [FLAT[0], 0], [FLAT[0], FLAT[1]], [0, FLAT[1]]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), square - 0.5)
    return np.asarray(cv2.warpPerspective(picture, matrix, FLAT), dtype=np.uint8)
