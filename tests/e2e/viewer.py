"""The viewer watched from outside: its frames, its states, and where the video really is on the screen."""

import io
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from PIL import Image
from playwright.sync_api import Page

from bench.tracking.raster import Image as Pixels
from bench.tracking.raster import Matrix, warp
from tests.e2e import footage
from tests.e2e.browser import wait_until


@dataclass(frozen=True)
class SeenFrame:
    """One `arv:frame`: which footage frame it was, what the page says, and what is on the screen."""

    number: int | None
    state: str
    corners: Matrix | None
    shown: Matrix | None
    """(4, 2): the video's corners as rendered, in frame pixels, by the browser's own geometry."""
    video_time: float
    track_ms: float | None


class Viewer:
    """The viewer page in a tab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(_RECORDER % _LAYOUT)

    def open(self, link: str) -> None:
        self.page.goto(link, wait_until="domcontentloaded")

    @property
    def state(self) -> str:
        return str(self.page.evaluate("document.documentElement.dataset.state"))

    def start_camera(self) -> None:
        """Tap "start" if the page asks first, and wait until it scans."""
        wait_until(self.page, "() => document.documentElement.dataset.state !== 'loading'")
        if self.state == "permission":
            self.page.locator("#panel-start").click()
        self.wait_for("scanning", "tracking")

    def give_up_camera(self) -> None:
        """Tap "start" where the camera is refused, and wait for the words."""
        wait_until(self.page, "() => document.documentElement.dataset.state !== 'loading'")
        if self.state == "permission":
            self.page.locator("#panel-start").click()
        self.wait_for("failed", "unsupported")

    def wait_for(self, *states: str) -> None:
        """Wait until one of the states has been reached."""
        wait_until(
            self.page, "states => states.some(s => window.arvSeen.states.includes(s))", list(states)
        )

    def states(self) -> list[str]:
        """Every state so far, in order."""
        return list(self.page.evaluate("window.arvSeen.states"))

    def watch(self, seconds: float) -> list[SeenFrame]:
        """The frames of the next seconds."""
        self.page.evaluate("window.arvSeen.frames.length = 0")
        self.page.wait_for_timeout(seconds * 1000)
        raw: list[dict[str, Any]] = self.page.evaluate("window.arvSeen.frames")
        return [_seen(entry) for entry in raw]

    def bare_screenshot(self) -> Pixels:
        """What the screen shows of the camera frame, in frame pixels (RGB), without the controls."""
        self.page.evaluate(
            """() => document.querySelectorAll('.bar, .dock, .brackets, .lock').forEach((part) => {
                 part.style.visibility = 'hidden'; })"""
        )
        raw = np.asarray(Image.open(io.BytesIO(self.page.screenshot())).convert("RGB"))
        x, y, width, height = self.page.evaluate(
            """() => { const box = document.getElementById('arv-frame').getBoundingClientRect();
                       return [box.left, box.top, box.width, box.height]; }"""
        )
        frame_width, frame_height = footage.CAMERA.width, footage.CAMERA.height
        scale_x, scale_y = frame_width / width, frame_height / height
        to_frame = np.array([[scale_x, 0, -x * scale_x], [0, scale_y, -y * scale_y], [0, 0, 1]])
        return warp(raw, to_frame, frame_width, frame_height, border=cv2.BORDER_CONSTANT)

    def mark(self, name: str) -> float | None:
        """Milliseconds from navigation to a performance mark, or None."""
        found: float | None = self.page.evaluate(
            "name => performance.getEntriesByName(name)[0]?.startTime ?? null", name
        )
        return found


def _seen(entry: dict[str, Any]) -> SeenFrame:
    return SeenFrame(
        footage.read_number(entry["bits"]),
        entry["state"],
        _points(entry["corners"]),
        _points(entry["shown"]),
        entry["videoTime"],
        entry["trackMs"],
    )


def _points(raw: Any) -> Matrix | None:
    if raw is None:
        return None
    pairs = [[p["x"], p["y"]] if isinstance(p, dict) else p for p in raw]
    return np.asarray(pairs, dtype=np.float64).reshape(4, 2)


_LAYOUT = {
    "left": footage.LEFT,
    "top": footage.TOP,
    "block": footage.BLOCK,
    "blocks": footage.BLOCKS,
}

# Four probes of no size sit on the corners of the video element: where the browser says they are is where
# it draws the corners, whatever transforms lie between. The canvas gives the scale back to frame pixels.
_RECORDER = """
window.arvSeen = { states: [], frames: [] };
document.addEventListener('DOMContentLoaded', () => {
  const root = document.documentElement;
  const note = () => {
    const state = root.dataset.state;
    if (state && state !== window.arvSeen.states.at(-1)) window.arvSeen.states.push(state);
  };
  note();
  new MutationObserver(note).observe(root, { attributes: true, attributeFilter: ['data-state'] });
});
window.addEventListener('arv:frame', ({ detail }) => {
  const canvas = document.getElementById('arv-frame');
  const video = document.getElementById('arv-video');
  const at = { left: %(left)d, top: %(top)d, block: %(block)d, blocks: %(blocks)d };
  const pixels = canvas.getContext('2d').getImageData(at.left, at.top, at.block * at.blocks, at.block);
  const bits = Array.from({ length: at.blocks }, (_, place) => {
    let light = 0;
    for (let y = 4; y < at.block - 4; y++)
      for (let x = 4; x < at.block - 4; x++)
        light += pixels.data[4 * (y * pixels.width + place * at.block + x)];
    return light / (at.block - 8) ** 2 > 128 ? 1 : 0;
  });
  let probes = video.parentElement.querySelectorAll('[data-probe]');
  if (!probes.length) {
    for (const [x, y] of [[0, 0], [1, 0], [1, 1], [0, 1]]) {
      const probe = document.createElement('s');
      probe.dataset.probe = '';
      probe.style.cssText = 'position:absolute;width:0;height:0;margin:0;padding:0;border:0';
      probe.style.left = `${video.offsetLeft + x * video.offsetWidth}px`;
      probe.style.top = `${video.offsetTop + y * video.offsetHeight}px`;
      video.parentElement.append(probe);
    }
    probes = video.parentElement.querySelectorAll('[data-probe]');
  }
  const box = canvas.getBoundingClientRect();
  const shown = detail.corners && Array.from(probes, (probe) => {
    const { left, top } = probe.getBoundingClientRect();
    const x = ((left - box.left) * canvas.width) / box.width - 0.5;
    return [x, ((top - box.top) * canvas.height) / box.height - 0.5];
  });
  const { state, corners, trackMs } = detail;
  window.arvSeen.frames.push({ bits, state, corners, trackMs, shown, videoTime: video.currentTime });
});
"""
