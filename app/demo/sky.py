"""The moving part above the horizon: sun, stars, northern lights, a meteor, birds."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from app.demo import layout
from app.demo.noise import Field, fractal, resized, sampled, step
from app.demo.palette import AURORA, CORAL, DUSK, NIGHT, as_field, ramp, rgb

TAU = 2 * math.pi
BIRDS = 11


@dataclass
class Sky:
    """Everything about the sky that does not depend on time, for a picture `height` rows high."""

    width: int
    height: int
    rows: int
    """Rows from the top down to the horizon."""
    dusk: Field
    night: Field
    engraving: Field
    """(rows, w) about 1: the woodcut's lines."""
    stars: list[Field]
    """Groups that twinkle together, (rows, w)."""
    rays: Field
    """(64, 256) lattice the curtains of the northern lights are cut from."""
    u: Field
    v: Field


def prepare_sky(width: int, height: int) -> Sky:
    """Gradients, lines and stars at this size."""
    rows = round(layout.HORIZON * height) + 1
    u = ((np.arange(width, dtype=np.float32) + np.float32(0.5)) / np.float32(width))[None, :]
    v = ((np.arange(rows, dtype=np.float32) + np.float32(0.5)) / np.float32(height))[:, None]
    part = np.repeat(v / layout.HORIZON, width, axis=1)
    bend = resized(fractal(91, 240, 120, cells=(5, 4), octaves=3), width, rows)
    banded = part + 0.035 * bend
    banded = np.floor(banded * 30) / 30 * 0.35 + banded * 0.65
    return Sky(
        width,
        height,
        rows,
        ramp(DUSK.sky, banded),
        ramp(NIGHT.sky, banded),
        _engraving(width, rows, bend, v),
        [_stars(width, height, rows, seed) for seed in (101, 102, 103, 104)],
        np.random.default_rng(95).random((64, 256), dtype=np.float32),
        u,
        v,
    )


def _engraving(width: int, rows: int, bend: Field, v: Field) -> Field:
    """Long lines that swell and thin out, as a burin cuts a sky."""
    phase = v * 150 + bend * 2.3
    wave = np.abs(phase - np.floor(phase) - 0.5) * 2
    swell = resized(fractal(92, 240, 120, cells=(7, 5), octaves=4), width, rows)
    ink = step(0.60, 0.95, wave + 0.16 * swell)
    return np.asarray(1 - 0.085 * ink + 0.02 * step(0.2, 0.0, wave), dtype=np.float32)


def _stars(width: int, height: int, rows: int, seed: int) -> Field:
    """About eighty stars, most of them small, some with four points; more of them high up."""
    random = np.random.default_rng(seed)
    scale = 3
    picture = Image.new("L", (width * scale, rows * scale), 0)
    draw = ImageDraw.Draw(picture)
    for _ in range(84):
        u, v = random.uniform(0.04, 0.96), 0.05 + 0.43 * random.random() ** 1.4
        x, y = u * width * scale, v * height * scale
        light = int(random.uniform(110, 255) * (1 - 0.8 * max(v - 0.25, 0) / 0.25))
        reach = random.choice([0.0007, 0.0010, 0.0014, 0.0022]) * width * scale
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=max(light, 0))
        if random.random() < 0.16:
            long, thin = reach * random.uniform(3.2, 5.5), reach * 0.55
            for dx, dy in ((long, thin), (thin, long)):
                draw.polygon([(x - dx, y), (x, y - dy), (x + dx, y), (x, y + dy)], fill=light)
    small = picture.resize((width, rows), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32) / np.float32(255)


def sky_at(sky: Sky, time: float, night: float) -> Field:
    """RGB (rows, w, 3) at `time` (0..1 of the loop); `night` is 0 at dusk, 1 in the dark."""
    picture = sky.dusk + (sky.night - sky.dusk) * np.float32(night)
    glare = _glare(sky, night)
    picture += (as_field(rgb("#FFD9A0")) - picture) * glare[:, :, None]
    _add_sun(picture, sky, night)
    picture *= sky.engraving[:, :, None]
    _add_aurora(picture, sky, time, night)
    light = np.zeros_like(sky.engraving)
    for group, stars in enumerate(sky.stars):
        twinkle = 0.5 + 0.5 * math.sin(TAU * ((group % 3 + 1) * time * 2 + group / 4))
        light += stars * np.float32((0.50 + 0.50 * night) * (0.62 + 0.38 * twinkle))
    light *= np.clip(1.25 - 2.2 * glare, 0, 1)
    picture += light[:, :, None] * as_field(rgb("#FFF4DC"))
    _add_meteor(picture, sky, time)
    return picture


