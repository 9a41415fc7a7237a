"""Videos made fit to serve: looked at in a limited child process, and accepted when phones play them.

Every phone browser plays H.264 in 8-bit 4:2:0 with AAC sound in MP4. HEVC fails on most Android phones,
VP9 and AV1 in WebM on iPhones before iOS 17.4; until ARV makes renditions itself they are refused in
words. A QuickTime file with playable streams becomes an MP4 without being encoded again.
"""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.core.errors import ArvError
from app.media import probe
from app.media.errors import VideoBroken, VideoEmpty, VideoTooLarge, VideoTypeRefused

TIMEOUT_SECONDS: Final = 90
HOW_TO_CONVERT: Final = (
    "Save it as MP4 with H.264 video and AAC sound, for example with HandBrake's preset “Fast 1080p30”. "
    "On an iPhone: Settings, Camera, Formats, Most Compatible."
)

# Media type told by the content, and the only demuxer that may open it.
DEMUXERS: Final = {"video/mp4": "mp4", "video/quicktime": "mov"}

# Two at a time: each may take two gigabytes of memory and a processor.
_places = asyncio.Semaphore(2)


@dataclass(frozen=True, slots=True)
class ServedVideo:
    """A video as it will be served: an MP4 with its index in front, and a poster."""

    path: Path
    poster_path: Path
    width: int
    height: int
    duration_seconds: float
    has_audio: bool


async def prepare_video(source: Path, media_type: str | None, folder: Path) -> ServedVideo:
    """The video made fit to serve.

    Raises `VideoTypeRefused`, `VideoBroken`, `VideoEmpty` or `VideoTooLarge`.
    """
    if media_type not in DEMUXERS:
        raise VideoTypeRefused(f"Phones do not all play this kind of file. {HOW_TO_CONVERT}")
    path = folder / f"{source.stem}.mp4"
    poster_path = folder / f"{source.stem}.webp"
    async with _places:
        facts = await _probe(source, DEMUXERS[media_type], path, poster_path)
    if "refused" in facts:
        raise _refusal(facts)
    return ServedVideo(path, poster_path, **facts)


async def _probe(source: Path, demuxer: str, path: Path, poster_path: Path) -> dict[str, Any]:
    """What the child process found. Raises `VideoBroken` when it broke down or took too long."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        probe.__file__,
        *(str(source), demuxer, str(path), str(poster_path)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=source.parent,
        env={"PATH": os.defpath, "LANG": "C.UTF-8"},
    )
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            output, _ = await child.communicate()
    except TimeoutError:
        output = b""
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0 or not output:
        raise _broken()
    facts: dict[str, Any] = json.loads(output)
    return facts


def _refusal(facts: dict[str, Any]) -> ArvError:
    match facts["refused"]:
        case "codec":
            return VideoTypeRefused(
                f"The video is coded as {facts['codec']}, which not all phones play. {HOW_TO_CONVERT}"
            )
        case "too_large":
            return VideoTooLarge(
                f"The video is {facts['width']} x {facts['height']} pixels; phones play up to 4096 x 2304. "
                "Save it smaller: 1920 x 1080 is plenty on a print."
            )
        case "empty":
            return VideoEmpty("The video has no pictures to show. Record or export it again.")
    return _broken()


def _broken() -> VideoBroken:
    return VideoBroken(
        "The video is damaged or was not sent whole. Export it again, check that it plays, and send that."
    )
