"""`python -m bench.tracking.rivals.mindar_memory`: what MindAR's page takes while it follows a print.

To be held against "memory of the page" of `python -m bench viewer`, which has a camera, a canvas and a video
in it as well; this page has none of them.
"""

import numpy as np
from playwright.sync_api import Browser

from bench.page_memory import largest_renderer
from bench.tracking.images import load_print
from bench.tracking.raster import to_grey
from bench.tracking.rivals.mindar.browser import MindarBrowser
from bench.tracking.rivals.mindar.targets import compile_mind

FRAMES = 90


class _Watched(MindarBrowser):
    @property
    def browser(self) -> Browser:
        """Chromium, once it was started."""
        assert self._browser is not None, "set_up() comes first"
        return self._browser


def main() -> None:
    """Follow a print that lies still in the middle of the frame, then look."""
    image = load_print("report", "astronaut")
    frame = np.full((480, 640), 120, np.uint8)
    grey = to_grey(image)[::2, ::2][:400, :400]
    frame[40 : 40 + grey.shape[0], 120 : 120 + grey.shape[1]] = grey
    mindar = _Watched()
    mindar.set_up([compile_mind(image)], 640, 480)
    for number in range(FRAMES):
        mindar.step(frame, number * 1000 / 30)
    memory = largest_renderer(mindar.browser)
    mindar.close()
    print(
        f"MindAR's page: {memory.proportional:.0f} MB, of it nobody else's {memory.private:.0f} MB, "
        f"with all shared parts in full {memory.resident:.0f} MB"
    )


if __name__ == "__main__":
    main()
