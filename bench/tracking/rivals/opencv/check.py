"""Is that really the print? Shape first, then the pixels, block by block."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.tracking.raster import Image, Matrix, apply_homography, warp
from bench.tracking.rivals.opencv.template import Template

_BLOCKS = 8
_BLOCK_PX = 14
_ALIKE = 0.55
_MIN_AREA_PX = 500.0


def plausible(corners: Matrix) -> bool:
    """Whether four corners can be a print before a camera: convex, not mirrored, not a sliver."""
    edges = np.roll(corners, -1, axis=0) - corners
    following = np.roll(edges, -1, axis=0)
    turns = edges[:, 0] * following[:, 1] - edges[:, 1] * following[:, 0]
    if not np.isfinite(corners).all() or (turns <= 0).any():
        return False
    lengths = np.linalg.norm(edges, axis=1)
    area = float(turns.sum()) / 4
    return area > _MIN_AREA_PX and float(lengths.min() / lengths.max()) > 0.05


def share_matching(
    template: Template, frame: Image, homography: Matrix, *, slack: int = 0
) -> float:
    """Share of the print's textured blocks, of those inside the frame, that look as they should.

    `slack`: how far, px of the rectified print, a block may be moved to fit best.
    """
    side = _BLOCKS * _BLOCK_PX
    width, height = template.size
    level = min(template.levels, key=lambda one: abs(min(one.image.shape) - side))
    to_square = np.diag([side / width, side / height, 1.0])
    shape = (side, side)
    flat = warp(frame, to_square @ np.linalg.inv(homography), *shape, border=cv2.BORDER_CONSTANT)
    known = warp(level.image, to_square @ level.to_image, *shape, border=cv2.BORDER_REPLICATE)
    seen, learned = (cv2.GaussianBlur(x, (0, 0), 1.0).astype(np.float32) for x in (flat, known))
    inside = _inside(frame, np.linalg.inv(to_square @ np.linalg.inv(homography)), side)
    good = total = 0
    for row in range(0, side, _BLOCK_PX):
        for column in range(0, side, _BLOCK_PX):
            block = learned[row : row + _BLOCK_PX, column : column + _BLOCK_PX]
            if block.std() < 4 or not inside[row // _BLOCK_PX, column // _BLOCK_PX]:
                continue
            total += 1
            top, left = max(row - slack, 0), max(column - slack, 0)
            around = seen[top : row + _BLOCK_PX + slack, left : column + _BLOCK_PX + slack]
            scores = cv2.matchTemplate(around, block, cv2.TM_CCOEFF_NORMED)
            good += float(np.nan_to_num(scores).max()) > _ALIKE
    return good / total if total >= 4 else 0.0


def _inside(frame: Image, square_to_frame: Matrix, side: int) -> NDArray[np.bool_]:
    """(8, 8) of bool: blocks whose four corners lie in the frame."""
    steps = np.linspace(0, side, _BLOCKS + 1) - 0.5
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    seen = apply_homography(square_to_frame, grid).reshape(_BLOCKS + 1, _BLOCKS + 1, 2)
    height, width = frame.shape
    held = ((seen > 0) & (seen < [width - 1, height - 1])).min(axis=2)
    whole = held[:-1, :-1] & held[1:, :-1] & held[:-1, 1:] & held[1:, 1:]
    return np.asarray(whole, dtype=np.bool_)
