"""The whole picture at any moment of its loop; moment 0 is the print."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from app.demo import layout
from app.demo.boat import draw_boat
from app.demo.land import Layer
from app.demo.noise import Field, resized, sampled, step
from app.demo.palette import WARM, as_field, rgb
from app.demo.scenery import Scenery
from app.demo.sky import TAU, Sky, birds_at, prepare_sky, sky_at, sun_at

Picture = NDArray[np.uint8]
"""(height, width, 3) RGB."""


Region = Any
"""What indexes a part of a picture."""


@dataclass
class LivingPicture:
    """Still layers at one size, with everything that moves between them."""

    scenery: Scenery
    sky: Sky
    ripples: list[Field]
    """(rows of the lake, w) groups of small waves that flicker together, 0..1."""
    swell: Field
    """(64, 64) lattice the broken mirror image is moved by."""
    regions: list[tuple[Layer, list[Region]]]
    """The layers before the water, and where they hold anything."""

    @classmethod
    def of(cls, scenery: Scenery) -> "LivingPicture":
        height, width = scenery.grain.shape
        rows = height - prepare_rows(height)
        ripples = [_ripples(width, rows, height, seed) for seed in (131, 132, 133, 134)]
        swell = np.random.default_rng(135).standard_normal((64, 64), dtype=np.float32)
        regions = [(layer, _covered(layer)) for layer in (scenery.front, scenery.frame)]
        return cls(scenery, prepare_sky(width, height), ripples, swell, regions)

    def at(self, time: float) -> Picture:
        """The picture at `time`, 0..1 of the loop; 0 and 1 are the same."""
        night = night_at(time)
        height, width = self.scenery.grain.shape
        horizon = prepare_rows(height)
        picture = np.zeros((height, width, 3), np.float32)
        upper = sky_at(self.sky, time, night)[:horizon]
        _lay(upper, self.scenery.back, night, np.s_[:horizon])
        birds = birds_at(width, horizon, height, time)[:, :, None]
        upper += (as_field(rgb("#14203A")) - upper) * birds * np.float32(0.92)
        self._light_windows(upper, time, night)
        self._drift_mist(upper, time, night)
        picture[:horizon] = upper
        water = self._lake(upper, time, night)
        picture[horizon : horizon + water.shape[0]] = water
        self._add_boat(picture, time, night)
        for layer, regions in self.regions:
            for region in regions:
                _lay(picture[region], layer, night, region)
        picture *= self.scenery.grain[:, :, None] * np.float32(255)
        return np.asarray(np.clip(picture + 0.5, 0, 255), dtype=np.uint8)

    def _light_windows(self, upper: Field, time: float, night: float) -> None:
        """The cabin's lamps glow the more the darker it is, flickering a little; smoke rises."""
        rows, width = upper.shape[:2]
        flicker = 1 + 0.06 * math.sin(TAU * 5 * time) + 0.04 * math.sin(TAU * 9 * time)
        u, v = layout.CABIN
        dx, dy = self.sky.u - u, (self.sky.v[:rows] - v + 0.022) / layout.ASPECT
        glow = np.exp(-(dx * dx + dy * dy) / 0.0011) * np.float32((0.16 + 0.5 * night) * flicker)
        upper += (as_field(WARM) - upper) * np.clip(glow, 0, 0.8)[:, :, None]
        lamps = self.scenery.windows[:rows] * np.float32(min(1.0, 0.8 + 0.2 * night))
        upper += (as_field(rgb("#FFE2A0")) - upper) * lamps[:, :, None]
        left, right = int((u - 0.09) * width), int((u + 0.09) * width)
        part = upper[:, left:right]
        smoke = _smoke(self.sky.u[:, left:right], self.sky.v[:rows], time, self.swell)
        part += (as_field(rgb("#E9D6C8")) * (1 - 0.55 * night) - part) * smoke[:, :, None]

    def _drift_mist(self, upper: Field, time: float, night: float) -> None:
        """Bands of mist above the water, sliding to and fro."""
        rows, width = upper.shape[:2]
        first = int(rows * 0.80)
        small = (rows - first, width // 4)
        v = np.linspace(0, 1, small[0], dtype=np.float32)[:, None]
        u = np.linspace(0, 9, small[1], dtype=np.float32)[None, :]
        slide = 0.7 * math.sin(TAU * time)
        bands = sampled(self.swell, u + slide + 0 * v, v * 6 + 3 + 0 * u)
        cover = step(0.1, 1.5, bands) * step(0.15, 0.75, v) * np.float32(0.34 + 0.10 * night)
        tint = as_field(rgb("#F6C9A2")) + (as_field(rgb("#3E8C92")) - as_field(rgb("#F6C9A2"))) * (
            np.float32(night)
        )
        part = upper[first:]
        part += (tint - part) * resized(cover, width, rows - first)[:, :, None]

    def _lake(self, upper: Field, time: float, night: float) -> Field:
        """The mirror image, broken by waves that grow towards the viewer."""
        horizon, width = upper.shape[:2]
        height = self.scenery.grain.shape[0]
        rows = height - horizon
        shown = math.ceil(layout.WINDOW[3] * height) - horizon
        down = ((np.arange(shown, dtype=np.float32) + 0.5) / rows)[:, None]
        columns = np.arange(width, dtype=np.float32)[None, :]
        depth = 1 / (0.10 + 0.9 * down)
        slide, bob = math.sin(TAU * time), math.cos(TAU * time)
        waves = sampled(self.swell, columns / width * 7 * depth + slide, depth * 9 + 1.3 * bob)
        fine = sampled(self.swell, columns / width * 21 * depth - slide, depth * 26 - bob)
        push = waves * 0.6 + fine * 0.4
        source_y = horizon - 1 - down * rows * 1.02 - push * down * 0.035 * horizon
        source_x = columns + push * (0.0015 + 0.007 * down) * width
        y = np.clip(source_y, 0, horizon - 1).astype(np.int32)
        x = np.clip(source_x, 0, width - 1).astype(np.int32)
        water = upper[y, x]
        tint = as_field(rgb("#1E4E6B")) * (1 - night) + as_field(rgb("#06182F")) * night
        water += (tint - water) * (0.22 + 0.36 * down)[:, :, None]
        self._add_ripples(water, down, time, night)
        return np.asarray(water, dtype=np.float32)

    def _add_ripples(self, water: Field, down: Field, time: float, night: float) -> None:
        """Strokes of light and dark; gold where the sun's path lies, green under northern lights."""
        sun_u, _ = sun_at(night)
        wide = 0.045 + 0.10 * down
        path = np.exp(-(((self.sky.u - np.float32(sun_u)) / wide) ** 2))
        path *= np.float32(1 - 0.85 * night)
        bright, pale, dark = (np.zeros(water.shape[:2], np.float32) for _ in range(3))
        for group, strokes in enumerate(self.ripples):
            flicker = 0.5 + 0.5 * math.sin(TAU * ((group % 2 + 2) * time + group / 4))
            shown = strokes[: water.shape[0]]
            bright += shown * np.float32(0.35 + 0.65 * flicker)
            tone = pale if group % 2 else dark
            tone += shown * np.float32(0.10 + 0.20 * flicker)
        gold, cool = as_field(rgb("#FFDFA0")), as_field(rgb("#9FD3C6"))
        beside = 1 - path
        water *= (1 - dark * beside)[:, :, None]
        water += (cool - water) * (pale * beside)[:, :, None]
        water += (gold - water) * np.clip(bright * path, 0, 1)[:, :, None]

    def _add_boat(self, picture: Field, time: float, night: float) -> None:
        """A rowing boat with a lantern, drifting and rocking, and its mirror image."""
        height, width = picture.shape[:2]
        u, v = layout.BOAT
        u += 0.016 * math.sin(TAU * time)
        rock = 0.035 * math.sin(TAU * 2 * time)
        half = (round(0.075 * width), round(0.075 * height))
        left, top = int(u * width) - half[0], int(v * height) - half[1]
        centre = (u * width - left, v * height - top)
        part = picture[top : top + 2 * half[1], left : left + 2 * half[0]]
        boat, lamp = draw_boat(part.shape[1], part.shape[0], centre, width, rock)
        glow = _glow(part.shape[1], part.shape[0], lamp, 0.022 * width)
        part += (as_field(WARM) - part) * np.float32(0.35 + 0.4 * night) * glow[:, :, None]
        for colour, cover in boat:
            shade = colour * np.float32(1 - 0.45 * night)
            part += (shade - part) * cover[:, :, None]
        light = _glow(part.shape[1], part.shape[0], lamp, 0.0032 * width)
        part += (as_field(rgb("#FFF0C0")) - part) * np.clip(light * 1.6, 0, 1)[:, :, None]


def prepare_rows(height: int) -> int:
    """Rows above the waterline in a picture `height` rows high."""
    return round(layout.HORIZON * height)


def night_at(time: float) -> float:
    """0 at dusk (time 0 and 1) to 1 in the middle of the loop, lingering at both ends."""
    part = 0.5 - 0.5 * math.cos(TAU * time)
    return part * part * (3 - 2 * part)


def _lay(picture: Field, layer: Layer, night: float, region: Region) -> None:
    """Lay the `region` of a layer over the same region of the picture, in place."""
    dusk, dark = layer.dusk[region], layer.night[region]
    cover = layer.alpha[region][:, :, None]
    picture += (dusk + (dark - dusk) * np.float32(night) - picture) * cover


def _covered(layer: Layer) -> list[Region]:
    """Columns and bands of the layer that hold anything, so that the empty middle costs nothing."""
    height, width = layer.alpha.shape
    bands = [slice(top, top + height // 20 + 1) for top in range(0, height, height // 20 + 1)]
    regions: list[Region] = []
    for rows in bands:
        used = np.flatnonzero(layer.alpha[rows].max(axis=0) > 0)
        if used.size:
            breaks = np.flatnonzero(np.diff(used) > width // 10)
            starts = [used[0], *used[breaks + 1]]
            ends = [*used[breaks], used[-1]]
            regions += [(rows, slice(a, b + 1)) for a, b in zip(starts, ends, strict=True)]
    return regions


def _ripples(width: int, rows: int, height: int, seed: int) -> Field:
    """Short level strokes, longer and farther apart towards the viewer."""
    scale = 2
    random = np.random.default_rng(seed)
    picture = Image.new("L", (width * scale, rows * scale), 0)
    draw = ImageDraw.Draw(picture)
    for _ in range(620):
        down = float(random.random()) ** 1.5
        x, y = random.uniform(0, width * scale), down * rows * scale
        long = (0.004 + 0.026 * down) * random.uniform(0.5, 1.4) * width * scale
        thick = max((0.0006 + 0.0019 * down) * random.uniform(0.6, 1.2) * height * scale * 1.2, 0.7)
        sag = thick * random.uniform(-0.6, 0.6)
        draw.polygon(
            [
                (x - long, y),
                (x - long * 0.3, y - thick + sag),
                (x + long, y + sag),
                (x + long * 0.2, y + thick),
            ],
            fill=int(random.uniform(120, 255)),
        )
    small = picture.resize((width, rows), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32) / np.float32(255)


def _smoke(u: Field, v: Field, time: float, lattice: Field) -> Field:
    """A thin column from the chimney that bends and dissolves."""
    chimney_u, chimney_v = layout.CABIN[0] - 0.010, layout.CABIN[1] - 0.095
    up = np.clip((chimney_v - v) / 0.16, 0, 1)
    sway = 0.012 * up * np.sin(TAU * (1.6 * up - 2 * time)) + 0.020 * up * up
    wide = 0.0022 + 0.012 * up
    column = np.exp(-(((u - chimney_u - sway) / wide) ** 2))
    # Eight rows repeat for ever, so eight rows further up is where the loop began.
    puffs = sampled(lattice[:8], (u - sway) * 90, up * 9 + 0 * u - 8 * time)
    cover = column * step(0.0, 0.04, up) * (1 - up) ** 1.3 * (0.55 + 0.25 * puffs)
    return np.asarray(np.clip(cover, 0, 0.75), dtype=np.float32)


def _glow(width: int, height: int, at: tuple[float, float], reach: float) -> Field:
    x = np.arange(width, dtype=np.float32)[None, :] - np.float32(at[0])
    y = np.arange(height, dtype=np.float32)[:, None] - np.float32(at[1])
    return np.asarray(np.exp(-(x * x + y * y) / np.float32(reach * reach)), dtype=np.float32)
