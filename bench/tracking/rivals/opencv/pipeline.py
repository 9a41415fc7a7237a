"""The OpenCV pipeline as a rival: detect what is not held, follow what is."""

import hashlib
import time
from pathlib import Path

import cv2

from bench.tracking.metrics import Observation, Sighting
from bench.tracking.raster import Image, Matrix, apply_homography, image_corners, to_grey
from bench.tracking.rivals.opencv.detector import ENLARGEMENTS, detect, features_of
from bench.tracking.rivals.opencv.template import Template, learn
from bench.tracking.rivals.opencv.tracker import Held, align, follow
from bench.tracking.sequence import Sequence


class OpencvRival:
    """ORB, MAGSAC, Lucas-Kanade against the last frame and against the print."""

    names = ("opencv",)

    def __init__(self) -> None:
        self._templates: dict[int, tuple[Image, Template, float]] = {}
        self._sought: list[Template] = []
        self._held: list[Held | None] = []

    @property
    def signature(self) -> str:
        """Changes with OpenCV's version and with this pipeline's code."""
        digest = hashlib.sha256(cv2.__version__.encode())
        for path in sorted(Path(__file__).parent.glob("*.py")):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def learn(self, image: Image) -> float:
        """Seconds it took to make the template of `image`, the first time."""
        if id(image) not in self._templates:
            begin = time.perf_counter()
            template = learn(image)
            self._templates[id(image)] = (image, template, time.perf_counter() - begin)
        return self._templates[id(image)][2]

    def start(self, sequence: Sequence) -> None:
        """Nothing held; `sequence.sought` from now on."""
        for one in sequence.sought:
            self.learn(one.image)
        self._sought = [self._templates[id(one.image)][1] for one in sequence.sought]
        self._held = [None] * len(self._sought)

    def observe(self, image: Image, time_ms: float) -> dict[str, Observation]:
        """One frame."""
        begin = time.perf_counter()
        frame = to_grey(image)
        tracked = [self._follow(number, frame) for number in range(len(self._sought))]
        searched = any(h is None for h in tracked)
        found = self._detect_missing(tracked, frame)
        self._held = [
            None
            if h is None
            else Held.after(self._held[n] if tracked[n] is not None else None, frame, h)
            for n, h in enumerate(found)
        ]
        elapsed_ms = (time.perf_counter() - begin) * 1000
        sightings = [
            None if h is None else Sighting(self._corners(n, h), tracked[n] is not None)
            for n, h in enumerate(found)
        ]
        return {"opencv": Observation(sightings, elapsed_ms, searched=searched)}

    def close(self) -> None:
        """Nothing to give back."""

    def _follow(self, number: int, frame: Image) -> Matrix | None:
        last = self._held[number]
        return None if last is None else follow(self._sought[number], last, frame)

    def _detect_missing(self, tracked: list[Matrix | None], frame: Image) -> list[Matrix | None]:
        """What is tracked, and what a search over the frame finds of the rest."""
        if all(h is not None for h in tracked):
            return tracked
        found = list(tracked)
        for enlargement in ENLARGEMENTS:
            missing = [number for number, h in enumerate(found) if h is None]
            if not missing:
                break
            features = features_of(frame, enlargement)
            for number in missing:
                rough = detect(self._sought[number], frame, features)
                if rough is not None:
                    found[number] = align(self._sought[number], rough, frame)
        return found

    def _corners(self, number: int, homography: Matrix) -> Matrix:
        return apply_homography(homography, image_corners(*self._sought[number].size))
