"""Making a video playable, and its smaller renditions, in a limited child process, with progress."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.core.config import get_settings
from app.core.errors import ArvError
from app.media.child_process import GIGABYTE, ChildFailed, OnProgress, run_child
from app.media.errors import VideoTooSlow
from app.media.facts import VideoFacts
from app.media.videos import DEMUXERS, broken, refusal

TRANSCODE_SECONDS: Final = 1500
RENDITION_SECONDS: Final = 900
PREVIEW_SECONDS: Final = 30
MEMORY_BYTES: Final = 3 * GIGABYTE


@dataclass(frozen=True, slots=True)
class Line:
    """A rendition for lines of some speed: how long its long side is, how many bits a second at most."""

    longest_side: int
    max_bitrate: int


LINES: Final = (Line(960, 1_200_000), Line(640, 550_000))
# Smaller than this share of the larger file, or not worth keeping.
WORTHWHILE_SHARE: Final = 0.75


@dataclass(frozen=True, slots=True)
class ProcessedVideo:
    """What was made of a source; `flat_path` shows a transparent one on white paper."""

    facts: VideoFacts
    path: Path
    poster_path: Path
    flat_path: Path | None


@dataclass(frozen=True, slots=True)
class MadeRendition:
    """A smaller file."""

    path: Path
    width: int
    height: int
    bitrate: int


async def process_video(
    source: Path,
    media_type: str,
    folder: Path,
    *,
    chroma_key: dict[str, Any] | None,
    on_progress: OnProgress,
) -> ProcessedVideo:
    """H.264 with AAC. Raises what `app.media.errors` lists for videos, in words for who sent it."""
    path, flat, poster = (folder / f"{source.stem}.{kind}" for kind in ("main", "flat", "poster"))
    facts = await _run(
        "transcode",
        source,
        [path, flat, poster],
        TRANSCODE_SECONDS,
        on_progress,
        demuxer=DEMUXERS[media_type],
        output=str(path),
        flat=str(flat),
        poster=str(poster),
        key=chroma_key,
        max_seconds=get_settings().uploads.max_video_seconds,
    )
    made = VideoFacts(
        width=facts["width"],
        height=facts["height"],
        duration_seconds=facts["duration_seconds"],
        has_audio=facts["has_audio"],
        alpha=facts["alpha"],
    )
    return ProcessedVideo(made, path, poster, flat if made.alpha == "side_by_side" else None)


async def make_renditions(
    source: Path, facts: VideoFacts, folder: Path, *, on_progress: OnProgress
) -> list[MadeRendition]:
    """The smaller files worth having; none for a video that is small itself, or too long."""
    lines = lines_for(facts, source.stat().st_size)
    if not lines or facts.duration_seconds > get_settings().uploads.max_video_seconds:
        return []
    paths = [folder / f"{source.stem}.r{line.longest_side}" for line in lines]
    answer = await _run(
        "renditions",
        source,
        paths,
        RENDITION_SECONDS,
        on_progress,
        doubled=facts.alpha == "side_by_side",
        wanted=[
            {
                "output": str(path),
                "longest_side": line.longest_side,
                "max_bitrate": line.max_bitrate,
            }
            for path, line in zip(paths, lines, strict=True)
        ],
        max_seconds=2 * get_settings().uploads.max_video_seconds,
    )
    return _worthwhile(source.stat().st_size, paths, answer["made"])


def lines_for(facts: VideoFacts, size_bytes: int) -> list[Line]:
    """The lines the file itself is too heavy for."""
    bitrate = size_bytes * 8 / max(facts.duration_seconds, 0.1)
    return [line for line in LINES if bitrate * WORTHWHILE_SHARE > line.max_bitrate]


def _worthwhile(size: int, paths: list[Path], made: list[dict[str, Any]]) -> list[MadeRendition]:
    """Each at least a quarter smaller than the file before it."""
    kept = []
    for path, facts in zip(paths, made, strict=True):
        smaller = path.stat().st_size
        if smaller <= size * WORTHWHILE_SHARE:
            bitrate = round(smaller * 8 / max(facts["seconds"], 0.1))
            kept.append(MadeRendition(path, facts["width"], facts["height"], bitrate))
            size = smaller
    return kept


async def preview_key(
    source: Path,
    media_type: str,
    output: Path,
    *,
    at_seconds: float,
    chroma_key: dict[str, Any] | None,
) -> None:
    """Write one frame to `output`, a WebP with alpha where the key takes the colour out."""
    await _run(
        "preview",
        source,
        [output],
        PREVIEW_SECONDS,
        None,
        demuxer=DEMUXERS[media_type],
        output=str(output),
        at_seconds=at_seconds,
        key=chroma_key,
    )


async def _run(
    task: str,
    source: Path,
    writes: list[Path],
    seconds: float,
    on_progress: OnProgress | None,
    **job: Any,
) -> dict[str, Any]:
    try:
        facts = await run_child(
            task,
            source=source,
            writes=writes,
            seconds=seconds,
            memory_bytes=MEMORY_BYTES,
            on_progress=on_progress,
            **job,
        )
    except ChildFailed as error:
        raise _too_slow() if error.timed_out else broken() from error
    if "refused" in facts:
        raise refusal(facts)
    return facts


def _too_slow() -> ArvError:
    return VideoTooSlow(
        "Converting the video took longer than ARV allows. Save it as 1920 x 1080 or smaller, or shorter."
    )
