"""The printed tables."""

import platform
from datetime import UTC, datetime

import numpy as np

from bench.tracking.cells import first, ms, px, share, summed
from bench.tracking.metrics import HOLDABLE, WRONG_PX, Tally, corner_error
from bench.tracking.run import Run

_HEADER = (
    f"{'family':<11}{'runs':>5}{'frames':>8}{'mean':>7}{'RMS':>7}{'p@5':>7}{'p@2':>7}{'lost':>6}"
    f"{'wrong':>6}{'false':>6}{'shake':>7}{'first':>7}{'det ms':>8}{'trk ms':>8}"
)
_ANGLE_BINS: list[tuple[float, float]] = [
    (0, 30),
    (30, 40),
    (40, 50),
    (50, 55),
    (55, 60),
    (60, 65),
    (65, 70.01),
]
_DISTANCE_BINS: list[tuple[float, float]] = [
    (8, 10),
    (10, 12),
    (12, 16),
    (16, 22),
    (22, 30),
    (30, 60.01),
]

_TEXTURED_AT = (11.5, 12.5)
_WEAK_AT = (20.5, 23.5)
"""Heights, % of the frame's, at which prints of strong and of weak texture must be found."""


def table(runs: list[Run]) -> str:
    """One line a family and runner, and recall by angle and size."""
    lines = [_title(), ""]
    for runner in dict.fromkeys(run.runner for run in runs):
        own = [run for run in runs if run.runner == runner]
        lines += [f"tracker: {runner}", _HEADER]
        for family in dict.fromkeys(run.sequence.family for run in own):
            members = [run for run in own if run.sequence.family == family]
            lines.append(_row(family, len(members), summed(members)))
        lines += ["", *_recall(own, "angles", _ANGLE_BINS, "degrees of tilt")]
        lines += [*_recall(own, "distances", _DISTANCE_BINS, "% of the frame's height")]
        lines += _recall_at(own, "textured", _TEXTURED_AT)
        lines += _recall_at(own, "weak", _WEAK_AT)
    lines += ["", *_legend()]
    return "\n".join(lines)


def run_line(run: Run) -> str:
    """One sequence in one line, for watching a run go by."""
    name = f"{run.runner} {run.sequence.name}"
    result = run.tally
    return (
        f"{name:<30} p@5 {share(result.within(5))}  RMS {px(result.rms)}  "
        f"lost {result.lost:>3}  wrong {result.wrong:>3}"
    )


def _row(family: str, count: int, result: Tally) -> str:
    return (
        f"{family:<11}{count:>5}{result.frames:>8}{px(result.mean):>7}{px(result.rms):>7}"
        f"{share(result.within(5)):>7}{share(result.within(2)):>7}{result.lost:>6}"
        f"{result.wrong:>6}{result.false:>6}{px(result.shake):>7}{first(result):>7}"
        f"{ms(result.detect_ms):>8}{ms(result.track_ms):>8}"
    )


def _recall(runs: list[Run], family: str, bins: list[tuple[float, float]], unit: str) -> list[str]:
    """Share of single frames found within 5 px, by what varies."""
    hits: list[list[bool]] = [[] for _ in bins]
    for run in (run for run in runs if run.sequence.family == family):
        facts = zip(run.sequence.conditions, run.truths, run.observations, strict=True)
        for value, truths, seen in facts:
            if truths[0].visible < HOLDABLE:
                continue
            sighting = seen.sightings[0]
            hit = sighting is not None and corner_error(sighting.corners, truths[0].corners) < 5
            for (low, high), into in zip(bins, hits, strict=True):
                if low <= value < high:
                    into.append(hit)
    if not any(hits):
        return []
    cells = [
        f"{low:g}-{round(high, 1):g}: {share(float(np.mean(into)))}"
        for (low, high), into in zip(bins, hits, strict=True)
        if into
    ]
    return [f"found in a single frame, by {unit}:  " + "  ".join(cells)]


def _recall_at(runs: list[Run], texture: str, sizes: tuple[float, float]) -> list[str]:
    """The line of `distances` for the prints of one texture, at about one size."""
    own = [run for run in runs if run.sequence.family == "distances"]
    wanted = texture == "weak"
    members = [run for run in own if run.sequence.prints[0].is_weak == wanted]
    return _recall(members, "distances", [sizes], f"% of the frame's height, {texture} prints")


def _title() -> str:
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"tracking against exact truth, {when}, {platform.machine()}, Python {platform.python_version()}"


def _legend() -> list[str]:
    return [
        f"px: mean distance of the four corners. RMS and mean: reports nearer than {WRONG_PX:g} px.",
        f"p@5, p@2: share of the frames with at least {HOLDABLE:.0%} of the print to be seen.",
        "lost: such frames without a report. wrong: reports 10 px off or more, or of what is not there.",
        "false: reports of what is not there. shake: deviation of resting corners. first: frames until",
        "found (n/kx: k never found). ms: medians.",
    ]
