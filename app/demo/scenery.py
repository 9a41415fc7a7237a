"""The still layers of the sample picture, painted once at high resolution."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFont

from app.demo import layout
from app.demo.land import (
    RANGES,
    Layer,
    Stencil,
    grow_pine,
    mixed,
    paint_forest,
    paint_range,
    paint_stencil,
)
from app.demo.noise import AnyFloats, Field, fractal, profile, resized, step
from app.demo.palette import DUSK, NIGHT, PAPER, PAPER_INK, WARM, rgb


@dataclass
class Scenery:
    """What stands still: `back` is mirrored in the lake, `front` stands before it."""

    back: Layer
    front: Layer
    frame: Layer
    windows: Field
    """(h, w) where lamplight shines."""
    grain: Field
    """(h, w) about 1: the tooth of the paper and of the printing block."""

    def at(self, width: int, height: int) -> "Scenery":
        """Everything at another size."""
        return Scenery(
            self.back.at(width, height),
            self.front.at(width, height),
            self.frame.at(width, height),
            _box(self.windows, width, height),
            _box(self.grain, width, height),
        )


def _box(field: Field, width: int, height: int) -> Field:
    picture = Image.fromarray(field).resize((width, height), Image.Resampling.BOX)
    return np.asarray(picture, dtype=np.float32)


def paint_scenery(width: int, height: int) -> Scenery:
    """Paint every still layer at this size (larger than the print, so that edges come out clean)."""
    back = Layer.empty(width, height)
    for chain in RANGES:
        paint_range(back, chain)
    shore = _shore(width)
    paint_forest(back, 51, count=190, foot=shore - 0.012, tall=(0.022, 0.05), near=0.15)
    paint_forest(back, 52, count=150, foot=shore, tall=(0.03, 0.07), near=0.5)
    windows = Stencil(width, height)
    _paint_cabin(back, windows)
    paint_forest(
        back, 53, count=34, foot=shore + 0.004, tall=(0.05, 0.105), near=0.75, span=(0.66, 1.0)
    )
    paint_forest(
        back, 54, count=26, foot=shore + 0.004, tall=(0.05, 0.10), near=0.75, span=(0.0, 0.33)
    )
    _cut_below_horizon(back)
    front = Layer.empty(width, height)
    _paint_foreground(front)
    frame = Layer.empty(width, height)
    _paint_frame(frame)
    return Scenery(back, front, frame, windows.cover, _grain(width, height))


def _shore(width: int) -> Field:
    return np.asarray(layout.HORIZON - 0.004 + profile(61, width, cells=9) * 0.003, np.float32)


def _cut_below_horizon(layer: Layer) -> None:
    height = layer.alpha.shape[0]
    v = (np.arange(height, dtype=np.float32) + 0.5)[:, None] / height
    layer.alpha *= step(layout.HORIZON + 0.6 / height, layout.HORIZON - 0.6 / height, v)


_WALLS = (
    [(-0.032, 0.0), (-0.032, -0.042), (0.030, -0.042), (0.030, 0.0)],
    [(0.004, -0.040), (0.018, -0.074), (0.032, -0.040)],
)
_ROOFS = (
    [(-0.040, -0.038), (-0.024, -0.076), (0.018, -0.078), (0.004, -0.038)],
    [(0.016, -0.080), (0.021, -0.080), (0.038, -0.036), (0.032, -0.036)],
    [(-0.014, -0.094), (-0.006, -0.094), (-0.006, -0.070), (-0.014, -0.070)],
)
_PANES = [
    [(left, -0.014), (left, -0.032), (left + 0.009, -0.032), (left + 0.009, -0.014)]
    for left in (-0.022, -0.006, 0.012)
]


def _paint_cabin(layer: Layer, windows: Stencil) -> None:
    """A log house on the far shore, its windows lit."""
    height, width = layer.alpha.shape
    u, v = layout.CABIN
    wall, roof, planks = (Stencil(width, height) for _ in range(3))
    for stencil, outlines in ((wall, _WALLS), (roof, _ROOFS), (windows, _PANES)):
        for outline in outlines:
            stencil.polygon([(u + du, v + dv) for du, dv in outline])
    for row in range(6):
        y = v - 0.004 - row * 0.0065
        planks.line([(u - 0.032, y), (u + 0.030, y)], 0.0007)
    paint_stencil(layer, wall, rgb("#7A4636"), rgb("#1C2A3C"))
    paint_stencil(layer, planks, rgb("#3A2430"), rgb("#0C1526"), 0.8)
    paint_stencil(layer, roof, rgb("#24324C"), rgb("#0A1426"))
    paint_stencil(layer, windows, WARM, WARM)


def _paint_foreground(layer: Layer) -> None:
    """The near shore: banks left and right, rocks, reeds, and tall spruces that frame the view."""
    height, width = layer.alpha.shape
    random = np.random.default_rng(71)
    bank, rocks, rock_light = (Stencil(width, height) for _ in range(3))
    u = np.linspace(0, 1, 240)
    edge = 0.875 - 0.135 * np.clip(1 - u / 0.40, 0, 1) ** 1.5
    edge -= 0.105 * np.clip((u - 0.70) / 0.30, 0, 1) ** 1.6
    edge += profile(73, 240, cells=16) * 0.007
    bank.polygon([*zip(u.tolist(), edge.tolist(), strict=True), (1, 1), (0, 1)])
    for _ in range(46):
        x = float(random.choice([random.uniform(0.05, 0.40), random.uniform(0.68, 0.96)]))
        y = float(np.interp(x, u, edge)) + random.uniform(-0.004, 0.03)
        _rock(rocks, rock_light, random, x, y, float(random.uniform(0.006, 0.02)))
    paint_stencil(layer, bank, rgb("#13233A"), rgb("#071020"))
    _paint_grass(layer, random, u, edge)
    paint_stencil(layer, rocks, rgb("#2C3B57"), rgb("#0F1B33"))
    paint_stencil(layer, rock_light, rgb("#D08468"), rgb("#2F7D84"), 0.9)
    body, rim = Stencil(width, height), Stencil(width, height)
    for x, tall in (
        (0.066, 0.66),
        (0.128, 0.50),
        (0.185, 0.33),
        (0.232, 0.22),
        (0.945, 0.52),
        (0.896, 0.36),
        (0.851, 0.23),
        (0.30, 0.12),
        (0.815, 0.13),
    ):
        foot = float(np.interp(x, u, edge)) + 0.02 + 0.045 * tall
        grow_pine(body, rim, random, x, foot, tall)
    paint_stencil(layer, body, DUSK.forest_near, NIGHT.forest_near)
    paint_stencil(
        layer,
        rim,
        mixed(DUSK.forest_near, DUSK.forest_rim, 0.8),
        mixed(NIGHT.forest_near, NIGHT.forest_rim, 0.8),
    )


def _rock(
    body: Stencil, light: Stencil, random: np.random.Generator, u: float, v: float, size: float
) -> None:
    angles = np.sort(random.uniform(0, 2 * np.pi, 9))
    reach = size * random.uniform(0.7, 1.1, 9)
    outline = [
        (u + r * np.cos(a), v + 0.8 * r * np.sin(a)) for a, r in zip(angles, reach, strict=True)
    ]
    body.polygon([(float(x), float(y)) for x, y in outline])
    upper = [
        (u + (x - u) * 0.8 + size * 0.1, v + (y - v) * 0.75 - size * 0.16)
        for x, y in outline
        if x > u - size * 0.1 and y < v + size * 0.2
    ]
    if len(upper) > 2:
        light.polygon([(float(x), float(y)) for x, y in upper])


def _paint_grass(layer: Layer, random: np.random.Generator, u: AnyFloats, edge: AnyFloats) -> None:
    """Blades and reeds along the banks, some catching the light."""
    height, width = layer.alpha.shape
    dark, lit = Stencil(width, height), Stencil(width, height)
    for number in range(1500):
        x = float(random.uniform(0.02, 0.98))
        y = float(np.interp(x, u, edge)) + float(random.uniform(-0.002, 0.12)) ** 1.0
        near = (y - 0.74) / 0.2
        tall = float(random.uniform(0.008, 0.022)) * (0.6 + near)
        sway = float(random.normal(0, 0.004))
        stroke = [(x, y), (x + sway * 0.4, y - tall * 0.6), (x + sway, y - tall)]
        (lit if number % 3 == 0 else dark).line(stroke, 0.0008)
    for _ in range(70):
        x = float(random.choice([random.uniform(0.20, 0.42), random.uniform(0.66, 0.83)]))
        y = float(np.interp(x, u, edge)) + 0.012
        tall, sway = float(random.uniform(0.03, 0.075)), float(random.normal(0, 0.006))
        dark.line([(x, y), (x + sway, y - tall)], 0.0010)
        dark.ellipse(x + sway, y - tall, 0.0016, 0.009)
    paint_stencil(layer, dark, rgb("#0A1526"), rgb("#040A16"))
    paint_stencil(layer, lit, rgb("#8A5F52"), rgb("#1D5560"), 0.85)


def _paint_frame(layer: Layer) -> None:
    """The paper margin with a thin double rule, a title and small signs."""
    height, width = layer.alpha.shape
    left, top, right, bottom = layout.WINDOW
    margin = Stencil(width, height)
    margin.polygon([(0, 0), (1, 0), (1, 1), (0, 1)])
    margin.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], fill=0)
    paint_stencil(layer, margin, PAPER, PAPER)
    ink = Stencil(width, height)
    for gap, thickness in ((0.0035, 0.0012), (0.0075, 0.0006)):
        du, dv = gap, gap * layout.ASPECT
        ink.line(
            [
                (left - du, top - dv),
                (right + du, top - dv),
                (right + du, bottom + dv),
                (left - du, bottom + dv),
                (left - du, top - dv),
            ],
            thickness,
        )
    _letter(ink, layout.TITLE, 0.5, 0.925, 0.034, spacing=0.62)
    _letter(ink, "A PICTURE THAT WAKES WHEN YOU LOOK AT IT", 0.5, 0.967, 0.0125, spacing=0.55)
    _ornament(ink, 0.5)
    paint_stencil(layer, ink, PAPER_INK, PAPER_INK)
    accent = Stencil(width, height)
    for u in (0.058, 0.942):
        accent.ellipse(u, 0.937, 0.0125, 0.0125 * layout.ASPECT)
    paint_stencil(layer, accent, rgb("#E4532F"), rgb("#E4532F"))
    _paint_sign(layer)


def _letter(ink: Stencil, text: str, u: float, v: float, size: float, *, spacing: float) -> None:
    """Letter-spaced capitals about (u, v); size in heights."""
    font = ImageFont.load_default(size=size * ink.height)
    gap = spacing * size * ink.height
    widths = [ink.draw.textlength(letter, font=font) for letter in text]
    x = u * ink.width - (sum(widths) + gap * (len(text) - 1)) / 2
    for letter, advance in zip(text, widths, strict=True):
        ink.draw.text((x, v * ink.height), letter, font=font, fill=255, anchor="lm")
        x += advance + gap


def _ornament(ink: Stencil, u: float) -> None:
    """Short rules left and right of the lower line."""
    for side in (-1, 1):
        ink.line([(u + side * 0.30, 0.967), (u + side * 0.40, 0.967)], 0.0007)
        ink.polygon(
            [
                (u + side * 0.295, 0.967),
                (u + side * 0.290, 0.961),
                (u + side * 0.285, 0.967),
                (u + side * 0.290, 0.973),
            ]
        )


def _paint_sign(layer: Layer) -> None:
    """In the coral discs: a triangle at the left, three ridges at the right."""
    height, width = layer.alpha.shape
    sign = Stencil(width, height)
    u, v = 0.058, 0.937
    sign.polygon([(u - 0.0035, v - 0.0085), (u + 0.0065, v), (u - 0.0035, v + 0.0085)])
    u = 0.942
    sign.polygon(
        [
            (u - 0.009, v + 0.006),
            (u - 0.003, v - 0.008),
            (u + 0.001, v),
            (u + 0.004, v - 0.004),
            (u + 0.009, v + 0.006),
        ]
    )
    paint_stencil(layer, sign, PAPER, PAPER)


def _grain(width: int, height: int) -> Field:
    """Fine speckle, and clouds of more and less ink."""
    fine = np.random.default_rng(81).standard_normal((height // 2, width // 2), dtype=np.float32)
    clouds = resized(fractal(82, width // 4, height // 4, cells=(30, 20), octaves=4), width, height)
    return np.asarray(1 + 0.030 * resized(fine, width, height) + 0.016 * clouds, dtype=np.float32)
