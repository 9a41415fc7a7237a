"""Mountains and forests: the parts of the picture that stand still, in both moods of light."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from app.demo import layout
from app.demo.noise import Field, fractal, profile, resized, sampled, step
from app.demo.palette import DUSK, NIGHT, Colour, Light, as_field


@dataclass
class Layer:
    """Painted pixels that may be transparent: (h, w, 3) in both lights, alpha (h, w), all 0..1."""

    dusk: Field
    night: Field
    alpha: Field

    @classmethod
    def empty(cls, width: int, height: int) -> "Layer":
        blank = np.zeros((height, width, 3), np.float32)
        return cls(blank, blank.copy(), np.zeros((height, width), np.float32))

    def paint(self, dusk: Field, night: Field, cover: Field) -> None:
        """Lay colours ((3,) or (h, w, 3)) over what is there, where `cover` (h, w) says."""
        weight = cover[:, :, None]
        self.dusk += (dusk - self.dusk) * weight
        self.night += (night - self.night) * weight
        self.alpha += (1 - self.alpha) * cover

    def at(self, width: int, height: int) -> "Layer":
        """The layer at another size; colours are weighted by alpha, so edges stay clean."""
        alpha = _shrunk(self.alpha, width, height)
        weight = np.maximum(alpha, 1e-4)[:, :, None]
        dusk, night = (
            np.dstack([_shrunk(full[:, :, c] * self.alpha, width, height) for c in range(3)])
            / weight
            for full in (self.dusk, self.night)
        )
        return Layer(dusk.astype(np.float32), night.astype(np.float32), alpha)


def _shrunk(field: Field, width: int, height: int) -> Field:
    picture = Image.fromarray(field).resize((width, height), Image.Resampling.BOX)
    return np.asarray(picture, dtype=np.float32)


@dataclass(frozen=True)
class Range:
    """One chain of mountains: `peaks` are (u, v of the top, half width at the foot)."""

    seed: int
    base: float
    peaks: tuple[tuple[float, float, float], ...]
    rough: float
    haze: float
    """0 near, 1 lost in the distance."""
    snow: float
    """How far down from the ridge snow lies, in heights."""


RANGES = (
    Range(11, 0.56, ((0.10, 0.44, 0.2), (0.52, 0.45, 0.22), (0.66, 0.47, 0.2), (0.9, 0.42, 0.24)),
          0.030, 0.72, 0.03),
    Range(23, 0.60, ((0.275, 0.165, 0.30), (0.43, 0.36, 0.17), (0.10, 0.34, 0.2),
                     (0.88, 0.275, 0.22), (0.99, 0.33, 0.2)), 0.045, 0.20, 0.15),
    Range(37, 0.625, ((0.02, 0.47, 0.2), (0.20, 0.515, 0.2), (0.36, 0.555, 0.16),
                      (0.78, 0.53, 0.17), (0.97, 0.47, 0.22)), 0.028, 0.0, 0.0),
)  # fmt: skip


def paint_range(layer: Layer, chain: Range) -> None:
    """One chain of mountains as a woodcut: lit and shadowed faces, snow, lines down the slopes."""
    height, width = layer.alpha.shape
    ridge = _ridge(chain, width)
    v = (np.arange(height, dtype=np.float32) + 0.5)[:, None] / height
    depth = v - ridge[None, :]
    inside = step(-0.6 / height, 0.6 / height, depth)
    tone = _tone(chain, ridge, depth)
    lines = _hatching(chain.seed, tone)
    snow = _snow(chain, depth, tone)
    dusk, night = (
        _coloured(light, tone, snow, lines, chain.haze, depth) for light in (DUSK, NIGHT)
    )
    layer.paint(dusk, night, inside)


def _ridge(chain: Range, width: int) -> Field:
    """Height (v) of the outline for every column: the highest of the peaks, made rough."""
    u = np.linspace(0, 1, width, dtype=np.float32)
    ridge = np.full(width, chain.base, np.float32)
    for top_u, top_v, half in chain.peaks:
        slope = np.abs(u - top_u) / half
        ridge = np.minimum(ridge, top_v + (chain.base - top_v) * slope**0.82)
    rise = np.clip((chain.base - ridge) / 0.2, 0.25, 1)
    return np.asarray(ridge + profile(chain.seed, width, cells=14) * chain.rough * rise, np.float32)


def _tone(chain: Range, ridge: Field, depth: Field) -> Field:
    """0 in shadow to 1 in the light of a low sun at the right, (h, w)."""
    height, width = depth.shape
    smooth = np.convolve(
        np.pad(ridge, width // 60, mode="edge"),
        np.ones(width // 30 + 1) / (width // 30 + 1),
        "valid",
    )[:width]
    facing = np.gradient(smooth).astype(np.float32) * width / height * 1.6
    wander = fractal(chain.seed + 1, width // 2, height // 2, cells=(11, 10), octaves=3)
    columns = np.arange(width, dtype=np.float32)[None, :]
    shift = resized(wander, width, height) * np.clip(depth, 0, 0.4) * (0.22 * width)
    looked = np.clip(columns - shift, 0, width - 1).astype(np.int32)
    relief = fractal(chain.seed + 2, width // 2, height // 2, cells=(17, 11), octaves=4)
    gullies = np.gradient(resized(relief, width, height), axis=1) * (width / 78)
    return step(-0.8, 0.85, np.tanh(facing[looked] * 2.4) + np.asarray(gullies, np.float32))


def _hatching(seed: int, tone: Field) -> Field:
    """Engraved lines running down the slopes, 0..1 of ink; thicker where it is darker."""
    height, width = tone.shape
    unit = width / 1296
    x = np.arange(width, dtype=np.float32)[None, :] / unit
    y = np.arange(height, dtype=np.float32)[:, None] / unit
    bend = resized(
        fractal(seed + 5, width // 4, height // 4, cells=(9, 9), octaves=3), width, height
    )
    ink = np.zeros_like(tone)
    for side, share in ((0.75, step(0.62, 0.40, tone)), (-0.75, step(0.38, 0.14, tone))):
        phase = (x + side * y + bend * 7) / 6.4
        wave = np.abs(phase - np.floor(phase) - 0.5) * 2
        ink = np.maximum(ink, step(0.62, 0.86, wave) * share)
    return ink


def _snow(chain: Range, depth: Field, tone: Field) -> Field:
    """Where snow lies, 0..1: high up, in streaks down the slopes."""
    if not chain.snow:
        return np.zeros_like(depth)
    width = depth.shape[1]
    lattice = np.random.default_rng(chain.seed + 9).standard_normal((64, 256), dtype=np.float32)
    u = np.arange(width, dtype=np.float32)[None, :] / width
    side = np.where(tone > 0.5, 0.55, -0.55).astype(np.float32)
    streak = sampled(lattice, (u * 1.5 - depth * side) * 44, depth * 4)
    ragged = sampled(lattice, u * 120 + 0 * depth, depth * 40 + 31)
    reach = chain.snow * (0.95 + 0.42 * streak + 0.10 * ragged)
    return step(1.06, 0.94, depth / np.maximum(reach, 1e-3))


def _coloured(
    light: Light, tone: Field, snow: Field, lines: Field, haze: float, depth: Field
) -> Field:
    """RGB of a chain; distance and the valley's mist take its contrast away."""
    t, s = tone[:, :, None], snow[:, :, None]
    rock = as_field(light.shadow) + (as_field(light.lit) - as_field(light.shadow)) * t
    white = as_field(light.snow_shadow) + (
        as_field(light.snow_lit) - as_field(light.snow_shadow)
    ) * step(0.35, 0.62, t)
    colour = rock + (white - rock) * s
    weight = (lines * (0.62 - 0.40 * snow))[:, :, None]
    colour = colour + (as_field(light.ink) - colour) * weight
    mist = np.clip(haze + (1 - haze) * 0.75 * step(0.08, 0.42, depth), 0, 1)[:, :, None]
    return np.asarray(colour + (as_field(light.haze) - colour) * mist, dtype=np.float32)


