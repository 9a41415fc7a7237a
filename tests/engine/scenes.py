"""A small renderer with exact ground truth, independent of the engine's own.

Pixel centres are at integer coordinates, as everywhere in ARV. The print is rendered at three times
the resolution and averaged, so its position is exact to some hundredths of a pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
from skimage import data

Grey = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

WIDTH, HEIGHT = 640, 480
OVERSAMPLING = 3


@dataclass(frozen=True)
class Pose:
    """Where the print is. Angles in degrees; x and y from the middle, in frame sizes."""

    size: float = 0.6
    """Height of the print / height of the frame."""
    tilt: float = 0
    direction: float = 0
    spin: float = 0
    x: float = 0
    y: float = 0


@dataclass(frozen=True)
class Shot:
    """What light and camera do."""

    noise: float = 2
    blur: float = 0
    gain: float = 1
    cover: float = 0
    """Covered share of the print, from the left of the frame."""
    background: str = "gravel"
    seed: int = 0


@cache
def photo(name: str) -> Grey:
    """A grey photograph of scikit-image's sample data, uint8 (h, w)."""
    image = getattr(data, name)()
    if image.ndim == 3:
        image = cv2.cvtColor(image[..., :3], cv2.COLOR_RGB2GRAY)
    return np.ascontiguousarray(image, dtype=np.uint8)


def homography(image: Grey, pose: Pose) -> Floats:
    """Picture pixels -> frame pixels, float64 (3, 3), for a camera with 53 degrees across."""
    height, width = image.shape
    focal = float(WIDTH)
    depth = focal / (pose.size * HEIGHT)  # the print's height is 1
    tilt, direction, spin = np.radians([pose.tilt, pose.direction, pose.spin])
    rotation = _about_z(spin) @ _about_z(direction) @ _about_x(tilt) @ _about_z(-direction)
    place = np.array([pose.x * WIDTH / focal * depth, pose.y * HEIGHT / focal * depth, depth])
    camera = np.array([[focal, 0, (WIDTH - 1) / 2], [0, focal, (HEIGHT - 1) / 2], [0, 0, 1]])
    middle = np.array(
        [
            [1 / height, 0, -(width - 1) / 2 / height],
            [0, 1 / height, -(height - 1) / 2 / height],
            [0, 0, 1],
        ]
    )
    return np.asarray(camera @ np.column_stack([rotation[:, 0], rotation[:, 1], place]) @ middle)


def corners_of(image: Grey, pose: Pose) -> Floats:
    """The print's corners in the frame, float64 (4, 2): top-left, top-right, bottom-right, bottom-left."""
    height, width = image.shape
    right, bottom = width - 0.5, height - 0.5
    picture = np.array([[-0.5, -0.5, 1], [right, -0.5, 1], [right, bottom, 1], [-0.5, bottom, 1]])
    projected = picture @ homography(image, pose).T
    return np.asarray(projected[:, :2] / projected[:, 2:])


def background_of(shot: Shot) -> Grey:
    """The frame without the print."""
    texture = cv2.resize(
        photo(shot.background), (2 * WIDTH, 2 * HEIGHT), interpolation=cv2.INTER_CUBIC
    )
    x, y = (shot.seed * 37) % WIDTH, (shot.seed * 53) % HEIGHT
    return np.ascontiguousarray(texture[y : y + HEIGHT, x : x + WIDTH], dtype=np.uint8)


def render(
    image: Grey | None, pose: Pose, shot: Shot | None = None, *, backdrop: Grey | None = None
) -> Grey:
    """The frame a phone would deliver, uint8 (480, 640); `backdrop` replaces the shot's background."""
    shot = shot or Shot()
    frame = (background_of(shot) if backdrop is None else backdrop).astype(np.float64)
    if image is not None:
        frame = _lay_print(frame, image, pose)
    if image is not None and shot.cover:
        _lay_cover(frame, corners_of(image, pose), shot.cover)
    if shot.blur:
        frame = cv2.GaussianBlur(frame, (0, 0), shot.blur)
    noise = np.random.default_rng(shot.seed).normal(0, shot.noise, frame.shape)
    return np.clip(np.round(frame * shot.gain + noise), 0, 255).astype(np.uint8)


def error_px(seen: Floats, image: Grey, pose: Pose) -> float:
    """Root mean square distance of four corners from the truth, pixels."""
    squared = ((seen - corners_of(image, pose)) ** 2).sum(axis=1)
    return float(np.sqrt(squared.mean()))


def _lay_print(frame: Floats, image: Grey, pose: Pose) -> Floats:
    n = OVERSAMPLING
    fine = np.array([[n, 0, (n - 1) / 2], [0, n, (n - 1) / 2], [0, 0, 1]])
    corners = corners_of(image, pose)
    shrink = np.sqrt(cv2.contourArea(corners.astype(np.float32)) / image.size) * n
    source = image.astype(np.float32)
    if shrink < 0.7:
        source = cv2.GaussianBlur(source, (0, 0), 0.4 / shrink).astype(np.float32)
    large = cv2.warpPerspective(
        source,
        fine @ homography(image, pose),
        (WIDTH * n, HEIGHT * n),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    mask = np.zeros((HEIGHT * n, WIDTH * n), np.uint8)
    outline = corners * n + (n - 1) / 2
    cv2.fillConvexPoly(mask, np.round(outline * 256).astype(np.int32), 255, shift=8)
    share = cv2.resize(mask, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA) / 255
    shown = cv2.resize(large, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(frame * (1 - share) + shown * share)


def _lay_cover(frame: Floats, corners: Floats, cover: float) -> None:
    left, right = corners[:, 0].min(), corners[:, 0].max()
    edge = int(np.clip(left + (right - left) * cover, 0, WIDTH))
    cloth = cv2.GaussianBlur(np.random.default_rng(1).normal(150, 60, frame.shape), (0, 0), 6)
    frame[:, max(int(left) - 5, 0) : edge] = cloth[:, max(int(left) - 5, 0) : edge]


def _about_x(angle: float) -> Floats:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def _about_z(angle: float) -> Floats:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
