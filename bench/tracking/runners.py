"""Trackers under test, behind one small face."""

import time
from typing import Protocol

import arv_engine
from bench.tracking.metrics import Observation, Sighting
from bench.tracking.raster import Image
from bench.tracking.sequence import Sequence


class Runner(Protocol):
    """A tracker under test. MindAR and an OpenCV pipeline stand beside ours through this."""

    name: str

    def learn(self, image: Image) -> float:
        """Learn an RGB print; seconds it took. The same image is learned only once."""

    def start(self, sequence: Sequence) -> None:
        """Forget every frame and look for `sequence.sought` from now on."""

    def observe(self, image: Image, time_ms: float) -> Observation:
        """What is seen in the next frame (grey or RGB)."""


class ArvRunner:
    """Our engine in wasmtime, through `arv_engine`."""

    name = "arv"

    def __init__(self) -> None:
        self._targets: dict[int, arv_engine.CompiledTarget] = {}
        self._tracker: arv_engine.Tracker | None = None
        self._sought = 0

    def learn(self, image: Image) -> float:
        """Compile `image` into a target, once."""
        if id(image) not in self._targets:
            self._targets[id(image)] = arv_engine.compile_target(image)
        return self._targets[id(image)].seconds

    def start(self, sequence: Sequence) -> None:
        """A fresh tracker holding the sequence's targets."""
        for one in sequence.sought:
            self.learn(one.image)
        targets = [self._targets[id(one.image)].data for one in sequence.sought]
        camera = sequence.camera
        self._tracker = arv_engine.Tracker(targets, camera.width, camera.height)
        self._sought = len(targets)

    def observe(self, image: Image, time_ms: float) -> Observation:
        """One frame through the tracker; the time includes handing the pixels over."""
        assert self._tracker is not None, "start() comes before observe()"
        begin = time.perf_counter()
        states = self._tracker.process(image, time_ms=time_ms)
        elapsed_ms = (time.perf_counter() - begin) * 1000
        sightings: list[Sighting | None] = [None] * self._sought
        for state in states:
            sightings[state.target] = Sighting(state.corners, tracked=state.state == "tracked")
        return Observation(sightings, elapsed_ms)
