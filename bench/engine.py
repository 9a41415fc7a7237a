"""`python -m bench engine`: milliseconds to find and to follow prints, in wasmtime, one core."""

import time

import numpy as np

import arv_engine
from bench import hundred
from bench.figures import Figure
from bench.tracking.families import build
from bench.tracking.raster import Image
from tests.support.sample import kept_sample

FRAMES = 60
AIM_DETECT_MS, AIM_TRACK_MS, AIM_HUNDRED_MS = 12.0, 3.0, 25.0
PRINTS = ("chelsea", "poster-d", "card-d")


def measure() -> list[Figure]:
    """Over the sample prints of the development set; frames are 640 x 480."""
    compiled, found, searched, followed = [], [], [], []
    for name in PRINTS:
        film = build("tour", "development", name)
        target = arv_engine.compile_target(film.prints[0].image)
        compiled.append(target.seconds)
        frames = [film.frame(index).image for index in range(FRAMES)]
        found += [_detect(target.data, frame) for frame in frames[::6]]
        followed += _track(target.data, frames)
        empty = build("none", "development", name)
        searched += [
            _detect(target.data, empty.frame(index).image) for index in range(0, FRAMES, 6)
        ]
    compiled.append(arv_engine.compile_target(kept_sample().photo).seconds)
    among_hundred = _search_for_hundred()
    slowest = float(np.percentile(among_hundred, 95))
    return [
        Figure("find the print in a frame", found, "ms", AIM_DETECT_MS),
        Figure("search a frame without it", searched, "ms", AIM_DETECT_MS),
        Figure("search it for 100 different prints", among_hundred, "ms"),
        Figure("  the slowest twentieth takes", [slowest], "ms", AIM_HUNDRED_MS),
        Figure("follow it from frame to frame", followed, "ms", AIM_TRACK_MS),
        Figure("compile a target, learned and scored", compiled, "s", 3.0),
    ]


def _detect(target: bytes, frame: Image) -> float:
    """A fresh tracker, so that the frame is searched."""
    tracker = arv_engine.Tracker([target], frame.shape[1], frame.shape[0])
    return _timed(tracker, frame, 0.0)


def _search_for_hundred() -> list[float]:
    """Frames without a print, each seen twice: as it is, and a part of it magnified."""
    targets = hundred.targets()
    tracker = arv_engine.Tracker(targets, 640, 480)
    films = [build("none", "development", name) for name in PRINTS]
    frames = [film.frame(index).image for film in films for index in range(0, FRAMES, 6)]
    _timed(tracker, frames[0], 0.0)  # sorts the index, once
    tracker.reset()
    seen_twice = [frame for frame in frames for _ in range(2)]
    return [_timed(tracker, frame, 1000 * n / 30) for n, frame in enumerate(seen_twice)]


def _track(target: bytes, frames: list[Image]) -> list[float]:
    tracker = arv_engine.Tracker([target], frames[0].shape[1], frames[0].shape[0])
    tracker.process(frames[0], time_ms=0.0)
    return [_timed(tracker, frame, 1000 * n / 30) for n, frame in enumerate(frames[1:], 1)]


def _timed(tracker: arv_engine.Tracker, frame: Image, time_ms: float) -> float:
    begin = time.perf_counter()
    tracker.process(frame, time_ms=time_ms)
    return (time.perf_counter() - begin) * 1000
