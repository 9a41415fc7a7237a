"""The pose in space, and the focal length it is learnt with, against exact truth.

The scenes' camera has a focal length of 640 px in frames of 640 x 480 (53 degrees across), while the engine
starts from 554 px (60 degrees). Limits are about twice what was measured when they were written.
"""

from functools import cache

import numpy as np
import pytest

from arv_engine import CompiledTarget, EngineError, TargetPose, Tracker
from tests.engine.scenes import HEIGHT, WIDTH, Floats, Grey, Pose, Shot, homography, photo, render

PICTURE = "astronaut"
FOCAL = 640.0
ASSUMED = 320 * np.sqrt(3)
AROUND = [
    Pose(size=0.65, tilt=38 + 10 * np.sin(n / 7), direction=10 * n, x=0.05 * np.sin(n / 5))
    for n in range(72)
]
"""A phone moving around a print."""


def truth_of(pose: Pose) -> tuple[Floats, Floats]:
    """Rotation (3, 3) and translation (3,) in widths of the print."""
    image = photo(PICTURE)
    height, width = image.shape
    camera = np.array([[FOCAL, 0, (WIDTH - 1) / 2], [0, FOCAL, (HEIGHT - 1) / 2], [0, 0, 1]])
    plane = np.array([[width, 0, (width - 1) / 2], [0, width, (height - 1) / 2], [0, 0, 1]])
    columns = np.linalg.inv(camera) @ homography(image, pose) @ plane
    columns /= np.linalg.norm(columns[:, 0]) * np.sign(columns[2, 2])
    first, second, place = columns.T
    return np.column_stack([first, second, np.cross(first, second)]), place


def degrees_apart(a: Floats, b: Floats) -> float:
    """Angle of the rotation from one orientation to the other."""
    return float(np.degrees(np.arccos(np.clip((np.trace(a.T @ b) - 1) / 2, -1, 1))))


def poses_of(tracker: Tracker, poses: list[Pose]) -> list[TargetPose | None]:
    found = []
    for number, pose in enumerate(poses):
        tracker.process(frame_of(pose, number))
        found.append(tracker.pose(0))
    return found


@cache
def frame_of(pose: Pose, seed: int) -> Grey:
    return render(photo(PICTURE), pose, Shot(seed=seed))


def tracker_of(target: CompiledTarget, *, focal_px: int = 0) -> Tracker:
    return Tracker([target.data], WIDTH, HEIGHT, focal_px=focal_px)


def test_a_frontal_print_teaches_nothing_about_the_camera(astronaut: CompiledTarget) -> None:
    """The assumption of 60 degrees stands, and says that it is one."""
    found = poses_of(tracker_of(astronaut), [Pose()] * 5)[-1]

    assert found is not None
    assert found.focal_px == pytest.approx(ASSUMED, abs=0.1)
    assert found.certainty == 0


def test_moving_around_a_print_teaches_the_focal_length(astronaut: CompiledTarget) -> None:
    """Within 2 % of the truth, certain in less than three seconds, and fixed from then on."""
    found = [pose for pose in poses_of(tracker_of(astronaut), AROUND) if pose]
    certain = [pose.focal_px for pose in found if pose.certainty == 1]

    assert found[-1].focal_px == pytest.approx(FOCAL, rel=0.02)
    assert len(certain) >= 3
    assert len(set(certain)) == 1


def test_the_focal_length_never_jumps(astronaut: CompiledTarget) -> None:
    """Content in space must not: at most 4 % from one frame to the next."""
    focal = np.array([pose.focal_px for pose in poses_of(tracker_of(astronaut), AROUND) if pose])

    assert np.abs(np.diff(np.log(focal))).max() < 0.04


def test_the_pose_is_exact_for_a_known_camera(astronaut: CompiledTarget) -> None:
    """Rotation to 0.4 degrees, translation to 0.5 % in every frame."""
    found = poses_of(tracker_of(astronaut, focal_px=640), AROUND)

    for pose, seen in zip(AROUND, found, strict=True):
        rotation, place = truth_of(pose)
        assert seen is not None
        assert (seen.focal_px, seen.certainty) == (640, 1)
        assert degrees_apart(seen.rotation, rotation) < 0.4
        assert np.linalg.norm(seen.translation - place) < 0.005 * np.linalg.norm(place)


def test_the_pose_is_good_with_a_learnt_camera(astronaut: CompiledTarget) -> None:
    """Rotation to a degree, translation to 2.5 % after moving around."""
    found = poses_of(tracker_of(astronaut), AROUND)[-1]
    rotation, place = truth_of(AROUND[-1])

    assert found is not None
    assert degrees_apart(found.rotation, rotation) < 1
    assert np.linalg.norm(found.translation - place) < 0.025 * np.linalg.norm(place)


def test_the_rotation_is_a_rotation(astronaut: CompiledTarget) -> None:
    """Orthonormal and not mirrored."""
    found = poses_of(tracker_of(astronaut), AROUND[:1])[0]

    assert found is not None
    assert found.rotation @ found.rotation.T == pytest.approx(np.eye(3), abs=1e-6)
    assert np.linalg.det(found.rotation) == pytest.approx(1)


def test_what_is_not_seen_has_no_pose(astronaut: CompiledTarget) -> None:
    """Before the first frame, without the print, and for an index that does not exist."""
    tracker = tracker_of(astronaut)
    before = tracker.pose(0)
    tracker.process(render(None, Pose()))

    assert [before, tracker.pose(0), tracker.pose(1), tracker.pose(-1)] == [None] * 4


def test_a_reset_forgets_the_camera(astronaut: CompiledTarget) -> None:
    """Another camera may be used from now on."""
    tracker = tracker_of(astronaut)
    poses_of(tracker, AROUND)
    tracker.reset()

    found = poses_of(tracker, [Pose()])[0]

    assert found is not None
    assert found.focal_px == pytest.approx(ASSUMED, abs=0.1)
    assert found.certainty == 0


def test_an_impossible_focal_length_is_refused(astronaut: CompiledTarget) -> None:
    """By name, not by a silent default."""
    with pytest.raises(EngineError):
        tracker_of(astronaut, focal_px=-1)
