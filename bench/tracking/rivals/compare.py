"""Every tracker on the same films: one table, family by family."""

import math
from collections.abc import Iterable

import numpy as np

from bench.tracking.metrics import Tally
from bench.tracking.run import Run

_HEADER = (
    f"{'family':<11}{'tracker':<15}{'frames':>7}{'RMS px':>8}{'p@2':>8}{'p@5':>8}{'lost':>6}{'wrong':>7}"
    f"{'false':>7}{'shake':>7}{'first':>9}{'det ms':>8}{'trk ms':>8}"
)


def comparison(runs: list[Run]) -> str:
    """The families in order, under each the trackers in order."""
    lines = [_HEADER]
    for family in dict.fromkeys(run.sequence.family for run in runs):
        members = [run for run in runs if run.sequence.family == family]
        for number, runner in enumerate(dict.fromkeys(run.runner for run in members)):
            total = summed(run for run in members if run.runner == runner)
            lines.append(_row(family if number == 0 else "", runner, total))
    return "\n".join(lines)


def summed(runs: Iterable[Run]) -> Tally:
    """The tallies of several runs as one."""
    total = Tally()
    for run in runs:
        total.merge(run.tally)
    return total


def _row(family: str, runner: str, result: Tally) -> str:
    first = f"{np.mean(result.first_frames):.1f}" if result.first_frames else "-"
    if result.never_found:
        first += f"/{result.never_found}x"
    return (
        f"{family:<11}{runner:<15}{result.frames:>7}{_px(result.rms):>8}"
        f"{_share(result.within(2)):>8}{_share(result.within(5)):>8}{result.lost:>6}{result.wrong:>7}"
        f"{result.false:>7}{_px(result.shake):>7}{first:>9}"
        f"{_ms(result.detect_ms):>8}{_ms(result.track_ms):>8}"
    )


def _px(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.2f}"


def _share(value: float) -> str:
    return "-" if math.isnan(value) else f"{100 * value:.1f}%"


def _ms(values: list[float]) -> str:
    return f"{np.median(values):.1f}" if values else "-"
