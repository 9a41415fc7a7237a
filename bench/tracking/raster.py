"""Typed faces of the few OpenCV calls the renderer stands on.

Everywhere in this package a point (x, y) is given in pixels with integers at pixel centres, so an
image of w x h pixels reaches from (-0.5, -0.5) to (w - 0.5, h - 0.5).
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

Image = NDArray[np.uint8]
"""Grey (h, w) or RGB (h, w, 3), 0..255, row-major from the top left."""
Floats = NDArray[np.float32]
Matrix = NDArray[np.float64]


def read_rgb(path: str) -> Image:
    """The picture at `path` as RGB; an alpha channel is laid on white."""
    with PillowImage.open(path) as picture:
        if "A" not in picture.getbands():
            return np.array(picture.convert("RGB"))
        pixels = np.asarray(picture.convert("RGBA"))
    alpha = pixels[:, :, 3:].astype(np.float32) / 255
    return np.asarray(pixels[:, :, :3] * alpha + 255 * (1 - alpha), dtype=np.uint8)


def to_grey(image: Image) -> Image:
    """BT.601 luma of an RGB image; a grey one comes back as it is."""
    if image.ndim == 2:
        return image
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def resize_area(image: Image, width: int, height: int) -> Image:
    """`image` shrunk by area averaging: each new pixel is the mean of what it covers."""
    resized = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(resized, dtype=np.uint8)


def resize_cubic(image: Image, width: int, height: int) -> Image:
    """`image` enlarged by bicubic interpolation."""
    resized = cv2.resize(image, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(resized, dtype=np.uint8)


def warp(
    image: Image, homography: Matrix, width: int, height: int, *, border: int, value: int = 0
) -> Image:
    """`image` seen through `homography` (image px -> output px), bilinear, width x height."""
    warped: Any = cv2.warpPerspective(
        image,
        homography,
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=border,
        borderValue=(value, value, value, value),
    )
    return np.asarray(warped, dtype=np.uint8)


def gaussian(image: Image, sigma: float) -> Image:
    """`image` blurred by a Gaussian of `sigma` pixels; unchanged when sigma is not positive."""
    if sigma <= 0:
        return image
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.uint8)


def gaussian_floats(values: Floats, sigma: float) -> Floats:
    """The same for float32 arrays (noise fields, masks)."""
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma), dtype=np.float32)


def apply_homography(homography: Matrix, points: Matrix) -> Matrix:
    """`points` (n, 2) taken through `homography` (3, 3)."""
    lifted = points @ homography[:, :2].T + homography[:, 2]
    return np.asarray(lifted[:, :2] / lifted[:, 2:], dtype=np.float64)


def image_corners(width: int, height: int) -> Matrix:
    """(4, 2): top-left, top-right, bottom-right, bottom-left outer corners of an image."""
    right, bottom = width - 0.5, height - 0.5
    return np.array([[-0.5, -0.5], [right, -0.5], [right, bottom], [-0.5, bottom]])
