"""The pin-hole camera and how a flat print appears in it."""

import math
from dataclasses import dataclass

import numpy as np

from bench.tracking.raster import Matrix


@dataclass(frozen=True)
class Camera:
    """A camera without distortion, its axis through the middle of the frame."""

    width: int = 640
    height: int = 480
    vertical_fov_degrees: float = 45.0

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return self.height / 2 / math.tan(math.radians(self.vertical_fov_degrees) / 2)

    @property
    def matrix(self) -> Matrix:
        """Intrinsic matrix (3, 3) for pixel-centre coordinates."""
        centre_x, centre_y = (self.width - 1) / 2, (self.height - 1) / 2
        return np.array([[self.focal_px, 0, centre_x], [0, self.focal_px, centre_y], [0, 0, 1.0]])


@dataclass(frozen=True)
class View:
    """Where a print stands in the frame, in words a family can be written in.

    `x`, `y`: where its centre projects, as fractions of the frame (0.5, 0.5 is the middle).
    `size`: the height it would have if it faced the camera, as a fraction of the frame's height.
    `pitch`, `yaw`, `roll`: radians about the print's horizontal axis, vertical axis, and normal.
    """

    x: float = 0.5
    y: float = 0.5
    size: float = 0.6
    pitch: float = 0.0
    yaw: float = 0.0
    roll: float = 0.0


def rotation(pitch: float, yaw: float, roll: float) -> Matrix:
    """Rotation matrix: roll in the print's plane first, then yaw, then pitch."""
    cp, sp, cy, sy, cr, sr = (f(a) for a in (pitch, yaw, roll) for f in (math.cos, math.sin))
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return np.asarray(about_x @ about_y @ about_z, dtype=np.float64)


def print_to_camera(camera: Camera, view: View, height_m: float) -> tuple[Matrix, Matrix]:
    """(rotation, translation in metres) of a print `height_m` tall seen as `view` says."""
    distance = camera.focal_px * height_m / (view.size * camera.height)
    ray = np.linalg.inv(camera.matrix) @ np.array(
        [view.x * camera.width - 0.5, view.y * camera.height - 0.5, 1.0]
    )
    return rotation(view.pitch, view.yaw, view.roll), ray * distance


def plane_homography(
    camera: Camera,
    pose: tuple[Matrix, Matrix],
    size_px: tuple[int, int],
    size_m: tuple[float, float],
) -> Matrix:
    """Homography from a picture's pixels to frame pixels.

    The picture of `size_px` (w, h) covers `size_m` (w, h) about the origin of the plane that
    `pose` places before the camera.
    """
    (width_px, height_px), (width_m, height_m) = size_px, size_m
    step_x, step_y = width_m / width_px, height_m / height_px
    to_metres = np.array(
        [
            [step_x, 0, (0.5 - width_px / 2) * step_x],
            [0, step_y, (0.5 - height_px / 2) * step_y],
            [0, 0, 1.0],
        ]
    )
    rotated, translation = pose
    extrinsic = np.column_stack([rotated[:, 0], rotated[:, 1], translation])
    homography = camera.matrix @ extrinsic @ to_metres
    return np.asarray(homography / homography[2, 2], dtype=np.float64)
