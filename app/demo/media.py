"""The sample photo and the clip that makes it live, made once and kept in the data folder."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import Colorspace
from PIL import Image

from app.demo import layout
from app.demo.living import LivingPicture, Picture
from app.demo.scenery import paint_scenery
from app.demo.sound import RATE, loop_of_sound

VERSION = 1
"""Raised when the picture changes, so that a kept older one is made anew."""
SECONDS = 6
FRAMES_PER_SECOND = 24
_PAINTED_LARGER = 1.25
_BT709 = 1
_LIMITED_RANGE = 1


@dataclass(frozen=True)
class SampleMedia:
    """Files on disk: the print to recognise and the clip to play on it."""

    photo: Path
    clip: Path


def sample_media(
    folder: Path, progress: Callable[[float, str], None] = lambda part, stage: None
) -> SampleMedia:
    """The sample photo (JPEG) and clip (H.264 and AAC in MP4) in `folder`.

    Both are made when they are not there yet, which takes some seconds; `progress` is told the
    share done (0..1) and what is being done. The clip's first frame is the photo.
    """
    media = SampleMedia(folder / f"lake-v{VERSION}.jpg", folder / f"lake-v{VERSION}.mp4")
    if media.photo.exists() and media.clip.exists():
        return media
    folder.mkdir(parents=True, exist_ok=True)
    progress(0.0, "painting")
    width, height = layout.PRINT_SIZE
    painted = paint_scenery(round(width * _PAINTED_LARGER), round(height * _PAINTED_LARGER))
    progress(0.2, "printing")
    _save_photo(LivingPicture.of(painted.at(width, height)).at(0.0), media.photo)
    living = LivingPicture.of(painted.at(*layout.CLIP_SIZE))
    _save_clip(living, media.clip, lambda part: progress(0.25 + 0.75 * part, "filming"))
    progress(1.0, "filmed")
    return media


def _unfinished(path: Path) -> Path:
    """Each process writes a file of its own: whoever is last leaves the whole one."""
    return path.with_suffix(f".{os.getpid()}.part")


def _save_photo(picture: Picture, path: Path) -> None:
    unfinished = _unfinished(path)
    Image.fromarray(picture).save(unfinished, "JPEG", quality=93, subsampling=0, dpi=(220, 220))
    unfinished.replace(path)


def _save_clip(living: LivingPicture, path: Path, progress: Callable[[float], None]) -> None:
    """Encode one loop; the index is put first so that a browser can start at once."""
    unfinished = _unfinished(path)
    count = SECONDS * FRAMES_PER_SECOND
    options = {"movflags": "+faststart"}
    with av.open(str(unfinished), "w", format="mp4", options=options) as container:
        video = _add_video_stream(container)
        sound = container.add_stream("aac", rate=RATE, layout="stereo", bit_rate=96_000)
        for number, picture in enumerate(_pictures(living, count)):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame = frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)
            frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_SECOND)
            container.mux(video.encode(frame))
            progress((number + 1) / count)
        container.mux(video.encode(None))
        samples = av.AudioFrame.from_ndarray(loop_of_sound(SECONDS), format="fltp", layout="stereo")
        samples.sample_rate, samples.pts = RATE, 0
        container.mux(sound.encode(samples))
        container.mux(sound.encode(None))
    unfinished.replace(path)


def _add_video_stream(container: av.container.OutputContainer) -> av.VideoStream:
    stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND)
    stream.width, stream.height = layout.CLIP_SIZE
    stream.pix_fmt = "yuv420p"
    stream.options = {"crf": "21", "preset": "veryfast", "profile": "main", "g": "48"}
    stream.codec_context.color_primaries = _BT709
    stream.codec_context.color_trc = _BT709
    stream.codec_context.colorspace = _BT709
    stream.codec_context.color_range = _LIMITED_RANGE
    return stream


def _pictures(living: LivingPicture, count: int) -> Iterator[Picture]:
    """Every picture of the loop in order, painted on all cores a little ahead of the encoder."""
    ahead = max(2, min(4, os.cpu_count() or 1))
    moments = np.arange(count) / count
    with ThreadPoolExecutor(ahead) as painters:
        waiting = [painters.submit(living.at, float(moment)) for moment in moments[: 2 * ahead]]
        for moment in [*moments[2 * ahead :], *([None] * min(2 * ahead, count))]:
            yield waiting.pop(0).result()
            if moment is not None:
                waiting.append(painters.submit(living.at, float(moment)))
