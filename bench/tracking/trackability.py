"""Does the score predict what happens? Every print against films and views the score has not seen.

    python -m bench.tracking.trackability [--set report] [--seed 0]

The score comes from the engine's own drawings; what happens comes from this benchmark's renderer, with
other paper, light, noise, backgrounds and movements. Weak prints are made of the set's good ones (faded,
softened, nearly empty, repeated), as users upload such pictures too. Printed: each print's score, what
happened, and Spearman's rank correlation of the two.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import get_args

import cv2
import numpy as np
from scipy.stats import spearmanr

import arv_engine
from bench.tracking.conditions import tone
from bench.tracking.families import build
from bench.tracking.images import SetName, load_print, print_sources
from bench.tracking.metrics import corner_error
from bench.tracking.raster import Image, to_grey
from bench.tracking.sequence import Sequence
from bench.tracking.surface import Surface

Picture = Callable[[Image], Image]

EVERY = {"angles": 12, "distances": 8, "lowlight": 60, "occlusion": 30}
"""Families, and which of their frames are looked at: each afresh, then followed through two more."""
GOOD_PX = 5.0


@dataclass(frozen=True)
class Verdict:
    """What the score says of a print, and what happened to it."""

    name: str
    score: int
    happened: float
    """Share of the frames in which the print was where the engine said, 0..1."""
    by_family: dict[str, float]
    advice: list[str]


def faded(image: Image) -> Image:
    """A tenth of the contrast."""
    return np.asarray(np.clip(image * 0.12 + 130, 0, 255), dtype=np.uint8)


def softened(image: Image) -> Image:
    """Only large shapes."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), image.shape[0] / 60), dtype=np.uint8)


def corner_only(image: Image) -> Image:
    """Empty paper with the picture on a twelfth of it."""
    height, width = image.shape[:2]
    paper = np.full_like(image, 235)
    small = cv2.resize(image, (width // 4, height // 3), interpolation=cv2.INTER_AREA)
    paper[height // 10 :, width // 10 :][: height // 3, : width // 4] = small
    return paper


def repeated(image: Image) -> Image:
    """A pattern: one detail, eight times each way."""
    height, width = image.shape[:2]
    tile = image[height // 3 : height // 3 + height // 8, width // 3 : width // 3 + width // 8]
    return np.ascontiguousarray(np.tile(tile, (8, 8, 1)))


def tiny(image: Image) -> Image:
    """Ninety pixels high."""
    height, width = image.shape[:2]
    return np.asarray(cv2.resize(image, (90 * width // height, 90), interpolation=cv2.INTER_AREA))


WEAK: list[Picture] = [faded, softened, corner_only, repeated, tiny]


def judge(set_name: SetName, source: str, weaken: Picture | None, seed: int) -> Verdict | None:
    """Score and outcome of one print; None when the engine refuses it, which is an answer too."""
    image = load_print(set_name, source)
    name = source if weaken is None else f"{source} {weaken.__name__}"
    if weaken is not None:
        image = weaken(image)
    try:
        target = arv_engine.compile_target(image)
    except arv_engine.ImageError as error:
        print(f"{name:22} refused: {error.code}", flush=True)
        return None
    shares = {
        family: happens(
            _with_image(build(family, set_name, source, seed=seed), image), target.data, step
        )
        for family, step in EVERY.items()
    }
    advice = [item["code"] for item in target.report["advice"]]
    happened = sum(shares.values()) / len(shares)
    return Verdict(name, target.score, happened, shares, advice)


def happens(sequence: Sequence, target: bytes, step: int) -> float:
    """Share of looks (a frame seen for the first time, and what follows it) that were right."""
    camera, good, looks = sequence.camera, 0, 0
    for first in range(0, sequence.length, step):
        tracker = arv_engine.Tracker([target], camera.width, camera.height)
        for index in (
            [first] if sequence.independent else range(first, min(first + 3, sequence.length))
        ):
            frame = sequence.frame(index)
            states = tracker.process(frame.image, time_ms=frame.time_ms)
            looks += 1
            right = states and corner_error(states[0].corners, frame.truths[0].corners) < GOOD_PX
            good += bool(right)
    return good / looks


def _with_image(sequence: Sequence, image: Image) -> Sequence:
    """The film with another picture on the same paper."""
    old = sequence.prints[0]
    inked = tone(image, np.random.default_rng([sequence.seed, 5]))
    sequence.prints[0] = replace(old, image=image, surface=Surface(to_grey(inked)))
    return sequence


def correlation(verdicts: list[Verdict]) -> float:
    """Spearman's rank correlation of score and outcome, -1..1."""
    result = spearmanr([v.score for v in verdicts], [v.happened for v in verdicts])
    return float(result.statistic)


def line(verdict: Verdict) -> str:
    """One row of the table."""
    shares = " ".join(f"{share:9.0%}" for share in verdict.by_family.values())
    return f"{verdict.name:22} {verdict.score:5} {verdict.happened:8.0%} {shares}  " + ", ".join(
        verdict.advice
    )


def main() -> int:
    """Prints the table and the correlation."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--set", choices=get_args(SetName), default="report", dest="set_name")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(f"{'print':22} {'score':>5} {'happened':>8} " + " ".join(f"{name:>9}" for name in EVERY))
    verdicts = []
    for number, source in enumerate(print_sources(options.set_name)):
        for weaken in (None, WEAK[number % len(WEAK)], WEAK[(number + 2) % len(WEAK)]):
            verdict = judge(options.set_name, source.name, weaken, options.seed)
            if verdict is not None:
                verdicts.append(verdict)
                print(line(verdict), flush=True)
    rank = correlation(verdicts)
    print(f"rank correlation of score and outcome over {len(verdicts)} prints: {rank:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
