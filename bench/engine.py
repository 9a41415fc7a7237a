"""`python -m bench engine`: milliseconds to find and to follow a print, in wasmtime, one core."""

import time

import arv_engine
from bench.figures import Figure
from bench.tracking.families import build
from bench.tracking.raster import Image
from tests.support.sample import kept_sample

FRAMES = 60
AIM_DETECT_MS, AIM_TRACK_MS = 12.0, 3.0


def measure() -> list[Figure]:
    """Over the sample prints of the development set; frames are 640 x 480."""
    compiled, found, searched, followed = [], [], [], []
    for name in ("chelsea", "poster-d", "card-d"):
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
    return [
        Figure("find the print in a frame", found, "ms", AIM_DETECT_MS),
        Figure("search a frame without it", searched, "ms", AIM_DETECT_MS),
        Figure("follow it from frame to frame", followed, "ms", AIM_TRACK_MS),
        Figure("compile a target, learned and scored", compiled, "s", 3.0),
    ]


def _detect(target: bytes, frame: Image) -> float:
    """A fresh tracker, so that the frame is searched."""
    tracker = arv_engine.Tracker([target], frame.shape[1], frame.shape[0])
    return _timed(tracker, frame, 0.0)


def _track(target: bytes, frames: list[Image]) -> list[float]:
    tracker = arv_engine.Tracker([target], frames[0].shape[1], frames[0].shape[0])
    tracker.process(frames[0], time_ms=0.0)
    return [_timed(tracker, frame, 1000 * n / 30) for n, frame in enumerate(frames[1:], 1)]


def _timed(tracker: arv_engine.Tracker, frame: Image, time_ms: float) -> float:
    begin = time.perf_counter()
    tracker.process(frame, time_ms=time_ms)
    return (time.perf_counter() - begin) * 1000
