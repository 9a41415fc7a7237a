"""Finding a print in a frame: ORB, ratio test, MAGSAC, then a look at the pixels."""

from dataclasses import dataclass

import cv2
import numpy as np

from bench.tracking.raster import Image, Matrix, apply_homography, image_corners, resize_cubic
from bench.tracking.rivals.opencv.check import plausible, share_matching
from bench.tracking.rivals.opencv.template import Descriptors, Template, orb

_FEATURES, _ORB_LEVELS = 2000, 8
_RATIO = 0.8
_NEIGHBOURS = 4
ENLARGEMENTS = (1.0, 2.0)
"""The frame is searched as it is, then twice as large for what is still missing."""
_REACH_PX = 4.0
_MIN_INLIERS = 12
_MIN_SHARE = 0.35


@dataclass(frozen=True)
class FrameFeatures:
    """`places`: (n, 2) frame px of `descriptors`."""

    places: Matrix
    descriptors: Descriptors


def features_of(frame: Image, enlargement: float) -> FrameFeatures:
    """ORB of a grey frame, enlarged first: small prints are smaller than ORB's patch."""
    seen = frame
    if enlargement > 1:
        height, width = (round(side * enlargement) for side in frame.shape)
        seen = resize_cubic(frame, width, height)
    count = round(_FEATURES * enlargement)
    points, descriptors = orb(count, _ORB_LEVELS).detectAndCompute(seen, None)
    if descriptors is None:
        return FrameFeatures(np.zeros((0, 2)), np.zeros((0, 32), np.uint8))
    places = np.array([point.pt for point in points])
    return FrameFeatures((places + 0.5) / enlargement - 0.5, descriptors)


def detect(template: Template, frame: Image, features: FrameFeatures) -> Matrix | None:
    """Homography image px -> frame px of the print; None when it is not found for sure."""
    on_print, in_frame = _matches(template, features)
    if len(on_print) < _MIN_INLIERS:
        return None
    homography, inliers = cv2.findHomography(
        on_print, in_frame, cv2.USAC_MAGSAC, _REACH_PX, maxIters=3000, confidence=0.995
    )
    if homography is None or int(inliers.sum()) < _MIN_INLIERS:
        return None
    found = np.asarray(homography, dtype=np.float64)
    if not plausible(apply_homography(found, image_corners(*template.size))):
        return None
    return found if share_matching(template, frame, found, slack=2) >= _MIN_SHARE else None


def _matches(template: Template, features: FrameFeatures) -> tuple[Matrix, Matrix]:
    """Pairs (n, 2), (n, 2) that pass the ratio test.

    The template holds every place at several sizes and tilts, so the second best has to be the best
    one of another place, or good matches would compete with themselves.
    """
    if len(features.places) < 2 or len(template.places) < _NEIGHBOURS:
        return np.zeros((0, 2)), np.zeros((0, 2))
    matcher = cv2.BFMatcher(cv2.NORM_HAMMING)
    near = matcher.knnMatch(features.descriptors, template.descriptors, k=_NEIGHBOURS)
    index = np.array([[match.trainIdx for match in row] for row in near])
    distance = np.array([[match.distance for match in row] for row in near])
    places = template.places[index]
    apart = np.linalg.norm(places - places[:, :1], axis=2) > 0.03 * max(template.size)
    rival = np.where(apart, distance, distance[:, -1:] + 1).min(axis=1)
    good = (distance[:, 0] < _RATIO * rival) & (distance[:, 0] < 80)
    return places[good, 0], features.places[good]
