"""Random fields the sample picture is made of: the same for the same seed, at any resolution."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field = NDArray[np.float32]
"""(height, width) float32."""
AnyFloats = NDArray[np.floating[Any]]


def resized(field: Field, width: int, height: int) -> Field:
    """`field` at another resolution, smoothly."""
    picture = Image.fromarray(field).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(picture, dtype=np.float32)


def fractal(
    seed: int, width: int, height: int, *, cells: tuple[float, float], octaves: int = 5
) -> Field:
    """Cloud-like noise about 0, standard deviation near 1; `cells` (across, down) of the coarsest."""
    random = np.random.default_rng(seed)
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        across = min(int(cells[0] * 2**octave) + 2, width)
        down = min(int(cells[1] * 2**octave) + 2, height)
        lattice = random.standard_normal((down, across), dtype=np.float32)
        total += resized(lattice, width, height) * np.float32(0.5**octave)
    return total / np.float32(total.std() + 1e-6)


def profile(seed: int, width: int, *, cells: float, octaves: int = 7, gain: float = 0.5) -> Field:
    """(width,) fractal line about 0: the outline of hills and mountains."""
    random = np.random.default_rng(seed)
    x = np.linspace(0, 1, width, dtype=np.float64)
    total = np.zeros(width)
    for octave in range(octaves):
        count = int(cells * 2**octave) + 2
        knots = random.uniform(-1, 1, count)
        total += np.interp(x * (count - 1), np.arange(count), knots) * gain**octave
    return total.astype(np.float32)


def sampled(lattice: Field, x: Field, y: Field) -> Field:
    """Values of a lattice that repeats for ever, at positions in lattice cells, smoothly."""
    rows, columns = lattice.shape
    left, top = np.floor(x), np.floor(y)
    fx, fy = x - left, y - top
    fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
    i, j = left.astype(np.int32) % columns, top.astype(np.int32) % rows
    right, below = (i + 1) % columns, (j + 1) % rows
    upper = lattice[j, i] * (1 - fx) + lattice[j, right] * fx
    lower = lattice[below, i] * (1 - fx) + lattice[below, right] * fx
    return np.asarray(upper * (1 - fy) + lower * fy, dtype=np.float32)


def step(low: float, high: float, value: AnyFloats) -> Field:
    """0 below `low`, 1 above `high`, smooth between; `low` may be the greater one."""
    part = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(part * part * (3 - 2 * part), dtype=np.float32)
