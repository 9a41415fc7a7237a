"""The renderer's truth is what a measurement of its pixels says."""

import math
from dataclasses import replace

import cv2
import numpy as np

from bench.tracking.camera import Camera, View
from bench.tracking.conditions import Sensor
from bench.tracking.families import FAMILIES, build
from bench.tracking.metrics import Observation, Sighting, tally
from bench.tracking.raster import Floats, Matrix, apply_homography
from bench.tracking.sequence import Frame, Print, Sequence, Truth
from bench.tracking.surface import Surface

NOISELESS = Sensor(read_noise=0, shot_noise=0, exposure=0, blur_px=0)


def film_of(picture: np.ndarray, view: View) -> Sequence:
    """One print of `picture` before a grey wall, without noise or blur."""
    wall = Surface(np.full((64, 64), 90, np.uint8), repeats=True)
    shown = Print("test", picture, 0.2, Surface(picture), lambda _: view)
    return Sequence("test", "test", 1, [shown], wall, 4, camera=Camera(), sensor=NOISELESS)


def spot_centres(frame: Frame, around: Matrix) -> Floats:
    """Centres of gravity of bright spots near `around` (n, 2), px."""
    found = []
    for x, y in around:
        left, top = round(x) - 14, round(y) - 14
        part = frame.image[top : top + 29, left : left + 29].astype(np.float64)
        weight = np.clip(part - 20, 0, None)
        rows, columns = np.mgrid[0:29, 0:29]
        found.append(
            (
                left + (weight * columns).sum() / weight.sum(),
                top + (weight * rows).sum() / weight.sum(),
            )
        )
    return np.array(found, dtype=np.float32)


def test_homography_leads_to_the_pixels() -> None:
    """Spots drawn in the print are found where the truth's homography takes them, to 0.05 px."""
    picture = np.zeros((600, 800), np.uint8)
    spots = np.array([[100, 90], [700, 120], [690, 500], [110, 520], [400, 300]], dtype=np.float64)
    for x, y in spots.astype(int):
        cv2.circle(picture, (int(x), int(y)), 6, 255, -1, cv2.LINE_AA)
    for view in (View(size=0.6), View(x=0.52, size=0.4, pitch=0.4, yaw=-0.5, roll=1.1)):
        frame = film_of(picture, view).frame(0)
        expected = apply_homography(frame.truths[0].homography, spots)
        assert np.abs(spot_centres(frame, expected) - expected).max() < 0.05


def test_corners_bound_the_printed_area() -> None:
    """The area that is printed is the area of the true quadrilateral, to a thousandth."""
    picture = np.full((300, 450), 255, np.uint8)
    frame = film_of(picture, View(x=0.48, y=0.53, size=0.5, pitch=0.5, yaw=0.4, roll=0.3)).frame(0)
    printed = ((frame.image.astype(np.float64) - 90) / (255 - 90)).sum()
    corners = frame.truths[0].corners.astype(np.float32)
    assert math.isclose(printed, cv2.contourArea(corners), rel_tol=1e-3)
    middle_x = ((frame.image.astype(np.float64) - 90).sum(axis=0) * np.arange(640)).sum()
    moments = cv2.moments(corners)
    assert abs(middle_x / (165 * printed) - moments["m10"] / moments["m00"]) < 0.05


def test_same_seed_same_frames() -> None:
    """A frame depends on family, set, print, seed and number only, not on what came before."""
    first = build("tour", "development", "poster-d").frame(40)
    sequence = build("tour", "development", "poster-d")
    sequence.frame(3)
    again = sequence.frame(40)
    other = build("tour", "development", "poster-d", seed=1).frame(40)
    assert np.array_equal(first.image, again.image)
    assert not np.array_equal(first.image, other.image)


def test_every_family_shows_what_it_says() -> None:
    """Each family's middle frame is rendered in the camera's size, with truth for each shown print."""
    for family in FAMILIES:
        sequence = build(family, "development", "card-d")
        frame = sequence.frame(sequence.length // 2)
        assert frame.image.shape == (480, 640)
        assert len(frame.truths) == len(sequence.prints)
        assert sequence.sought


def test_hand_takes_from_what_is_visible() -> None:
    """At its furthest the hand covers about three quarters of the print."""
    sequence = build("occlusion", "development", "chelsea")
    assert sequence.frame(0).truths[0].visible > 0.98
    assert 0.15 < sequence.frame(50).truths[0].visible < 0.35


def test_tally_counts_losses_and_wrong_reports() -> None:
    """Lost, wrong and false reports are each counted where they belong."""
    corners = np.array([[0, 0], [100, 0], [100, 80], [0, 80.0]])
    there = Truth(corners, np.eye(3), 1.0, 1.0)
    gone = replace(there, visible=0.0)
    near, far = Sighting(corners + 0.3, tracked=True), Sighting(corners + 40, tracked=True)
    truths = [[there], [there], [there], [gone]]
    seen = [Observation([sighting], 1.0) for sighting in (near, far, None, far)]
    result = tally(truths, seen)
    assert (result.holdable, result.lost, result.wrong, result.false) == (3, 1, 2, 1)
    assert math.isclose(result.rms, 0.3 * math.sqrt(2))
    assert math.isclose(result.within(2), 1 / 3)


def test_shake_is_the_deviation_at_rest() -> None:
    """Corners that wander by 0.2 px in x and y shake by 0.2 px."""
    corners = np.array([[0, 0], [100, 0], [100, 80], [0, 80.0]])
    there = Truth(corners, np.eye(3), 1.0, 1.0)
    random = np.random.default_rng(1)
    seen = [
        Observation([Sighting(corners + random.normal(0, 0.2, (4, 2)), tracked=True)], 1.0)
        for _ in range(400)
    ]
    assert abs(tally([[there]] * 400, seen, still=True).shake - 0.2) < 0.01
