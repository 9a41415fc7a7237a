"""Videos looked at when they arrive, in a limited child process.

Every phone browser plays H.264 in 8-bit 4:2:0 with AAC sound in MP4: such a video is served as it is, its
index in front. Anything else that can be decoded is kept as a source, and a job makes it playable
(`processing.py`): HEVC fails on most Android phones, VP9 and AV1 on iPhones before iOS 17.4.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.core.config import get_settings
from app.core.errors import ArvError
from app.media.child_process import ChildFailed, run_child
from app.media.errors import VideoBroken, VideoEmpty, VideoTooLarge, VideoTooLong, VideoTypeRefused

TIMEOUT_SECONDS: Final = 90
HOW_TO_CONVERT: Final = (
    "Save it as MP4 with H.264 video and AAC sound, for example with HandBrake's preset “Fast 1080p30”. "
    "On an iPhone: Settings, Camera, Formats, Most Compatible."
)
ALPHA_LAYER: Final = (
    "The video keeps its transparency in a form ARV can not read (HEVC with alpha), and would be shown "
    "without it. Export it as Apple ProRes 4444, or as WebM with VP9 and alpha; or without transparency."
)

# Media type told by the content, and the only demuxer that may open it.
DEMUXERS: Final = {
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/x-matroska": "matroska",
    "video/x-msvideo": "avi",
}

# Two at a time: each may take two gigabytes of memory and a processor.
_places = asyncio.Semaphore(2)


@dataclass(frozen=True, slots=True)
class ReceivedVideo:
    """A video that can be shown: `path` is an MP4 to serve when `is_playable`, else the source."""

    path: Path
    poster_path: Path
    width: int
    height: int
    duration_seconds: float
    has_audio: bool
    is_playable: bool


async def prepare_video(source: Path, media_type: str | None, folder: Path) -> ReceivedVideo:
    """The video with its facts, made fit to serve where nothing need be encoded.

    Raises `VideoTypeRefused`, `VideoBroken`, `VideoEmpty`, `VideoTooLarge` or `VideoTooLong`.
    """
    if media_type not in DEMUXERS:
        raise VideoTypeRefused(f"This is not a video ARV can read. {HOW_TO_CONVERT}")
    path = folder / f"{source.stem}.mp4"
    poster_path = folder / f"{source.stem}.webp"
    try:
        async with _places:
            facts = await run_child(
                "probe",
                source=source,
                writes=[path, poster_path],
                seconds=TIMEOUT_SECONDS,
                demuxer=DEMUXERS[media_type],
                output=str(path),
                poster=str(poster_path),
                max_seconds=get_settings().uploads.max_video_seconds,
            )
    except ChildFailed as error:
        raise broken() from error
    if "refused" in facts:
        raise refusal(facts)
    playable = facts["playable"]
    return ReceivedVideo(
        path if playable else source,
        poster_path,
        facts["width"],
        facts["height"],
        facts["duration_seconds"],
        facts["has_audio"],
        playable,
    )


def refusal(facts: dict[str, Any]) -> ArvError:
    """What the child found, in words."""
    match facts["refused"]:
        case "codec" | "alpha_layer":
            return _wrong_type(facts)
        case "too_large" | "memory":
            return _too_large(facts)
        case "too_long":
            return VideoTooLong(
                f"The video is longer than the {facts['most'] / 60:.0f} minutes that are converted. "
                "Cut it, or save it as MP4 with H.264 and AAC, which need not be converted."
            )
        case "empty":
            return VideoEmpty("The video has no pictures to show. Record or export it again.")
        case "changes_size":
            return VideoBroken(
                "The pictures of the video change their size midway. Export it again in one size."
            )
    return broken()


def _wrong_type(facts: dict[str, Any]) -> VideoTypeRefused:
    if facts["refused"] == "alpha_layer":
        return VideoTypeRefused(ALPHA_LAYER)
    return VideoTypeRefused(
        f"The video is coded as {facts['codec']}, which ARV does not read. {HOW_TO_CONVERT}"
    )


def _too_large(facts: dict[str, Any]) -> VideoTooLarge:
    size = "takes more memory than ARV gives it"
    if "width" in facts:
        size = f"is {facts['width']} x {facts['height']} pixels; at most 8192 x 4352 are read"
    return VideoTooLarge(f"The video {size}. Save it smaller: 1920 x 1080 is plenty on a print.")


def broken() -> VideoBroken:
    return VideoBroken(
        "The video is damaged or was not sent whole. Export it again, check that it plays, and send that."
    )
