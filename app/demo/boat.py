"""The rowing boat on the lake, with a rower and a lantern."""

import math

import numpy as np
from PIL import Image, ImageDraw

from app.demo.noise import Field
from app.demo.palette import as_field, rgb

Outline = list[tuple[float, float]]
"""Points about the boat's middle at the waterline, in half lengths; y points down."""

_HULL: Outline = [(-1.2, -0.30), (-0.9, 0.02), (-0.5, 0.14), (0.5, 0.14), (0.95, 0.0),
                  (1.25, -0.34), (0.8, -0.16), (-0.8, -0.14)]  # fmt: skip
_ROWER: Outline = [(-0.22, -0.14), (-0.26, -0.52), (-0.16, -0.74), (0.02, -0.74), (0.12, -0.5),
                   (0.34, -0.34), (0.30, -0.24), (0.10, -0.30), (0.16, -0.14)]  # fmt: skip
_HEAD: Outline = [
    (-0.07 + 0.13 * math.cos(angle), -0.88 + 0.14 * math.sin(angle))
    for angle in np.linspace(0, 2 * math.pi, 14)
]
_POLE: Outline = [(0.86, -0.2), (0.90, -0.2), (0.93, -0.95), (0.89, -0.95)]
_STRIPE: Outline = [(-1.05, -0.17), (-0.82, -0.06), (0.84, -0.07), (1.08, -0.2), (1.02, -0.12),
                    (0.86, 0.0), (-0.84, 0.01)]  # fmt: skip
_MIRRORED: Outline = [(x, 0.30 - y * 0.8) for x, y in _HULL]
_LANTERN = (0.91, -0.86)
_PARTS: list[tuple[str, list[Outline], float]] = [
    ("#0E1E36", [_MIRRORED], 0.55),
    ("#101B30", [_POLE, _ROWER, _HEAD], 1.0),
    ("#7E2F2A", [_HULL], 1.0),
    ("#F0B184", [_STRIPE], 0.9),
]
_SCALE = 4


def draw_boat(
    width: int, height: int, centre: tuple[float, float], full_width: int, rock: float
) -> tuple[list[tuple[Field, Field]], tuple[float, float]]:
    """[(colour (3,), cover (height, width)), ...] from back to front, and where the lantern hangs, px.

    `centre` is in pixels of the part that is drawn, `full_width` the whole picture's width,
    `rock` how far the boat leans, radians.
    """
    unit = full_width * 0.034
    cos, sin = math.cos(rock), math.sin(rock)

    def place(x: float, y: float) -> tuple[float, float]:
        return centre[0] + (x * cos - y * sin) * unit, centre[1] + (x * sin + y * cos) * unit

    covers = []
    for colour, outlines, strength in _PARTS:
        picture = Image.new("L", (width * _SCALE, height * _SCALE), 0)
        draw = ImageDraw.Draw(picture)
        for outline in outlines:
            placed = (place(x, y) for x, y in outline)
            draw.polygon([(x * _SCALE, y * _SCALE) for x, y in placed], fill=255)
        small = picture.resize((width, height), Image.Resampling.BOX)
        cover = np.asarray(small, dtype=np.float32) / np.float32(255 / strength)
        covers.append((as_field(rgb(colour)), cover))
    return covers, place(*_LANTERN)
