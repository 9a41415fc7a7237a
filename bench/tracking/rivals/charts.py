"""Charts of several trackers on the same films, as SVG written by hand."""

import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from bench.tracking.metrics import HOLDABLE, corner_error
from bench.tracking.run import Run

COLOURS = {"arv": "#FF5B3A", "mindar": "#3B5BA9", "mindar-smooth": "#9AA9CF", "opencv": "#0E8F83"}
_INK, _GRID, _PAPER = "#16181D", "#E0D9CC", "#FAF7F2"
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 900, 330, 62, 44, 34
_LOW_PX, _HIGH_PX = 0.02, 50.0
_RECALL_PX = 5.0
_STRIP = 9

Place = Callable[[float, float], tuple[float, float]]


def write_charts(runs: list[Run], folder: Path) -> list[Path]:
    """Error over time of one film per family; recall by condition of single pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for family in dict.fromkeys(run.sequence.family for run in runs):
        members = [run for run in runs if run.sequence.family == family]
        if not members[0].sequence.prints:
            continue
        independent = members[0].sequence.independent
        path = folder / f"{'recall' if independent else 'error'}-{family}.svg"
        path.write_text(_recall_chart(members) if independent else _error_chart(members))
        written.append(path)
    return written


def _error_chart(members: list[Run]) -> str:
    """Of the family's first film: error per frame on a logarithmic scale, losses in strips below."""
    film = members[0].sequence
    runs = [run for run in members if run.sequence is film]
    strips = _STRIP * len(runs)
    low, high = _HEIGHT - _BOTTOM - strips, _TOP

    def place(index: float, error: float) -> tuple[float, float]:
        part = math.log(min(max(error, _LOW_PX), _HIGH_PX) / _LOW_PX) / math.log(_HIGH_PX / _LOW_PX)
        x = _LEFT + (index + 0.5) * (_WIDTH - _LEFT - 12) / film.length
        return x, low - part * (low - high)

    body = [_level(place(0, mark)[1], f"{mark:g} px") for mark in (0.03, 0.1, 0.3, 1, 3, 10, 30)]
    # Backwards, so that ours and the rivals' own settings lie on top.
    for number, run in reversed(list(enumerate(runs))):
        errors = _errors(run)
        body.append(_line([place(i, e) for i, e in enumerate(errors)], errors, run.runner))
        top = low + 6 + number * _STRIP
        body += [_lost(place(i, 1)[0], top, film.length, run.runner) for i in _losses(run, errors)]
    body.append(_text(_LEFT, _HEIGHT - 8, "seconds", size=12))
    for second in range(int(film.length / film.fps) + 1):
        x = place(second * film.fps - 0.5, 1)[0]
        body.append(_text(x, _HEIGHT - 8, str(second), size=12, middle=True) if second else "")
    title = f"{film.name}: error of the corners; bars below: not reported though to be seen"
    return _document(title, runs, body)


def _recall_chart(members: list[Run]) -> str:
    """Of all the family's pictures: share found within 5 px, by what varies."""
    runners = list(dict.fromkeys(run.runner for run in members))
    values = [value for run in members for value in run.sequence.conditions]
    edges = np.linspace(min(values), max(values) + 1e-9, 13)
    low, high = _HEIGHT - _BOTTOM, _TOP

    def place(value: float, share: float) -> tuple[float, float]:
        x = _LEFT + 20 + (value - edges[0]) / (edges[-1] - edges[0]) * (_WIDTH - _LEFT - 50)
        return x, low - share * (low - high)

    body = [_level(place(0, share)[1], f"{share:.0%}") for share in (0, 0.25, 0.5, 0.75, 1)]
    for runner in reversed(runners):
        hits = [hit for run in members if run.runner == runner for hit in _hits(run)]
        shares = [_share(hits, a, b) for a, b in pairwise(edges)]
        middles = (edges[1:] + edges[:-1]) / 2
        points = [place(x, s) for x, s in zip(middles, shares, strict=True)]
        body.append(_line(points, shares, runner))
    body += [
        _text(place(edge, 0)[0], _HEIGHT - 14, f"{edge:.0f}", size=12, middle=True)
        for edge in edges[::2]
    ]
    unit = {"angles": "degrees of tilt", "distances": "% of the frame's height"}
    family = members[0].sequence.family
    title = f"found within {_RECALL_PX:g} px in a single picture, by {unit.get(family, family)}"
    return _document(title, [r for r in members if r.sequence is members[0].sequence], body)


def _errors(run: Run) -> list[float]:
    """Error of the first print in each frame; NaN where it is not reported."""
    return [
        corner_error(seen.sightings[0].corners, truths[0].corners)
        if seen.sightings[0] is not None
        else math.nan
        for truths, seen in zip(run.truths, run.observations, strict=True)
    ]


def _losses(run: Run, errors: list[float]) -> list[int]:
    return [
        index
        for index, (truths, error) in enumerate(zip(run.truths, errors, strict=True))
        if math.isnan(error) and truths[0].visible >= HOLDABLE
    ]


def _hits(run: Run) -> list[tuple[float, bool]]:
    """(condition, found) of every picture in which there is something to be found."""
    facts = zip(run.sequence.conditions, run.truths, _errors(run), strict=True)
    return [(value, error < _RECALL_PX) for value, t, error in facts if t[0].visible >= HOLDABLE]


def _share(hits: list[tuple[float, bool]], low: float, high: float) -> float:
    inside = [hit for value, hit in hits if low <= value < high]
    return float(np.mean(inside)) if inside else math.nan


def _line(points: list[tuple[float, float]], values: list[float], runner: str) -> str:
    """A line through the points whose value is known, broken where it is not."""
    steps, pen_down = [], False
    for (x, y), value in zip(points, values, strict=True):
        if math.isnan(value):
            pen_down = False
            continue
        steps.append(f"{'L' if pen_down else 'M'}{x:.1f} {y:.1f}")
        pen_down = True
    colour = COLOURS.get(runner, _INK)
    return f'<path d="{"".join(steps)}" fill="none" stroke="{colour}" stroke-width="1.6"/>'


def _lost(x: float, top: float, length: int, runner: str) -> str:
    width = max(1.2, (_WIDTH - _LEFT - 12) / length)
    place = f'x="{x - width / 2:.1f}" y="{top}" width="{width:.1f}" height="{_STRIP - 3}"'
    return f'<rect {place} fill="{COLOURS.get(runner, _INK)}"/>'


def _level(y: float, label: str) -> str:
    line = f'<line x1="{_LEFT}" x2="{_WIDTH - 12}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_GRID}"/>'
    return line + _text(8, y + 4, label, size=12)


def _text(
    x: float, y: float, text: str, *, size: int, middle: bool = False, colour: str = _INK
) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}"{anchor}>{escape(text)}</text>'


def _document(title: str, runs: list[Run], body: list[str]) -> str:
    legend, x = [], float(_WIDTH - 12)
    for runner in reversed(list(dict.fromkeys(run.runner for run in runs))):
        x -= 8.0 * len(runner) + 14
        legend.append(_text(x, 20, runner, size=13, colour=COLOURS.get(runner, _INK)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="{_PAPER}"/>'
        + _text(8, 20, title, size=13)
        + "".join(legend + body)
        + "</svg>\n"
    )