def sun_at(night: float) -> tuple[float, float]:
    """(u, v) of the sun: it sinks straight behind the range as night comes."""
    return layout.SUN[0] + 0.012 * night, layout.SUN[1] + layout.SUN_SETS_BY * night


def _glare(sky: Sky, night: float) -> Field:
    """(rows, w) 0..1: the glow about the sun and its long engraved rays, made at half the size."""
    u, v = sun_at(night)
    dx = np.linspace(0, 1, sky.width // 2, dtype=np.float32)[None, :] - np.float32(u)
    down = np.linspace(0, layout.HORIZON, sky.rows // 2, dtype=np.float32)[:, None]
    dy = (down - np.float32(v)) / np.float32(layout.ASPECT)
    distance = np.sqrt(dx * dx + dy * dy)
    glow = np.exp(distance / np.float32(-0.13)) * np.float32(0.62 - 0.42 * night)
    turn = np.arctan2(dy, dx) * np.float32(34 / TAU)
    wave = np.abs(turn - np.floor(turn) - np.float32(0.5)) * 2
    rays = step(0.44, 0.60, wave) * step(0.075, 0.105, distance)
    rays *= np.exp(distance / np.float32(-0.22)) * np.float32(0.32 - 0.28 * night)
    return resized(np.clip(glow + rays, 0, 1), sky.width, sky.rows)


def _add_sun(picture: Field, sky: Sky, night: float) -> None:
    """The sun's disc, coral below, cut by lines, and two rings about it."""
    u, v = sun_at(night)
    reach = 0.104
    left, right = int((u - reach) * sky.width), int((u + reach) * sky.width)
    top = int((v - reach * layout.ASPECT) * sky.height)
    part = picture[top:, left:right]
    dx = sky.u[:, left:right] - np.float32(u)
    dy = (sky.v[top:] - np.float32(v)) / np.float32(layout.ASPECT)
    distance = np.sqrt(dx * dx + dy * dy)
    for radius, light in ((0.0870, 0.75), (0.0990, 0.5)):
        ring = step(0.0021, 0.0010, np.abs(distance - np.float32(radius)))
        ring *= np.float32(light * (1 - night))
        part += (as_field(rgb("#FFE9C4")) - part) * ring[:, :, None]
    edge = 0.7 / sky.width
    disc = step(layout.SUN_RADIUS + edge, layout.SUN_RADIUS - edge, distance)
    height = dy / np.float32(layout.SUN_RADIUS)
    low = np.clip((height + 1) / 2, 0, 1)[:, :, None]
    pale = as_field(rgb("#FFE3AE"))
    face = pale + (as_field(CORAL) - pale) * low
    band = height * 5.5 - np.floor(height * 5.5)
    gaps = step(0.0, 0.02, band) * step(0.30, 0.26, band / np.clip(height * 1.6 + 0.3, 0.01, 1))
    disc = disc * (1 - np.float32(0.7) * gaps)
    part += (face - part) * disc[:, :, None]


def _add_aurora(picture: Field, sky: Sky, time: float, night: float) -> None:
    """Three curtains, made at a third of the size: sharp below, fading upward, with rays."""
    width, rows = sky.width // 3, sky.rows // 3
    colour, cover = np.zeros((rows, width, 3), np.float32), np.zeros((rows, width), np.float32)
    for number, tint in enumerate(AURORA):
        curtain = _curtain(sky.rays, width, rows, time, number)
        strength = (0.30 + 0.75 * night) * (0.62 - 0.12 * number)
        curtain = np.clip(curtain * np.float32(strength), 0, 0.85)
        colour += (as_field(tint) - colour) * curtain[:, :, None]
        cover += (1 - cover) * curtain
    fine = np.float32(0.72) + np.float32(0.28) * sky.engraving
    picture *= (1 - resized(cover, sky.width, sky.rows) * fine)[:, :, None]
    for channel in range(3):
        shown = resized(np.ascontiguousarray(colour[:, :, channel]), sky.width, sky.rows)
        picture[:, :, channel] += shown * fine


def _curtain(rays: Field, width: int, rows: int, time: float, number: int) -> Field:
    """Light (rows, w) of one curtain of the northern lights."""
    u = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    v = np.linspace(0, layout.HORIZON, rows, dtype=np.float32)[:, None]
    shift = number * 0.37
    fold = 0.050 * np.sin(TAU * (1.1 * u + time + shift))
    fold = fold + 0.028 * np.sin(TAU * (2.7 * u - 2 * time + shift))
    above = 0.30 - 0.055 * number - 0.16 * (u - 0.25) + fold - v
    tall = 0.10 + 0.05 * np.sin(TAU * (1.7 * u + time + 2 * shift))
    curtain = step(-0.012, 0.006, above) * np.exp(-np.maximum(above, 0) / tall)
    along = u * 58 + fold * 60 + np.float32(0.35 * math.sin(TAU * (time + shift)))
    across = np.full_like(along, 7.5 + 9 * number + 1.5 * math.sin(TAU * (time + shift)))
    streaks = np.float32(0.35) + np.float32(0.9) * sampled(rays, along, across)
    return np.asarray(curtain * streaks * step(0.0, 0.2, u) * step(1.05, 0.6, u), dtype=np.float32)


def _add_meteor(picture: Field, sky: Sky, time: float) -> None:
    """A shooting star in the middle of the night."""
    part = (time - 0.44) / 0.09
    if not 0 < part < 1:
        return
    head_u, head_v = 0.72 - 0.24 * part, 0.09 + 0.11 * part
    dx, dy = sky.u - head_u, (sky.v - head_v) / layout.ASPECT
    along = (dx * 0.24 - dy * 0.11 / layout.ASPECT) / 0.251
    off = np.abs(dx * 0.11 / layout.ASPECT + dy * 0.24) / 0.251
    tail = np.exp(-np.maximum(along, 0) / 0.045) * step(-0.002, 0.0, along)
    light = tail * np.exp(-((off / 0.0011) ** 2)) * math.sin(math.pi * part)
    picture += np.asarray(light, np.float32)[:, :, None]


def birds_at(width: int, rows: int, height: int, time: float) -> Field:
    """Cover (rows, w) of a skein of birds that crosses the picture once in a loop."""
    scale = 3
    picture = Image.new("L", (width * scale, rows * scale), 0)
    draw = ImageDraw.Draw(picture)
    random = np.random.default_rng(111)
    for number in range(BIRDS):
        arm = (number + 1) // 2 * (1 if number % 2 else -1)
        offset_u = -abs(arm) * 0.023 + random.normal(0, 0.003)
        offset_v = arm * 0.017 + random.normal(0, 0.004)
        u = (0.69 + offset_u + time * 1.3) % 1.3 - 0.15
        v = (
            0.262
            + offset_v
            - 0.05 * math.sin(TAU * time)
            + 0.006 * math.sin(TAU * (3 * time + number / 5))
        )
        beat = math.sin(TAU * (14 * time + number * 0.31) + number)
        _bird(
            draw,
            u * width * scale,
            v * height * scale,
            random.uniform(0.0085, 0.0125) * width * scale,
            beat,
        )
    small = picture.resize((width, rows), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32) / np.float32(255)


def _bird(draw: ImageDraw.ImageDraw, x: float, y: float, span: float, beat: float) -> None:
    """Two bent wings; `beat` -1 down to 1 up."""
    lift = span * (0.28 + 0.42 * beat)
    for side in (-1, 1):
        bend = (x + side * span * 0.45, y - lift * 0.75 - span * 0.10)
        tip = (x + side * span, y - lift * 0.35 - span * 0.04)
        draw.polygon(
            [
                (x, y - span * 0.06),
                bend,
                tip,
                (bend[0], bend[1] + span * 0.15),
                (x, y + span * 0.13),
            ],
            fill=255,
        )
    draw.ellipse((x - span * 0.10, y - span * 0.10, x + span * 0.24, y + span * 0.12), fill=255)
