"""What the OpenCV pipeline knows of a print: ORB features, and smaller copies with corners."""

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.tracking.raster import (
    Image,
    Matrix,
    apply_homography,
    image_corners,
    resize_area,
    to_grey,
    warp,
)

Descriptors = NDArray[np.uint8]
"""(n, 32) ORB descriptors."""

_ORB_SIDES = (640, 400, 250, 160, 110)
"""Long sides, px, of the copies ORB runs on: prints that fill the frame down to small ones."""
_ORB_COUNTS = (700, 500, 400, 250, 150)
_TILTS = (2.0,)
"""Foreshortenings (1 / cos) ORB also sees the print in, each from four directions (ASIFT)."""
_TILT_COUNT = 350
_LEVEL_SIDES = (900, 450, 225, 112)
_CORNERS = 220
_PADDING = 24


@dataclass(frozen=True)
class Level:
    """A smaller copy of the print for tracking. `points`: (n, 2) corners worth following, in px of
    the learned image; `to_image`: px of this copy -> px of the learned image."""

    image: Image
    to_image: Matrix
    points: Matrix


@dataclass(frozen=True)
class Template:
    """`size`: (w, h) of the learned image. `places`: (n, 2) of `descriptors` in its pixels."""

    size: tuple[int, int]
    places: Matrix
    descriptors: Descriptors
    levels: list[Level]

    def level_for(self, homography: Matrix) -> Level:
        """The copy closest in size to what the frame shows, a little larger rather than smaller."""
        seen = apply_homography(homography, image_corners(*self.size))
        sides = np.linalg.norm(seen - np.roll(seen, -1, axis=0), axis=1)
        wanted = 0.8 * float(sides.max())
        fitting = [level for level in self.levels if max(level.image.shape) >= wanted]
        return fitting[-1] if fitting else self.levels[0]


def learn(image: Image) -> Template:
    """The template of an RGB or grey image."""
    grey = to_grey(image)
    size = (grey.shape[1], grey.shape[0])
    places, descriptors = _orb_features(grey)
    return Template(size, places, descriptors, [_level(grey, side) for side in _LEVEL_SIDES])


def orb(count: int, levels: int, *, threshold: int = 10) -> Any:
    """OpenCV's ORB with room near the borders and a low corner threshold for dim pictures."""
    return cv2.ORB_create(
        nfeatures=count, scaleFactor=1.2, nlevels=levels, edgeThreshold=19, fastThreshold=threshold
    )


def resized(grey: Image, side: int) -> tuple[Image, Matrix]:
    """(`grey` with a long side of `side` px, px of that -> px of `grey`); never enlarged."""
    shrink = min(1.0, side / max(grey.shape))
    width, height = round(grey.shape[1] * shrink), round(grey.shape[0] * shrink)
    scale_x, scale_y = grey.shape[1] / width, grey.shape[0] / height
    back = np.array([[scale_x, 0, scale_x / 2 - 0.5], [0, scale_y, scale_y / 2 - 0.5], [0, 0, 1]])
    return resize_area(grey, width, height), back


def _level(grey: Image, side: int) -> Level:
    small, to_image = resized(grey, side)
    apart = max(3.0, 0.028 * max(small.shape))
    soft = cv2.GaussianBlur(small, (3, 3), 0)
    corners = cv2.goodFeaturesToTrack(soft, _CORNERS, 0.004, apart, blockSize=7)
    points = np.zeros((0, 2)) if corners is None else corners.reshape(-1, 2).astype(np.float64)
    return Level(small, to_image, apply_homography(to_image, points))


def _orb_features(grey: Image) -> tuple[Matrix, Descriptors]:
    found = []
    for side, count in zip(_ORB_SIDES, _ORB_COUNTS, strict=True):
        found.append(_detect(*resized(grey, side), count))
    middle, to_image = resized(grey, _ORB_SIDES[1])
    for tilt in _TILTS:
        for direction in np.arange(4) * math.pi / 4:
            view, back = _tilted(middle, tilt, float(direction))
            found.append(_detect(view, to_image @ back, _TILT_COUNT))
    places = np.concatenate([places for places, _ in found])
    return places, np.concatenate([descriptors for _, descriptors in found])


def _tilted(image: Image, tilt: float, direction: float) -> tuple[Image, Matrix]:
    """(`image` foreshortened `tilt` times along `direction`, px of that -> px of `image`)."""
    cos, sin = math.cos(direction), math.sin(direction)
    turn = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1.0]])
    squeeze = np.diag([1 / tilt, 1.0, 1.0]) @ turn
    seen = apply_homography(squeeze, image_corners(image.shape[1], image.shape[0]))
    low, high = seen.min(axis=0), seen.max(axis=0)
    placed = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1.0]]) @ squeeze
    # Before every second column is dropped, what lies between them has to be averaged.
    along = cv2.GaussianBlur(
        warp(image, _turned(image, direction), *_square(image), border=cv2.BORDER_REPLICATE),
        (0, 0),
        0.8 * tilt,
        sigmaY=0.01,
    )
    through = placed @ np.linalg.inv(_turned(image, direction))
    width, height = (int(x) for x in np.ceil(high - low))
    view = warp(
        np.asarray(along, dtype=np.uint8), through, width, height, border=cv2.BORDER_REPLICATE
    )
    return view, np.linalg.inv(placed)


def _square(image: Image) -> tuple[int, int]:
    side = math.ceil(math.hypot(*image.shape))
    return side, side


def _turned(image: Image, direction: float) -> Matrix:
    """Map of `image` turned so that `direction` is horizontal, into the square that holds it."""
    cos, sin = math.cos(direction), math.sin(direction)
    side = _square(image)[0] / 2
    x, y = image.shape[1] / 2, image.shape[0] / 2
    return np.array(
        [[cos, sin, side - cos * x - sin * y], [-sin, cos, side + sin * x - cos * y], [0, 0, 1.0]]
    )


def _detect(image: Image, to_image: Matrix, count: int) -> tuple[Matrix, Descriptors]:
    """ORB on a padded picture, so that features may lie close to the print's edge."""
    border = cv2.copyMakeBorder(image, *([_PADDING] * 4), cv2.BORDER_REPLICATE)
    points, descriptors = orb(count, 3, threshold=7).detectAndCompute(border, None)
    if descriptors is None:
        return np.zeros((0, 2)), np.zeros((0, 32), np.uint8)
    places = np.array([point.pt for point in points]) - _PADDING
    inside = ((places > -1) & (places < [image.shape[1], image.shape[0]])).all(axis=1)
    return apply_homography(to_image, places[inside]), descriptors[inside]
