"""Holding a print: optical flow from the last frame, then alignment with the print itself."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.tracking.raster import Image, Matrix, apply_homography, image_corners, warp
from bench.tracking.rivals.opencv.check import plausible, share_matching
from bench.tracking.rivals.opencv.template import Level, Template

_MIN_POINTS = 10
_BACK_PX = 1.0
"""Flow there and back may miss its start by this much."""
_MIN_SHARE = 0.15
_MARGIN = 10
_STOP = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 0.01)

Points = NDArray[np.float32]


@dataclass(frozen=True)
class Held:
    """A print in a frame: image px -> frame px."""

    frame: Image
    homography: Matrix


def follow(template: Template, last: Held, frame: Image) -> Matrix | None:
    """Homography of the print in `frame`; None when it is lost."""
    rough = _from_last_frame(template, last, frame)
    if rough is None:
        return None
    found = align(template, rough, frame)
    if found is None or share_matching(template, frame, found, slack=1) < _MIN_SHARE:
        return None
    return found


def align(template: Template, rough: Matrix, frame: Image, *, passes: int = 2) -> Matrix | None:
    """`rough` corrected against the learned print, so that nothing drifts.

    The print is drawn as `rough` says, with the frame's light; flow from that drawing to the frame
    says, to a fraction of a pixel, what is still missing.
    """
    found: Matrix | None = rough
    for _ in range(passes):
        if found is None:
            return None
        found = _aligned_once(template, found, frame)
    return found


def _from_last_frame(template: Template, last: Held, frame: Image) -> Matrix | None:
    level = template.level_for(last.homography)
    on_print, start = _visible(level.points, last.homography, frame)
    if len(start) < _MIN_POINTS:
        return None
    kept, moved = _flow(last.frame, frame, start, window=21, levels=4)
    return _homography(on_print[kept], moved[kept], 3.0, template)


def _aligned_once(template: Template, rough: Matrix, frame: Image) -> Matrix | None:
    level = template.level_for(rough)
    on_print, start = _visible(level.points, rough, frame)
    if len(start) < _MIN_POINTS:
        return None
    drawn = _drawn(level, rough, frame)
    kept, moved = _flow(drawn, frame, start, window=17, levels=2)
    return _homography(on_print[kept], moved[kept], 1.5, template)


def _visible(points: Matrix, homography: Matrix, frame: Image) -> tuple[Matrix, Points]:
    """(points on the print, where they are in the frame) of those well inside the frame."""
    seen = apply_homography(homography, points)
    height, width = frame.shape
    inside = (seen > _MARGIN) & (seen < [width - _MARGIN, height - _MARGIN])
    kept = inside.all(axis=1)
    return points[kept], seen[kept].astype(np.float32)


def _flow(
    before: Image, after: Image, start: Points, *, window: int, levels: int
) -> tuple[NDArray[np.bool_], Points]:
    """(which points came back to their start, where each went), by pyramidal Lucas-Kanade."""
    size = (window, window)
    there, ok, _ = cv2.calcOpticalFlowPyrLK(
        before, after, start, None, winSize=size, maxLevel=levels, criteria=_STOP
    )
    back, ok_back, _ = cv2.calcOpticalFlowPyrLK(
        after, before, there, None, winSize=size, maxLevel=levels, criteria=_STOP
    )
    missed = np.linalg.norm(np.asarray(back) - start, axis=1)
    kept = (ok.ravel() == 1) & (ok_back.ravel() == 1) & (missed < _BACK_PX)
    return kept, np.asarray(there, dtype=np.float32)


def _homography(on_print: Matrix, seen: Points, reach: float, template: Template) -> Matrix | None:
    """MAGSAC, then least squares over its inliers; None when too few agree."""
    if len(on_print) < _MIN_POINTS:
        return None
    first, inliers = cv2.findHomography(on_print, seen, cv2.USAC_MAGSAC, reach, maxIters=1000)
    if first is None or int(inliers.sum()) < _MIN_POINTS:
        return None
    kept = inliers.ravel() == 1
    best, _ = cv2.findHomography(on_print[kept], seen[kept], 0)
    found = np.asarray(first if best is None else best, dtype=np.float64)
    return found if plausible(apply_homography(found, image_corners(*template.size))) else None


def _drawn(level: Level, homography: Matrix, frame: Image) -> Image:
    """The print as it should look: drawn over the frame, as bright and contrasty as the frame."""
    height, width = frame.shape
    through = homography @ level.to_image
    picture = warp(level.image, through, width, height, border=cv2.BORDER_REPLICATE)
    full = np.full(level.image.shape, 255, np.uint8)
    mask = warp(full, through, width, height, border=cv2.BORDER_CONSTANT) > 250
    drawn = picture.astype(np.float32)
    there, real = drawn[mask], frame[mask].astype(np.float32)
    gain = float(np.clip(real.std() / max(float(there.std()), 1.0), 0.05, 2.0))
    drawn = (drawn - there.mean()) * gain + real.mean()
    return np.asarray(np.where(mask, np.clip(drawn, 0, 255), frame), dtype=np.uint8)
