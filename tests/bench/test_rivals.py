"""Other trackers are run as they are, on the frames they are said to be run on."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.tracking.camera import Camera, View, plane_homography, print_to_camera
from bench.tracking.families import build
from bench.tracking.metrics import Observation, Sighting, corner_error, tally
from bench.tracking.raster import Image, apply_homography, image_corners
from bench.tracking.rivals.mindar.pose import corners_of
from bench.tracking.rivals.mindar.targets import MindTarget, join_minds
from bench.tracking.rivals.opencv.pipeline import OpencvRival
from bench.tracking.rivals.replay import Replay, RivalRunner
from bench.tracking.run import run_sequence
from bench.tracking.sequence import Sequence


class CountingRival:
    """Says where a corner is by the brightness of the frame, and counts the frames it was shown."""

    names = ("plain", "doubled")
    signature = "counting 1"

    def __init__(self) -> None:
        self.shown = 0

    def learn(self, image: Image) -> float:
        return 0.0

    def start(self, sequence: Sequence) -> None:
        self.starts = getattr(self, "starts", 0) + 1

    def observe(self, image: Image, time_ms: float) -> dict[str, Observation]:
        self.shown += 1
        mean = float(image.mean())
        return {
            name: Observation(
                [Sighting(np.full((4, 2), mean * times), tracked=True)], 1.5, searched=False
            )
            for name, times in (("plain", 1), ("doubled", 2))
        }

    def close(self) -> None:
        pass


def short_film(**changes: object) -> Sequence:
    film = build("still", "development", "chelsea")
    return replace(film, length=4, **changes)  # type: ignore[arg-type]


def reports(rival: CountingRival, film: Sequence, folder: Path) -> dict[str, list[float]]:
    replay = Replay(rival, folder)
    runs = run_sequence([RivalRunner(replay, name) for name in rival.names], film)
    return {
        run.runner: [
            float(o.sightings[0].corners[0, 0]) for o in run.observations if o.sightings[0]
        ]
        for run in runs
    }


def test_one_run_of_a_rival_serves_all_its_names(tmp_path: Path) -> None:
    """Both settings of MindAR come from one run: each frame is shown once."""
    rival = CountingRival()
    found = reports(rival, short_film(), tmp_path)
    assert rival.shown == 4
    assert found["doubled"] == pytest.approx([2 * mean for mean in found["plain"]], abs=1e-3)


def test_a_record_stands_in_for_the_rival_on_the_same_pictures(tmp_path: Path) -> None:
    """A second run shows the rival nothing and reports the same."""
    first = reports(CountingRival(), short_film(), tmp_path)
    rival = CountingRival()
    assert reports(rival, short_film(), tmp_path) == first
    assert rival.shown == 0


def test_a_changed_picture_brings_the_rival_back(tmp_path: Path) -> None:
    """When pictures differ from the recorded ones, the rival itself sees all of them."""
    reports(CountingRival(), short_film(), tmp_path)
    film = short_film()
    darker = short_film(sensor=replace(film.sensor, gain=0.5))
    rival = CountingRival()
    found = reports(rival, darker, tmp_path)
    truly = [float(frame.image.mean()) for frame in darker.frames()]
    assert rival.shown == 4
    assert found["plain"] == pytest.approx(truly, abs=1e-3)


def test_single_pictures_are_each_begun_afresh(tmp_path: Path) -> None:
    """In a film of single pictures the rival forgets before every one of them, and only then."""
    rival = CountingRival()
    reports(rival, short_film(independent=True), tmp_path)
    assert (rival.shown, rival.starts) == (4, 4)


def test_mindar_pose_lands_where_its_renderer_draws() -> None:
    """A pose in MindAR's convention gives the corners the pin-hole camera of its 45 degrees gives."""
    camera, size = Camera(), (900, 600)
    view = View(x=0.45, y=0.55, size=0.5, pitch=0.3, yaw=-0.4, roll=0.2)
    rotated, translation = print_to_camera(camera, view, 0.6)
    # MindAR's model: image pixels, y up from the lower edge; GL eye space: y up, looking down -z.
    scale = 0.6 / size[1]
    flip = np.diag([1.0, -1.0, -1.0])
    middle = np.array([size[0] / 2, size[1] / 2, 0.0])
    world = np.eye(4)
    world[:3, :3] = flip @ rotated @ flip
    world[:3, 3] = flip @ translation / scale - world[:3, :3] @ middle
    truth = plane_homography(camera, (rotated, translation), size, (0.9, 0.6))
    found = corners_of(list(world.T.ravel()), size, (camera.width, camera.height))
    assert corner_error(found, apply_homography(truth, image_corners(*size))) < 1e-6


def test_joined_mind_file_announces_all_its_targets() -> None:
    """The header counts the targets; their bodies follow unchanged."""
    head = b"\x82\xa1v\x02\xa8dataList"
    one, two = (MindTarget(head + b"\x91" + body, 1, 1, 0.0) for body in (b"first", b"second"))
    assert join_minds([one, two]) == head + b"\x92firstsecond"


def test_opencv_pipeline_holds_a_print_to_a_fraction_of_a_pixel() -> None:
    """Found in the first frame, held in every frame, a tenth of a pixel off at most (measured 0.03)."""
    film = replace(build("tilt", "development", "chelsea"), length=8)
    rival = OpencvRival()
    rival.start(film)
    frames = list(film.frames())
    seen = [rival.observe(frame.image, frame.time_ms)["opencv"] for frame in frames]
    result = tally([frame.truths for frame in frames], seen)
    assert (result.lost, result.wrong) == (0, 0)
    assert result.rms < 0.1
    assert not math.isnan(result.rms)


def test_opencv_pipeline_reports_nothing_where_nothing_is() -> None:
    """Frames of clutter without the print give no report."""
    film = replace(build("none", "development", "card-d"), length=3)
    rival = OpencvRival()
    rival.start(film)
    seen = [rival.observe(frame.image, frame.time_ms)["opencv"] for frame in film.frames()]
    assert [report.sightings for report in seen] == [[None]] * 3
