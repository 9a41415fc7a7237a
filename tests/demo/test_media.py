"""The sample photo and clip: what they are, and that the clip wakes from the photo."""

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

import arv_engine
from app.demo import layout
from app.demo.living import LivingPicture
from app.demo.media import FRAMES_PER_SECOND, SECONDS, SampleMedia, sample_media
from app.demo.scenery import paint_scenery
from app.demo.sound import loop_of_sound
from tests.support.sample import kept_sample


@pytest.fixture(scope="module")
def sample() -> SampleMedia:
    return kept_sample()


def decoded(clip: Path) -> list[np.ndarray]:
    with av.open(str(clip)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_clip_plays_in_every_browser(sample: SampleMedia) -> None:
    """H.264 in 4:2:0 with AAC, of even size, its index first so that it starts before it is loaded."""
    with av.open(str(sample.clip)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.pix_fmt, audio.codec_context.name) == (
            "h264",
            "yuv420p",
            "aac",
        )
        assert (video.width, video.height) == layout.CLIP_SIZE
        assert abs((container.duration or 0) / av.time_base - SECONDS) < 0.1
    content = sample.clip.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    assert len(content) < 4_000_000


def test_clip_begins_as_the_print(sample: SampleMedia) -> None:
    """The first frame is the photo but for its grain, and the last one leads back to it."""
    frames = decoded(sample.clip)
    photo = Image.open(sample.photo)
    assert photo.size == layout.PRINT_SIZE
    shrunk = np.asarray(photo.resize(layout.CLIP_SIZE, Image.Resampling.BOX), np.float64)
    assert len(frames) == SECONDS * FRAMES_PER_SECOND
    assert np.abs(shrunk - frames[0]).mean() < 9
    assert np.abs(frames[-1].astype(np.float64) - frames[0]).mean() < 9
    assert np.abs(frames[len(frames) // 2].astype(np.float64) - frames[0]).mean() > 25


def test_print_is_recognised_well(sample: SampleMedia) -> None:
    """The engine learns plenty of features from the print."""
    target = arv_engine.compile_target(sample.photo)
    assert target.features >= 300


def test_every_moment_is_the_same_whenever_painted() -> None:
    """The picture is a pure function of its moment, and moment 1 is moment 0."""
    first, second = (LivingPicture.of(paint_scenery(300, 200)) for _ in range(2))
    assert np.array_equal(first.at(0.3), second.at(0.3))
    assert np.abs(first.at(0.0).astype(int) - first.at(1.0)).max() <= 2


def test_kept_files_are_not_made_again(tmp_path: Path, sample: SampleMedia) -> None:
    """Files that are there are handed out as they are."""
    for file in (sample.photo, sample.clip):
        (tmp_path / file.name).write_bytes(b"kept")
    assert sample_media(tmp_path).photo.read_bytes() == b"kept"


def test_sound_has_no_seam() -> None:
    """The step from the last sample to the first is no greater than the steps within."""
    sound = loop_of_sound(2)
    steps = np.abs(np.diff(sound, axis=1))
    assert np.abs(sound[:, 0] - sound[:, -1]).max() <= steps.max()
    assert np.abs(sound).max() < 0.5
