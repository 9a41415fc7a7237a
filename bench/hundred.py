"""A hundred different prints, compiled: what a session with many targets is measured with."""

import hashlib
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np

import arv_engine
from bench.tracking.drawn import draw_card, draw_page, draw_poster
from bench.tracking.images import print_sources, sample
from bench.tracking.raster import Image

COUNT = 100
_KEPT = Path(__file__).parent / "out" / "hundred"
_BINARY = Path(arv_engine.__file__).with_name("arv_engine.wasm")

# Photographs of the scikit-image wheel that are not in the background of the development films: whole
# ones, and others cut into columns and rows of pieces.
_WHOLE = ["brick.png", "gravel.png", "moon.png", "page.png"]
_CUT = {
    "hubble_deep_field.jpg": (3, 3), "motorcycle_right.png": (3, 2), "retina.jpg": (2, 2),
    "ihc.png": (2, 2), "camera.png": (2, 2), "astronaut.png": (2, 2),
}  # fmt: skip
_POSTERS, _CARDS = 23, 18


def targets() -> list[bytes]:
    """The compiled files, kept until engine or prints change: two minutes of processor time."""
    sources = _BINARY.read_bytes() + Path(__file__).read_bytes()
    folder = _KEPT / hashlib.sha256(sources).hexdigest()[:16]
    complete = folder / "complete"
    if not complete.exists():
        shutil.rmtree(_KEPT, ignore_errors=True)
        folder.mkdir(parents=True)
        with ProcessPoolExecutor() as pool:
            for number, data in enumerate(pool.map(_compile, prints())):
                (folder / f"{number}.arvt").write_bytes(data)
        complete.touch()
    return [(folder / f"{number}.arvt").read_bytes() for number in range(COUNT)]


@cache
def prints() -> list[Image]:
    """RGB pictures, no two alike; the first six are the prints of the development films."""
    pictures = [source.load() for source in print_sources("development")]
    pictures += [sample(name) for name in _WHOLE]
    for name, (columns, rows) in _CUT.items():
        pictures += _pieces(sample(name), columns, rows)
    pictures += [draw_poster(5000 + n) for n in range(_POSTERS)]
    pictures += [draw_card(6000 + n) for n in range(_CARDS)]
    pictures += [draw_page(7000 + n) for n in range(COUNT - len(pictures))]
    return pictures


def _pieces(image: Image, columns: int, rows: int) -> Iterator[Image]:
    height, width = image.shape[0] // rows, image.shape[1] // columns
    for n in range(columns * rows):
        y, x = n // columns * height, n % columns * width
        yield np.ascontiguousarray(image[y : y + height, x : x + width])


def _compile(image: Image) -> bytes:
    return arv_engine.compile_target(image).data
