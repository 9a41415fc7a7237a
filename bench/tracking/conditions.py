"""What a phone's camera and the world do to a picture: hand, glare, blur, darkness, noise."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from bench.tracking.raster import (
    Floats,
    Image,
    Matrix,
    apply_homography,
    gaussian,
    gaussian_floats,
    warp,
)

HAND_WIDTH, HAND_HEIGHT = 480, 900
_SKINS = ((224, 172, 138), (198, 140, 104), (141, 92, 64), (96, 62, 44))


@dataclass(frozen=True)
class Hand:
    """A hand reaching over the print from below.

    `reach_at(seconds)`: how far the finger tips are over the print, as a fraction of its height,
    0 none to about 1.2; `side_at(seconds)`: where across it, 0 left to 1 right.
    """

    reach_at: Callable[[float], float]
    side_at: Callable[[float], float]
    width: float = 0.8
    """Width of the hand as a fraction of the print's width."""
    skin: int = 1


@dataclass(frozen=True)
class Glare:
    """A lamp mirrored in the print, moving over it. `at(seconds)`: (x, y) as fractions of it."""

    at: Callable[[float], tuple[float, float]]
    strength: float = 1.0
    radius: float = 0.25


@dataclass(frozen=True)
class Sensor:
    """How the camera turns light into numbers.

    `gain`: brightness of the scene, 1 is daylight; `read_noise` and `shot_noise`: standard
    deviation in grey levels in the dark, and at full brightness in daylight. Darkness leaves both
    as they are while the signal shrinks, as a phone at its longest exposure does.
    `exposure`: seconds the shutter is open; `blur_px`: sigma of the lens's blur.
    """

    gain: float = 1.0
    read_noise: float = 1.2
    shot_noise: float = 2.5
    exposure: float = 0.006
    blur_px: float = 0.5


def expose(image: Image, sensor: Sensor, random: np.random.Generator) -> Image:
    """The frame the sensor delivers of a noise-free `image`."""
    soft = gaussian(image, sensor.blur_px)
    signal = soft.astype(np.float32) * np.float32(sensor.gain)
    deviation = np.sqrt(sensor.read_noise**2 + sensor.shot_noise**2 / 255 * signal)
    noisy = signal + deviation * random.standard_normal(signal.shape, dtype=np.float32)
    return np.asarray(np.clip(noisy + 0.5, 0, 255), dtype=np.uint8)


def tone(image: Image, random: np.random.Generator) -> Image:
    """The picture as ink on paper under some lamp: another contrast, brightness and curve."""
    curve = np.linspace(0, 1, 256) ** random.uniform(0.8, 1.25)
    curve = curve * random.uniform(190, 235) + random.uniform(6, 22)
    return np.asarray(np.clip(curve, 0, 255).astype(np.uint8)[image])


def add_glare(
    image: Image,
    glare: Glare,
    homography: Matrix,
    size_px: tuple[int, int],
    *,
    mask: Image,
    seconds: float,
) -> Image:
    """`image` with the lamp's mirror image burnt in where the print is (`mask`, 0..255)."""
    x, y = glare.at(seconds)
    width, height = size_px
    reach = glare.radius * height
    centre = np.array([[x * width, y * height]])
    around = centre + reach * np.array([[0, 0], [1, 0], [0, 1]])
    middle, right, down = apply_homography(homography, np.asarray(around, dtype=np.float64))
    back = np.linalg.inv(np.column_stack([right - middle, down - middle]))
    columns, rows = np.meshgrid(
        np.arange(image.shape[1], dtype=np.float32), np.arange(image.shape[0], dtype=np.float32)
    )
    dx, dy = columns - np.float32(middle[0]), rows - np.float32(middle[1])
    u = np.float32(back[0, 0]) * dx + np.float32(back[0, 1]) * dy
    v = np.float32(back[1, 0]) * dx + np.float32(back[1, 1]) * dy
    light = np.exp(-(u * u + v * v)) * (mask.astype(np.float32) * np.float32(glare.strength))
    if image.ndim == 3:
        light = light[:, :, None]
    return np.asarray(np.clip(image + light, 0, 255), dtype=np.uint8)


@cache
def _hand_shape() -> tuple[Floats, Floats]:
    """(alpha 0..1, shade 0..1) of a stretched-out hand with its forearm, finger tips at the top."""
    mask = np.zeros((HAND_HEIGHT, HAND_WIDTH), np.uint8)
    cv2.ellipse(mask, (235, 420), (135, 165), 0, 0, 360, 255, -1, cv2.LINE_AA)
    cv2.line(mask, (235, 480), (245, 900), 255, 190, cv2.LINE_AA)
    fingers = [
        ((130, 340), (70, 150), 62),
        ((200, 290), (180, 60), 66),
        ((265, 290), (285, 45), 68),
        ((325, 330), (375, 110), 60),
        ((130, 470), (30, 330), 70),
    ]
    for palm, tip, thickness in fingers:
        cv2.line(mask, palm, tip, 255, thickness, cv2.LINE_AA)
    depth = cv2.distanceTransform((mask > 127).astype(np.uint8), cv2.DIST_L2, 5)
    shade = 0.55 + 0.45 * np.clip(np.asarray(depth, dtype=np.float32) / 34, 0, 1)
    grain = np.random.default_rng(3).standard_normal(mask.shape, dtype=np.float32)
    shade = shade * (1 + 0.35 * gaussian_floats(grain, 2.2))
    alpha = gaussian_floats(mask.astype(np.float32) / np.float32(255), 1.0)
    return alpha, np.asarray(np.clip(shade, 0.2, 1.1), dtype=np.float32)


@cache
def _hand_picture(skin: int, *, grey: bool) -> tuple[Image, Image]:
    alpha, shade = _hand_shape()
    rgb = np.array(_SKINS[skin % len(_SKINS)], np.float32)
    colour = np.float32(rgb @ np.array([0.299, 0.587, 0.114])) if grey else rgb
    picture = shade * colour if grey else shade[:, :, None] * colour
    return np.clip(picture, 0, 255).astype(np.uint8), (alpha * 255).astype(np.uint8)


def lay_hand(
    image: Image, hand: Hand, homography: Matrix, size_px: tuple[int, int], *, seconds: float
) -> tuple[Image, Image]:
    """(`image` with the hand over it, the hand's alpha 0..255)."""
    reach, side = hand.reach_at(seconds), hand.side_at(seconds)
    width, height = size_px
    scale = hand.width * width / HAND_WIDTH
    left = side * width - HAND_WIDTH * scale / 2
    top = height * (1 - reach)
    on_print = np.array([[scale, 0, left], [0, scale, top], [0, 0, 1.0]])
    through = homography @ on_print
    frame_height, frame_width = image.shape[:2]
    colour, mask = _hand_picture(hand.skin, grey=image.ndim == 2)
    border = cv2.BORDER_CONSTANT
    shown = warp(colour, through, frame_width, frame_height, border=border)
    alpha = warp(mask, through, frame_width, frame_height, border=border)
    weight = alpha.astype(np.float32) / 255
    if image.ndim == 3:
        weight = weight[:, :, None]
    return np.asarray(image * (1 - weight) + shown * weight + 0.5, dtype=np.uint8), alpha
