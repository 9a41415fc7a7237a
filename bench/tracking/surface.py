"""A flat picture laid into the frame with area-true sampling."""

import math
from dataclasses import dataclass, field

import cv2
import numpy as np

from bench.tracking.raster import (
    Image,
    Matrix,
    apply_homography,
    image_corners,
    resize_area,
    warp,
)

OVERSAMPLING = 3
"""Samples per frame pixel and axis; what is left of aliasing is below the sensor's noise."""


@dataclass
class Surface:
    """A picture with its smaller copies, ready to be warped at any size."""

    image: Image
    repeats: bool = False
    """Whether the picture is mirrored on beyond its edges (a background) or ends there (a print)."""
    _levels: list[Image] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        level = self.image
        self._levels.append(level)
        while min(level.shape[:2]) >= 16:
            level = resize_area(level, max(1, level.shape[1] // 2), max(1, level.shape[0] // 2))
            self._levels.append(level)

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height) of the full picture."""
        return self.image.shape[1], self.image.shape[0]

    def draw(self, frame: Image, homography: Matrix, oversampling: int) -> None:
        """Lay the picture over `frame` (already `oversampling` times enlarged), in place.

        `homography`: picture pixels -> pixels of the frame that is not enlarged.
        """
        height, width = frame.shape[:2]
        enlarged = enlarging(oversampling) @ homography
        level, to_level = self._level_for(enlarged)
        through = enlarged @ np.linalg.inv(to_level)
        if self.repeats:
            frame[:] = warp(level, through, width, height, border=cv2.BORDER_REFLECT_101)
            return
        box = _bounding_box(enlarged, self.size_px, width, height)
        if box is not None:
            _lay_over(frame, level, through, box)

    def _level_for(self, enlarged: Matrix) -> tuple[Image, Matrix]:
        """The copy whose pixels are closest in size to the samples, and the map from the full one."""
        shrink = math.sqrt(max(_area_scale(enlarged, self.size_px), 1e-9))
        number = round(-math.log2(shrink)) if shrink < 1 else 0
        level = self._levels[min(number, len(self._levels) - 1)]
        scale_x = level.shape[1] / self.image.shape[1]
        scale_y = level.shape[0] / self.image.shape[0]
        return level, np.array(
            [[scale_x, 0, scale_x / 2 - 0.5], [0, scale_y, scale_y / 2 - 0.5], [0, 0, 1]]
        )


def enlarging(times: int) -> Matrix:
    """Map from frame pixels to the pixels of a frame enlarged `times`."""
    shift = (times - 1) / 2
    return np.array([[times, 0, shift], [0, times, shift], [0, 0, 1.0]])


def coverage(homography: Matrix, size_px: tuple[int, int], width: int, height: int) -> Image:
    """0..255: how much of each frame pixel the picture covers."""
    times = OVERSAMPLING
    canvas = np.zeros((height * times, width * times), np.uint8)
    mask = Surface(np.full((size_px[1], size_px[0]), 255, np.uint8))
    mask.draw(canvas, homography, times)
    return resize_area(canvas, width, height)


def _area_scale(homography: Matrix, size_px: tuple[int, int]) -> float:
    """Output area per picture pixel at the picture's middle."""
    x, y = size_px[0] / 2, size_px[1] / 2
    depth = float(homography[2, 0] * x + homography[2, 1] * y + homography[2, 2])
    return float(abs(np.linalg.det(homography)) / max(abs(depth) ** 3, 1e-12))


def _bounding_box(
    homography: Matrix, size_px: tuple[int, int], width: int, height: int
) -> tuple[int, int, int, int] | None:
    """(left, top, right, bottom) of the picture within the output; None when it is outside."""
    corners = apply_homography(homography, image_corners(*size_px))
    left, top = np.floor(corners.min(axis=0)).astype(int) - 2
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 3
    box = (max(left, 0), max(top, 0), min(right, width), min(bottom, height))
    return box if box[0] < box[2] and box[1] < box[3] else None


def _lay_over(frame: Image, level: Image, through: Matrix, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    moved = np.array([[1.0, 0, -left], [0, 1, -top], [0, 0, 1]]) @ through
    width, height = right - left, bottom - top
    colour = warp(level, moved, width, height, border=cv2.BORDER_REPLICATE)
    full = np.full(level.shape[:2], 255, np.uint8)
    alpha = warp(full, moved, width, height, border=cv2.BORDER_CONSTANT)
    part = frame[top:bottom, left:right]
    inside = alpha == 255
    part[inside] = colour[inside]
    edge = (alpha > 0) & ~inside
    weight = alpha[edge].astype(np.float32) / 255
    if frame.ndim == 3:
        weight = weight[:, None]
    mixed = part[edge] * (1 - weight) + colour[edge] * weight
    part[edge] = np.asarray(mixed + 0.5, dtype=np.uint8)
