"""From MindAR's pose matrix to the corners a viewer of its page sees."""

import math

import numpy as np

from bench.tracking.raster import Matrix

FOV_DEGREES = 45.0
"""Vertical field of view, fixed in MindAR's controller whatever the camera."""


def corners_of(world_matrix: list[float], size: tuple[int, int], frame: tuple[int, int]) -> Matrix:
    """(4, 2) corners TL, TR, BR, BL in frame pixels (integers at pixel centres).

    `world_matrix`: 16 numbers column by column, as given to three.js; its model space is the image
    in pixels, y up from its lower edge. `size`, `frame`: (w, h) of the image and of the frame.

    A renderer puts projected coordinate u = 0 on the left edge of the picture, which is pixel centre
    -0.5; so what is seen lies half a pixel left and up of the same numbers read as pixel centres.
    """
    (width, height), (frame_width, frame_height) = size, frame
    model = np.array(
        [[0, height, 0, 1], [width, height, 0, 1], [width, 0, 0, 1], [0, 0, 0, 1]], dtype=np.float64
    )
    eye = model @ np.asarray(world_matrix, dtype=np.float64).reshape(4, 4)
    focal = frame_height / 2 / math.tan(math.radians(FOV_DEGREES) / 2)
    x = frame_width / 2 - focal * eye[:, 0] / eye[:, 2]
    y = frame_height / 2 + focal * eye[:, 1] / eye[:, 2]
    return np.column_stack([x, y]) - 0.5
