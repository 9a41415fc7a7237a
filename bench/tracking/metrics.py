"""What a run is worth: per-frame corner errors against the truth, and their summary."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from bench.tracking.raster import Matrix
from bench.tracking.sequence import Truth

HOLDABLE = 0.25
"""A print counts as there to be found when at least this share of it is in the frame, uncovered."""
GONE = 0.05
"""Below this share, reporting it at all is a false detection."""
WRONG_PX = 10.0
"""A report this far from the truth is a lock on something else."""
SETTLED_FRAMES = 15
"""Frames after the first detection that shake is not yet measured in."""


@dataclass(frozen=True)
class Sighting:
    """What a tracker says of one print in one frame: (4, 2) corners in frame pixels."""

    corners: Matrix
    tracked: bool


@dataclass(frozen=True)
class Observation:
    """Everything a tracker said of one frame: one entry for each print sought, None if not seen."""

    sightings: list[Sighting | None]
    ms: float
    searched: bool | None = None
    """Whether `ms` holds a search for prints not held; None: as the sightings tell."""


@dataclass
class Tally:
    """Errors and counts of one or more runs; `merge` adds them up."""

    errors: list[float] = field(default_factory=list)
    """Mean corner error of each report of a holdable print, wrong ones included."""
    holdable: int = 0
    lost: int = 0
    wrong: int = 0
    false: int = 0
    frames: int = 0
    shakes: list[float] = field(default_factory=list)
    first_frames: list[int] = field(default_factory=list)
    never_found: int = 0
    detect_ms: list[float] = field(default_factory=list)
    track_ms: list[float] = field(default_factory=list)

    def merge(self, other: "Tally") -> None:
        """Add another run's counts to this one."""
        for name in ("errors", "shakes", "first_frames", "detect_ms", "track_ms"):
            getattr(self, name).extend(getattr(other, name))
        for name in ("holdable", "lost", "wrong", "false", "frames", "never_found"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def right(self) -> list[float]:
        """Errors of the reports that are on the print."""
        return [error for error in self.errors if error < WRONG_PX]

    @property
    def mean(self) -> float:
        """Mean error of the reports that are on the print, px; NaN without any."""
        return float(np.mean(self.right)) if self.right else math.nan

    @property
    def rms(self) -> float:
        """Root mean square error of the same; wrong ones are counted apart, not averaged in."""
        return float(np.sqrt(np.mean(np.square(self.right)))) if self.right else math.nan

    def within(self, pixels: float) -> float:
        """Share of the holdable frames reported within `pixels`: p@5, p@2."""
        good = sum(error < pixels for error in self.errors)
        return good / self.holdable if self.holdable else math.nan

    @property
    def shake(self) -> float:
        """Standard deviation of the corners while nothing moves, px; NaN if not measured."""
        return float(np.mean(self.shakes)) if self.shakes else math.nan


def corner_error(found: Matrix, truth: Matrix) -> float:
    """Mean distance of the four corners, px."""
    return float(np.linalg.norm(found - truth, axis=1).mean())


def shake_of(corners: Iterable[Matrix]) -> float:
    """How much resting corners wander: the deviation from their mean place, px (RMS of x and y)."""
    stack = np.stack(list(corners))
    return float(np.sqrt(stack.var(axis=0).mean()))


def tally(
    truths: list[list[Truth]],
    observations: list[Observation],
    *,
    still: bool = False,
    independent: bool = False,
) -> Tally:
    """Judge a run. `truths[i]` has one entry per shown print; sightings beyond those are false."""
    result = Tally(frames=len(observations))
    for there, seen in zip(truths, observations, strict=True):
        _judge_frame(result, there, seen)
    for number in range(len(truths[0]) if truths else 0):
        _judge_print(result, number, truths, observations, still=still, independent=independent)
    return result


def _judge_frame(result: Tally, there: list[Truth], seen: Observation) -> None:
    for truth, sighting in zip(there, seen.sightings, strict=False):
        holdable = truth.visible >= HOLDABLE
        result.holdable += holdable
        if sighting is None:
            result.lost += holdable
            continue
        error = corner_error(sighting.corners, truth.corners)
        if holdable:
            result.errors.append(error)
        result.wrong += error >= WRONG_PX
        result.false += truth.visible < GONE and error >= WRONG_PX
    extra = sum(sighting is not None for sighting in seen.sightings[len(there) :])
    result.false += extra
    result.wrong += extra
    (result.detect_ms if _searched(seen) else result.track_ms).append(seen.ms)


def _searched(seen: Observation) -> bool:
    if seen.searched is not None:
        return seen.searched
    tracked = [sighting.tracked for sighting in seen.sightings if sighting]
    return not (tracked and all(tracked))


def _judge_print(
    result: Tally,
    number: int,
    truths: list[list[Truth]],
    observations: list[Observation],
    *,
    still: bool,
    independent: bool,
) -> None:
    """First detection and shake of one print over a film."""
    if independent:
        return
    begin = next((i for i, t in enumerate(truths) if t[number].visible >= HOLDABLE), None)
    found = [
        (index, sighting)
        for index, seen in enumerate(observations)
        if (sighting := seen.sightings[number])
        and corner_error(sighting.corners, truths[index][number].corners) < WRONG_PX
    ]
    if begin is not None:
        if found:
            result.first_frames.append(found[0][0] - begin)
        else:
            result.never_found += 1
    settled = [
        sighting.corners for index, sighting in found if index >= found[0][0] + SETTLED_FRAMES
    ]
    if still and len(settled) > 1:
        result.shakes.append(shake_of(settled))
