"""Figures as the cells of a table; a dash where nothing was measured."""

import math
from collections.abc import Iterable

import numpy as np

from bench.tracking.metrics import Tally
from bench.tracking.run import Run


def summed(runs: Iterable[Run]) -> Tally:
    """The tallies of several runs as one."""
    total = Tally()
    for run in runs:
        total.merge(run.tally)
    return total


def first(result: Tally) -> str:
    """Frames until found, and how often it never was."""
    mean = f"{np.mean(result.first_frames):.1f}" if result.first_frames else "-"
    return f"{mean}/{result.never_found}x" if result.never_found else mean


def px(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.2f}"


def share(value: float) -> str:
    return "-" if math.isnan(value) else f"{100 * value:.1f}%"


def ms(values: list[float]) -> str:
    return f"{np.median(values):.1f}" if values else "-"
