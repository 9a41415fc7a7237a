"""Pictures of a run: what was reported, drawn into the frames, and error over time."""

import math
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from bench.tracking.metrics import HOLDABLE, WRONG_PX, corner_error
from bench.tracking.raster import Matrix
from bench.tracking.run import Run

_TRUTH, _FOUND, _WRONG = (20, 200, 120), (255, 91, 58), (230, 30, 60)
_LOW, _HIGH = 0.03, 30.0


def write_pictures(runs: list[Run], folder: Path) -> list[Path]:
    """One sheet per run: three frames with truth and report, under them the error over time."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for run in runs:
        path = folder / f"{run.sequence.name}-{run.runner}.png"
        _sheet(run).save(path)
        written.append(path)
    return written


def _errors(run: Run, number: int = 0) -> list[float]:
    """Error of one print per frame; NaN where it is not reported or not there."""
    errors = []
    for truths, seen in zip(run.truths, run.observations, strict=True):
        sighting = seen.sightings[number] if number < len(truths) else None
        if sighting is None:
            errors.append(math.nan)
        else:
            errors.append(corner_error(sighting.corners, truths[number].corners))
    return errors


def _sheet(run: Run) -> Pillow.Image:
    camera = run.sequence.camera
    width, height = camera.width // 2, camera.height // 2
    sheet = Pillow.new("RGB", (3 * width, height + 150), (250, 247, 242))
    for column, index in enumerate(_frames_worth_seeing(run)):
        sheet.paste(_overlay(run, index).resize((width, height)), (column * width, 0))
    _chart(ImageDraw.Draw(sheet), run, top=height, width=3 * width)
    return sheet


def _frames_worth_seeing(run: Run) -> list[int]:
    """First, worst (or first lost) and last frame."""
    length = len(run.observations)
    errors = _errors(run)
    lost = [
        index
        for index, truths in enumerate(run.truths)
        if truths and truths[0].visible >= HOLDABLE and math.isnan(errors[index])
    ]
    known = [index for index, error in enumerate(errors) if not math.isnan(error)]
    worst = max(known, key=lambda index: errors[index]) if known else length // 2
    if lost and (not known or errors[worst] < WRONG_PX):
        worst = lost[len(lost) // 2]
    return [0, worst, length - 1]


def _overlay(run: Run, index: int) -> Pillow.Image:
    frame = run.sequence.frame(index)
    picture = Pillow.fromarray(frame.image).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for truth in frame.truths:
        _quad(draw, truth.corners, _TRUTH)
    for number, sighting in enumerate(run.observations[index].sightings):
        if sighting is None:
            continue
        there = number < len(frame.truths)
        near = there and corner_error(sighting.corners, frame.truths[number].corners) < WRONG_PX
        _quad(draw, sighting.corners, _FOUND if near else _WRONG)
    draw.text(
        (8, 6),
        f"{run.sequence.name}  frame {index}",
        font=_font(18),
        fill=(255, 255, 255),
        stroke_width=2,
        stroke_fill=(0, 0, 0),
    )
    return picture


def _quad(draw: ImageDraw.ImageDraw, corners: Matrix, colour: tuple[int, int, int]) -> None:
    points = [(float(x), float(y)) for x, y in corners]
    draw.line([*points, points[0]], fill=colour, width=2)


def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size)


def _chart(draw: ImageDraw.ImageDraw, run: Run, *, top: int, width: int) -> None:
    """Error over the frames on a logarithmic scale; red bars where a holdable print is lost."""
    left, right, above, below = 46, width - 10, top + 14, top + 128
    errors = _errors(run)
    step = (right - left) / max(len(errors), 1)

    def level(error: float) -> float:
        part = math.log(max(min(error, _HIGH), _LOW) / _LOW) / math.log(_HIGH / _LOW)
        return below - part * (below - above)

    for mark in (0.1, 0.3, 1, 3, 10):
        draw.line([(left, level(mark)), (right, level(mark))], fill=(222, 216, 206))
        draw.text((6, level(mark) - 7), f"{mark:g} px", font=_font(12), fill=(90, 90, 90))
    for index, error in enumerate(errors):
        x = left + index * step
        truths = run.truths[index]
        if math.isnan(error):
            if truths and truths[0].visible >= HOLDABLE:
                draw.rectangle((x, below + 3, x + max(step, 1), below + 9), fill=_WRONG)
            continue
        colour = _FOUND if error < WRONG_PX else _WRONG
        draw.ellipse((x - 2, level(error) - 2, x + 2, level(error) + 2), fill=colour)


def typical_runs(runs: list[Run]) -> list[Run]:
    """The worst run of each family and tracker: what to look at first."""
    worst: dict[tuple[str, str], Run] = {}
    for run in runs:
        key = (run.runner, run.sequence.family)
        score = run.tally.within(2)
        best = worst.get(key)
        if best is None or np.nan_to_num(score) < np.nan_to_num(best.tally.within(2)):
            worst[key] = run
    return list(worst.values())
