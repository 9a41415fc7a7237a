"""Holding a print: optical flow from the last frame, then alignment with the print itself."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.tracking.raster import Image, Matrix, apply_homography, image_corners, warp
from bench.tracking.rivals.opencv.check import plausible, share_matching
from bench.tracking.rivals.opencv.template import Level, Template

_MIN_POINTS, _MIN_SPREAD = 8, 0.3
_BACK_PX = 1.0
"""Flow there and back may miss its start by this much."""
_MIN_SHARE, _SURE_SHARE = 0.15, 0.6
_MARGIN, _BORDER = 10, 24
_MAX_PASSES, _SETTLED_PX = 3, 0.04
_STOP = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 0.01)

Points = NDArray[np.float32]


@dataclass(frozen=True)
class Held:
    """A print in a frame: image px -> frame px. `motion`: last frame's px -> this one's."""

    frame: Image
    homography: Matrix
    motion: Matrix

    @classmethod
    def after(cls, last: "Held | None", frame: Image, homography: Matrix) -> "Held":
        """What is held now, with the motion since `last`."""
        motion = homography @ np.linalg.inv(last.homography) if last else np.eye(3)
        return cls(frame, homography, motion / motion[2, 2])


def follow(template: Template, last: Held, frame: Image) -> Matrix | None:
    """Homography of the print in `frame`; None when it is lost.

    Flow from the last frame gives the start. When a hand covers much of the print flow follows the
    hand, so a start from where the print was, and from where it was going, is tried then as well.
    """
    best, best_share = None, _MIN_SHARE
    for start in _starts(template, last, frame):
        found = align(template, start, frame)
        share = 0.0 if found is None else share_matching(template, frame, found, slack=1)
        if share > best_share:
            best, best_share = found, share
        if share > _SURE_SHARE:
            break
    return best


def _starts(template: Template, last: Held, frame: Image) -> Iterator[Matrix]:
    rough = _from_last_frame(template, last, frame)
    if rough is not None:
        yield rough
    yield last.motion @ last.homography
    yield last.homography


def align(template: Template, rough: Matrix, frame: Image) -> Matrix | None:
    """`rough` corrected against the learned print, so that nothing drifts; None if that fails.

    The print is drawn as `rough` says, with the frame's light; flow from that drawing to the frame
    says, to a fraction of a pixel, what is still missing.
    """
    found = rough
    for _ in range(_MAX_PASSES):
        better = _aligned_once(template, found, frame)
        if better is None:
            return None
        found, moved_px = better
        if moved_px < _SETTLED_PX:
            break
    return found


def _from_last_frame(template: Template, last: Held, frame: Image) -> Matrix | None:
    level = template.level_for(last.homography)
    on_print, start = _visible(level.points, last.homography, frame)
    if len(start) < _MIN_POINTS:
        return None
    kept, moved = _flow(last.frame, frame, start, window=21, levels=4)
    return _fit(template, last.homography, on_print[kept], moved[kept], 3.0)


def _aligned_once(template: Template, rough: Matrix, frame: Image) -> tuple[Matrix, float] | None:
    """(better homography, median px the points moved); None when too little agrees."""
    level = template.level_for(rough)
    on_print, start = _visible(level.points, rough, frame)
    if len(start) < _MIN_POINTS:
        return None
    low = np.maximum(start.min(axis=0).astype(int) - _BORDER, 0)
    high = start.max(axis=0).astype(int) + _BORDER
    part = np.ascontiguousarray(frame[low[1] : high[1], low[0] : high[0]])
    shift = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1.0]])
    drawn = _drawn(level, shift @ rough, part)
    kept, moved = _flow(drawn, part, start - low.astype(np.float32), window=17, levels=2)
    moved = moved + low.astype(np.float32)
    found = _fit(template, rough, on_print[kept], moved[kept], 1.5)
    if found is None:
        return None
    return found, float(np.median(np.linalg.norm(moved[kept] - start[kept], axis=1)))


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


def _fit(
    template: Template, rough: Matrix, on_print: Matrix, seen: Points, reach: float
) -> Matrix | None:
    """The homography most points agree on; None when too few do.

    Points on a small part of the print say nothing about its far corners (a hand covers the rest):
    these may only shift, turn and scale what `rough` says.
    """
    if len(on_print) < _MIN_POINTS:
        return None
    first, inliers = cv2.findHomography(on_print, seen, cv2.USAC_MAGSAC, reach, maxIters=1000)
    if first is None or int(inliers.sum()) < _MIN_POINTS:
        return None
    kept = inliers.ravel() == 1
    if _spread(template, on_print[kept]) < _MIN_SPREAD:
        found = _moved_rigidly(rough, on_print, seen, reach)
    else:
        best, _ = cv2.findHomography(on_print[kept], seen[kept], 0)
        found = np.asarray(first if best is None else best, dtype=np.float64)
    if found is None or not plausible(apply_homography(found, image_corners(*template.size))):
        return None
    return found


def _spread(template: Template, on_print: Matrix) -> float:
    """Area inside the hull of the points, against that of all the print's points."""
    whole, part = (
        cv2.convexHull(p.astype(np.float32)) for p in (template.levels[0].points, on_print)
    )
    return float(cv2.contourArea(part)) / max(float(cv2.contourArea(whole)), 1.0)


def _moved_rigidly(rough: Matrix, on_print: Matrix, seen: Points, reach: float) -> Matrix | None:
    before = apply_homography(rough, on_print).astype(np.float32)
    moved, inliers = cv2.estimateAffinePartial2D(before, seen, ransacReprojThreshold=reach)
    if moved is None or int(inliers.sum()) < _MIN_POINTS:
        return None
    return np.vstack([moved, [0, 0, 1]]) @ rough


def _drawn(level: Level, homography: Matrix, frame: Image) -> Image:
    """The print as it should look: drawn over the frame, as bright and contrasty as the frame."""
    height, width = frame.shape
    through = homography @ level.to_image
    picture = warp(level.image, through, width, height, border=cv2.BORDER_REPLICATE)
    # Only pixels the print covers whole: a rim drawn too wide pulls the flow by 0.06 px.
    full = np.full(level.image.shape, 255, np.uint8)
    cover = warp(full, through, width, height, border=cv2.BORDER_CONSTANT)
    mask = np.asarray(cv2.compare(cover, 250, cv2.CMP_GT), dtype=np.uint8)
    (mean, spread), (real_mean, real_spread) = (
        cv2.meanStdDev(x, mask=mask) for x in (picture, frame)
    )
    gain = float(np.clip(real_spread[0, 0] / max(float(spread[0, 0]), 1.0), 0.05, 2.0))
    toned = cv2.convertScaleAbs(picture, None, gain, float(real_mean[0, 0] - gain * mean[0, 0]))
    drawn = frame.copy()
    cv2.copyTo(toned, mask, drawn)
    return drawn
