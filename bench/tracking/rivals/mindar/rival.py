"""MindAR as a rival: both filter settings out of one run."""

import hashlib
from pathlib import Path

from bench.tracking.metrics import Observation, Sighting
from bench.tracking.raster import Image, to_grey
from bench.tracking.rivals.mindar.browser import MindarBrowser, MindFrame
from bench.tracking.rivals.mindar.pose import corners_of
from bench.tracking.rivals.mindar.targets import PACKAGE, MindTarget, compile_mind, mindar_version
from bench.tracking.sequence import Sequence

PATIENCE = 15
"""Frames a single picture is held before MindAR: its nine crop positions and its warm-up of six."""
FRAME_MS = 1000 / 30
_FILTER_OF = {"mindar": "default", "mindar-smooth": "smooth"}


class MindarRival:
    """MindAR's controller; `names` are its filter settings."""

    names = tuple(_FILTER_OF)

    def __init__(self) -> None:
        self._browser = MindarBrowser()
        self._targets: list[MindTarget] = []
        self._loaded: tuple[list[MindTarget], int, int] | None = None
        self._sequence: Sequence | None = None

    @property
    def signature(self) -> str:
        """Changes with MindAR's version and with the code that drives it."""
        digest = hashlib.sha256(mindar_version().encode())
        for path in [*sorted(Path(__file__).parent.glob("*.py")), PACKAGE / "harness.js"]:
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def learn(self, image: Image) -> float:
        """Seconds MindAR's offline compiler took, now or when the cached file was made."""
        return compile_mind(image).seconds

    def start(self, sequence: Sequence) -> None:
        """Targets into the controller unless they are in it already; nothing seen yet."""
        if sequence is not self._sequence:
            self._targets = [compile_mind(one.image) for one in sequence.sought]
            self._sequence = sequence
        wanted = (self._targets, sequence.camera.width, sequence.camera.height)
        if wanted != self._loaded:
            self._browser.set_up(*wanted)
            self._loaded = wanted
        self._browser.restart()

    def observe(self, image: Image, time_ms: float) -> dict[str, Observation]:
        """One frame; of a sequence of single pictures, this one held until it is found or not."""
        assert self._sequence is not None, "start() comes before observe()"
        grey = to_grey(image)
        if self._sequence.independent:
            return self._hold(grey, time_ms)
        return self._observations(self._browser.step(grey, time_ms))

    def close(self) -> None:
        """End the browser."""
        self._browser.close()
        self._loaded = None

    def _hold(self, grey: Image, time_ms: float) -> dict[str, Observation]:
        """The report of a picture that stands still; its time is that of one detection."""
        frame = self._browser.step(grey, time_ms)
        searches = [frame.ms]
        for number in range(1, PATIENCE):
            if frame.poses:
                break
            frame = self._browser.step(grey, time_ms + number * FRAME_MS)
            if frame.searched:
                searches.append(frame.ms)
        ms_of_one = sum(searches) / len(searches)
        found = MindFrame(frame.poses, searched=True, tracking=frame.tracking, ms=ms_of_one)
        return self._observations(found)

    def _observations(self, frame: MindFrame) -> dict[str, Observation]:
        return {
            name: Observation(
                [self._sighting(frame, index, name) for index in range(len(self._targets))],
                frame.ms,
                searched=frame.searched,
            )
            for name in self.names
        }

    def _sighting(self, frame: MindFrame, index: int, name: str) -> Sighting | None:
        assert self._sequence is not None
        by_filter = frame.poses.get(index)
        if by_filter is None:
            return None
        target, camera = self._targets[index], self._sequence.camera
        size, view = (target.width, target.height), (camera.width, camera.height)
        corners = corners_of(by_filter[_FILTER_OF[name]], size, view)
        return Sighting(corners, frame.tracking[index])
