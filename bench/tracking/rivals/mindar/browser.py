"""One Chromium page with MindAR's controller in it, taking frames from Python."""

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, Route, sync_playwright

from bench.tracking.raster import Image
from bench.tracking.rivals.mindar.targets import PACKAGE, MindTarget, join_minds

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
FILTERS = {"default": (0.001, 1000.0), "smooth": (0.0001, 0.001)}
"""filterMinCF and filterBeta: MindAR's own, and the pair its users hand around against shaking."""
_ORIGIN = "http://mindar.test"
_PAGE = "<!doctype html><title>MindAR</title><script type=module src=/harness.js></script>"


@dataclass(frozen=True)
class MindFrame:
    """What MindAR made of one frame.

    `poses`: target index -> filter -> 16 numbers of the world matrix (column by column), of the
    targets it shows. `searched`: whether it ran its detector. `tracking`: per target, whether it is
    held. `ms`: from the animation frame to "processDone".
    """

    poses: dict[int, dict[str, list[float]]]
    searched: bool
    tracking: list[bool]
    ms: float


class MindarBrowser:
    """Chromium started at first use; `close` ends it."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._page: Page | None = None

    def set_up(self, targets: list[MindTarget], width: int, height: int) -> None:
        """A new controller holding `targets`, each of them to be tracked at once if seen."""
        if self._page is None:
            self._open()
        self._call(
            "setUp",
            {
                "width": width,
                "height": height,
                "maxTrack": len(targets),
                "mindBase64": base64.b64encode(join_minds(targets)).decode(),
                "filterSettings": [
                    {"name": name, "minCutOff": cutoff, "beta": beta}
                    for name, (cutoff, beta) in FILTERS.items()
                ],
            },
        )

    def restart(self) -> None:
        """Forget every frame, keep the targets."""
        self._call("restart", None)

    def step(self, grey: Image, time_ms: float) -> MindFrame:
        """One frame through the controller."""
        pixels = base64.b64encode(grey.tobytes()).decode()
        answer = self._call("step", {"base64": pixels, "timeMs": time_ms})
        poses = {int(index): by_filter for index, by_filter in answer["poses"].items()}
        return MindFrame(poses, answer["searched"], answer["tracking"], answer["ms"])

    def close(self) -> None:
        """End the browser."""
        if self._browser and self._playwright:
            self._browser.close()
            self._playwright.stop()
        self._playwright = self._browser = self._page = None

    def _open(self) -> None:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        self._page = self._browser.new_page()
        self._page.route(f"{_ORIGIN}/**", _serve)
        self._page.goto(f"{_ORIGIN}/")
        self._page.wait_for_load_state("load")

    def _call(self, name: str, argument: dict[str, Any] | None) -> Any:
        assert self._page is not None, "set_up() comes first"
        return self._page.evaluate(f"argument => window.{name}(argument)", argument)


def _serve(route: Route) -> None:
    """The page, the harness, and the files MindAR's own bundle is made of; nothing from afar."""
    path = route.request.url.removeprefix(_ORIGIN)
    if path == "/":
        route.fulfill(content_type="text/html", body=_PAGE)
    elif path == "/harness.js":
        route.fulfill(content_type="text/javascript", path=PACKAGE / "harness.js")
    elif path.startswith("/dist/"):
        bundle = PACKAGE / "node_modules" / "mind-ar" / "dist" / Path(path).name
        route.fulfill(content_type="text/javascript", path=bundle)
    else:
        route.abort()