class Stencil:
    """Black-and-white drawing that becomes the cover of a colour."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._picture = Image.new("L", (width, height), 0)
        self.draw = ImageDraw.Draw(self._picture)

    def polygon(self, points: list[tuple[float, float]], fill: int = 255) -> None:
        """A filled outline, points in (u, v)."""
        pixels = [(float(u) * self.width, float(v) * self.height) for u, v in points]
        self.draw.polygon(pixels, fill=fill)

    def line(self, points: list[tuple[float, float]], thickness: float, fill: int = 255) -> None:
        """A stroke; thickness in widths."""
        pixels = [(float(u) * self.width, float(v) * self.height) for u, v in points]
        self.draw.line(
            pixels, fill=fill, width=max(1, round(thickness * self.width)), joint="curve"
        )

    def ellipse(self, u: float, v: float, ru: float, rv: float, fill: int = 255) -> None:
        """An ellipse about (u, v), radii in widths and heights."""
        self.draw.ellipse(
            ((u - ru) * self.width, (v - rv) * self.height,
             (u + ru) * self.width, (v + rv) * self.height), fill=fill)  # fmt: skip

    @property
    def box(self) -> tuple[int, int, int, int] | None:
        """(left, top, right, bottom) of what is drawn; None when nothing is."""
        return self._picture.getbbox()

    @property
    def cover(self) -> Field:
        """(h, w) 0..1."""
        return np.asarray(self._picture, dtype=np.float32) / np.float32(255)


def grow_pine(
    body: Stencil, rim: Stencil, random: np.random.Generator, u: float, v: float, tall: float
) -> None:
    """A spruce standing at (u, v), `tall` heights high; `rim` gets its lit needles.

    Trees are grown from far to near: a nearer one takes the light off what it hides.
    """
    tiers = int(np.clip(8 + tall * 56, 7, 40))
    lean = random.normal(0, 0.004) * tall
    wide = tall * random.uniform(0.17, 0.23) / layout.ASPECT
    body.line([(u, v), (u + lean, v - tall)], max(wide * 0.10, 0.0006))
    for tier in range(tiers):
        part = max(tier + random.uniform(-0.25, 0.25), 0.0) / tiers
        y, x = v - tall * (1 - 0.94 * part), u + lean * (1 - part)
        reach = wide * (0.08 + 0.92 * part**0.85) * random.uniform(0.70, 1.12)
        drop, thick = tall * 0.055 * (0.4 + part), tall / tiers * 1.5
        for side in (-1, 1):
            tip = (x + side * reach * random.uniform(0.8, 1.1), y + drop * random.uniform(0.7, 1.3))
            inner = (x + side * reach * 0.45, y + drop * 0.5 + thick * 0.5)
            branch = [(x, y - thick * 0.55), tip, inner, (x, y + thick * 0.6)]
            body.polygon(branch)
            rim.polygon(branch, fill=0)
            _light_needles(rim, random, (x, y - thick * 0.3), tip, shaded=side < 0)


def _light_needles(
    rim: Stencil,
    random: np.random.Generator,
    root: tuple[float, float],
    tip: tuple[float, float],
    *,
    shaded: bool,
) -> None:
    """Short strokes along the upper side of a branch; few and faint where the light is behind it."""
    length = abs(tip[0] - root[0])
    count = int(np.clip(length * 150, 1, 9))
    for _ in range(count):
        if random.random() < (0.72 if shaded else 0.25):
            continue
        part = random.uniform(0.25, 0.98)
        x = root[0] + (tip[0] - root[0]) * part
        y = root[1] + (tip[1] - root[1]) * part
        across = (tip[0] - root[0]) * random.uniform(0.10, 0.22) * (1 if count > 2 else 2)
        down = abs(across) * random.uniform(0.4, 1.0)
        strength = random.uniform(0.25, 0.5) if shaded else random.uniform(0.6, 1.0)
        rim.line([(x, y), (x + across, y + down)], 0.0008, fill=int(255 * strength))


def paint_stencil(
    layer: Layer, stencil: Stencil, dusk: Colour, night: Colour, strength: float = 1.0
) -> None:
    """Fill a stencil with one colour in each light, working only where it has anything."""
    box = stencil.box
    if box is None:
        return
    rows, columns = slice(box[1], box[3]), slice(box[0], box[2])
    part = Layer(*(field[rows, columns] for field in (layer.dusk, layer.night, layer.alpha)))
    cover = stencil.cover[rows, columns] * np.float32(strength)
    part.paint(as_field(dusk), as_field(night), cover)


def mixed(first: Colour, second: Colour, part: float) -> Colour:
    """A colour `part` of the way from the first to the second."""
    r, g, b = (a + (c - a) * part for a, c in zip(first, second, strict=True))
    return r, g, b


def paint_forest(
    layer: Layer,
    seed: int,
    *,
    count: int,
    foot: Field,
    tall: tuple[float, float],
    near: float,
    span: tuple[float, float] = (0.0, 1.0),
) -> None:
    """A stand of spruces along `foot` (v for every column); `near` 0 far to 1 close."""
    height, width = layer.alpha.shape
    random = np.random.default_rng(seed)
    body, rim = Stencil(width, height), Stencil(width, height)
    places = np.sort(random.uniform(*span, count))
    random.shuffle(places)
    for u in places:
        v = float(foot[min(int(u * width), width - 1)])
        size = random.uniform(*tall) * (0.75 + 0.5 * random.random())
        grow_pine(body, rim, random, float(u), v + 0.004, float(size))
    dusk = mixed(DUSK.forest_far, DUSK.forest_near, near)
    night = mixed(NIGHT.forest_far, NIGHT.forest_near, near)
    paint_stencil(layer, body, dusk, night)
    paint_stencil(
        layer, rim, mixed(dusk, DUSK.forest_rim, 0.75), mixed(night, NIGHT.forest_rim, 0.7), 0.9
    )
