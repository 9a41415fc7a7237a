"""The same frame as each tracker sees it, side by side."""

import math
from pathlib import Path

from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from bench.tracking.metrics import HOLDABLE, SETTLED_FRAMES, Sighting, corner_error
from bench.tracking.raster import Matrix
from bench.tracking.run import Run

_TRUTH, _FOUND, _LABEL = (20, 200, 120), (255, 91, 58), (22, 24, 29)
_WIDTH, _HEIGHT, _CAPTION = 480, 360, 28
_BAD = 1000.0


def write_sheets(runs: list[Run], folder: Path) -> list[Path]:
    """Of each family's first film, the frame in which the rivals are worst."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for family in dict.fromkeys(run.sequence.family for run in runs):
        film = next(run.sequence for run in runs if run.sequence.family == family)
        members = [run for run in runs if run.sequence is film]
        path = folder / f"overlay-{family}.jpg"
        _sheet(members, _worst_frame(members)).save(path, quality=88)
        written.append(path)
    return written


def _worst_frame(members: list[Run]) -> int:
    """Where the summed error, losses included, is largest; in a film, once all had time to begin."""
    length = len(members[0].observations)
    begin = 0 if members[0].sequence.independent else min(SETTLED_FRAMES, length - 1)

    def badness(index: int) -> float:
        return sum(_badness(run, index) for run in members)

    return max(range(begin, length), key=badness)


def _badness(run: Run, index: int) -> float:
    total = 0.0
    truths, seen = run.truths[index], run.observations[index].sightings
    for truth, sighting in zip(truths, seen, strict=False):
        if sighting is not None:
            total += math.log1p(corner_error(sighting.corners, truth.corners))
        elif truth.visible >= HOLDABLE:
            total += math.log1p(_BAD) / 2
    return total + sum(sighting is not None for sighting in seen[len(truths) :])


def _sheet(members: list[Run], index: int) -> Pillow.Image:
    columns = 2
    rows = math.ceil(len(members) / columns)
    size = (columns * _WIDTH, rows * (_HEIGHT + _CAPTION))
    sheet = Pillow.new("RGB", size, (250, 247, 242))
    draw = ImageDraw.Draw(sheet)
    frame = members[0].sequence.frame(index)
    for number, run in enumerate(members):
        x, y = number % columns * _WIDTH, number // columns * (_HEIGHT + _CAPTION)
        picture = Pillow.fromarray(frame.image).convert("RGB")
        pen = ImageDraw.Draw(picture)
        for truth in run.truths[index]:
            _quad(pen, truth.corners, _TRUTH)
        seen = run.observations[index].sightings
        for sighting in (one for one in seen if one is not None):
            _quad(pen, sighting.corners, _FOUND)
        sheet.paste(picture.resize((_WIDTH, _HEIGHT)), (x, y + _CAPTION))
        text = f"{run.runner}   {run.sequence.name} frame {index}   {_verdict(run, seen, index)}"
        draw.text((x + 8, y + 6), text, font=ImageFont.load_default(size=15), fill=_LABEL)
    return sheet


def _verdict(run: Run, seen: list[Sighting | None], index: int) -> str:
    """Each shown print's error, or that it is not reported."""
    words = [
        "not seen"
        if sighting is None
        else f"{corner_error(sighting.corners, truth.corners):.2f} px"
        for truth, sighting in zip(run.truths[index], seen, strict=False)
    ]
    words += ["false" for sighting in seen[len(run.truths[index]) :] if sighting is not None]
    return ", ".join(words) or "nothing, rightly"


def _quad(pen: ImageDraw.ImageDraw, corners: Matrix, colour: tuple[int, int, int]) -> None:
    points = [(float(x), float(y)) for x, y in corners]
    pen.line([*points, points[0]], fill=colour, width=2)
