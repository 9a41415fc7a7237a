"""The pictures of the benchmark, in sets; development and report share nothing.

Photographs are those inside the scikit-image wheel (nothing is fetched); posters, cards and pages
are drawn. `development` is for writing and tuning the engine, `report` for the figures we publish, and
`fresh` to judge what was changed after the report set had been seen: none of its prints was one before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import skimage

from bench.tracking.drawn import draw_card, draw_page, draw_poster
from bench.tracking.raster import Image, read_rgb, resize_area, resize_cubic, warp

SetName = Literal["development", "report", "fresh"]


@dataclass(frozen=True)
class Source:
    """One print: what kind of picture it is, how tall it is on paper, and how to get it."""

    name: str
    kind: str
    height_m: float
    load: Callable[[], Image]


def sample(name: str) -> Image:
    """A photograph of the scikit-image wheel, RGB."""
    return read_rgb(str(Path(skimage.__file__).parent / "data" / name))


def _photo(name: str, height: int = 900) -> Callable[[], Image]:
    def load() -> Image:
        image = sample(name)
        width = round(image.shape[1] * height / image.shape[0])
        shrink = height < image.shape[0]
        return (resize_area if shrink else resize_cubic)(image, width, height)

    return load


def _part(
    name: str, x: float, y: float, width: float, height: float, high: int = 900
) -> Callable[[], Image]:
    """A piece of a photograph, in shares of it, `high` pixels high."""

    def load() -> Image:
        whole = sample(name)
        rows, columns = whole.shape[:2]
        top, left = round(y * rows), round(x * columns)
        part = whole[top : top + round(height * rows), left : left + round(width * columns)]
        size = (round(part.shape[1] * high / part.shape[0]), high)
        return (resize_area if high < part.shape[0] else resize_cubic)(
            np.ascontiguousarray(part), *size
        )

    return load


def _painting(name: str) -> Callable[[], Image]:
    """The photograph as brush strokes: flattened regions, kept edges, canvas grain."""

    def load() -> Image:
        image = _photo(name, 700)()
        flat = np.asarray(cv2.pyrMeanShiftFiltering(image, 12, 28), dtype=np.uint8)
        grain = np.random.default_rng(5).normal(0, 7, flat.shape[:2]).astype(np.float32)
        grain = np.asarray(cv2.blur(grain, (5, 1)), dtype=np.float32)[:, :, None]
        return np.asarray(np.clip(flat + grain, 0, 255), dtype=np.uint8)

    return load


_PRINTS: dict[SetName, list[Source]] = {
    "development": [
        Source("chelsea", "portrait", 0.15, _photo("chelsea.png")),
        Source("coffee", "photo", 0.15, _photo("coffee.png")),
        Source("poster-d", "poster", 0.42, lambda: draw_poster(101)),
        Source("card-d", "card", 0.054, lambda: draw_card(102)),
        Source("page-d", "page", 0.297, lambda: draw_page(103)),
        Source("rocket", "painting", 0.30, _painting("rocket.jpg")),
    ],
    "report": [
        Source("astronaut", "portrait", 0.15, _photo("astronaut.png")),
        Source("motorcycle", "photo", 0.15, _photo("motorcycle_left.png")),
        Source("poster-r", "poster", 0.42, lambda: draw_poster(907)),
        Source("card-r", "card", 0.054, lambda: draw_card(911)),
        Source("page-r", "page", 0.297, lambda: draw_page(919)),
        Source("ihc", "painting", 0.30, _painting("ihc.png")),
    ],
    "fresh": [
        Source("cameraman", "portrait", 0.15, _part("camera.png", 0.15, 0.05, 0.6, 0.75)),
        Source("galaxies", "photo", 0.30, _part("hubble_deep_field.jpg", 0.3, 0.2, 0.55, 0.6)),
        Source("coins", "photo", 0.15, _part("coins.png", 0.0, 0.1, 1.0, 0.9)),
        Source("retina", "painting", 0.30, _part("retina.jpg", 0.2, 0.25, 0.6, 0.5)),
        Source("logo", "sign", 0.20, _part("logo.png", 0.0, 0.0, 1.0, 1.0)),
        Source("poster-f", "poster", 0.42, lambda: draw_poster(3301)),
        Source("card-f", "card", 0.054, lambda: draw_card(3302)),
        Source("page-f", "page", 0.297, lambda: draw_page(3303)),
    ],
}

_BACKGROUNDS: dict[SetName, list[str]] = {
    "development": [
        "coins.png",
        "grass.png",
        "clock_motion.png",
        "text.png",
        "cell.png",
        "color.png",
    ],
    "report": ["camera.png", "gravel.png", "brick.png", "moon.png", "retina.jpg", "page.png"],
    "fresh": ["grass.png", "clock_motion.png", "text.png", "cell.png", "moon.png", "gravel.png"],
}


def print_sources(set_name: SetName) -> list[Source]:
    """The prints of a set, in a fixed order."""
    return list(_PRINTS[set_name])


def print_source(set_name: SetName, name: str) -> Source:
    """The print called `name`; KeyError names the choices."""
    for source in _PRINTS[set_name]:
        if source.name == name:
            return source
    names = ", ".join(source.name for source in _PRINTS[set_name])
    raise KeyError(f"no print {name!r} in the {set_name} set; it has {names}")


@cache
def load_print(set_name: SetName, name: str) -> Image:
    """Pixels of a print, loaded or drawn once per process; treat as read-only."""
    image = print_source(set_name, name).load()
    image.setflags(write=False)
    return image


def cluttered_background(
    set_name: SetName, seed: int, width: int = 2000, height: int = 1500
) -> Image:
    """A table full of things: one photograph, and pieces of the others laid over it at random."""
    random = np.random.default_rng([seed, 77])
    names = list(_BACKGROUNDS[set_name])
    random.shuffle(names)
    canvas = np.array(_cover(sample(names[0]), width, height))
    for number in range(40):
        piece = _crop(sample(names[1 + number % (len(names) - 1)]), random)
        _lay(canvas, piece, random)
    return canvas


def _cover(image: Image, width: int, height: int) -> Image:
    scale = max(width / image.shape[1], height / image.shape[0])
    size = (round(image.shape[1] * scale + 0.5), round(image.shape[0] * scale + 0.5))
    return np.ascontiguousarray(resize_cubic(image, *size)[:height, :width])


def _crop(image: Image, random: np.random.Generator) -> Image:
    height, width = image.shape[:2]
    w, h = (int(side * random.uniform(0.35, 0.9)) for side in (width, height))
    x, y = int(random.integers(0, width - w + 1)), int(random.integers(0, height - h + 1))
    return np.ascontiguousarray(image[y : y + h, x : x + w])


def _lay(canvas: Image, piece: Image, random: np.random.Generator) -> None:
    """Paint `piece` onto `canvas`, turned and scaled at random, with its own brightness."""
    angle, scale = random.uniform(-np.pi, np.pi), random.uniform(140, 420) / max(piece.shape[:2])
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    middle_x, middle_y = (round(random.uniform(0, side)) for side in canvas.shape[1::-1])
    toned = np.clip(piece * random.uniform(0.6, 1.25) + random.uniform(-25, 25), 0, 255)
    reach = int(np.ceil(np.hypot(*piece.shape[:2]) * scale / 2)) + 2
    x, y = piece.shape[1] / 2, piece.shape[0] / 2
    placed = np.array(
        [[cos, -sin, reach - cos * x + sin * y], [sin, cos, reach - sin * x - cos * y], [0, 0, 1.0]]
    )
    side, border = 2 * reach + 1, cv2.BORDER_CONSTANT
    colour = warp(toned.astype(np.uint8), placed, side, side, border=border)
    alpha = warp(np.full(piece.shape[:2], 255, np.uint8), placed, side, side, border=border)
    left, top = middle_x - reach, middle_y - reach
    part = canvas[max(top, 0) : top + side, max(left, 0) : left + side]
    down, right = max(-top, 0), max(-left, 0)
    window = np.s_[down : down + part.shape[0], right : right + part.shape[1]]
    weight = alpha[window][:, :, None].astype(np.float32) / 255
    part[:] = (part * (1 - weight) + colour[window] * weight).astype(np.uint8)
