"""How measurements are printed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Figure:
    """One thing measured several times."""

    name: str
    values: Sequence[float]
    unit: str
    aim: float | None = None
    """At most this is wanted."""

    @property
    def median(self) -> float:
        return float(np.median(self.values))


def table(title: str, figures: Sequence[Figure]) -> str:
    """Median, least and most of every figure, with its aim."""
    lines = [title, f"  {'':<44}{'median':>10}{'least':>10}{'most':>10}  {'aim':>8}"]
    for figure in figures:
        places = 0 if figure.median >= 100 else 1 if figure.median >= 10 else 2
        numbers = (figure.median, min(figure.values), max(figure.values))
        cells = "".join(f"{number:>10.{places}f}" for number in numbers)
        aim = f"≤ {figure.aim:g}" if figure.aim is not None else ""
        mark = "" if figure.aim is None else "  ok" if figure.median <= figure.aim else "  MISSED"
        lines.append(f"  {figure.name:<38}{figure.unit:>6}{cells}  {aim:>8}{mark}")
    return "\n".join(lines)
