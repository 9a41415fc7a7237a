"""Looks at one video in a process of its own: `python probe.py SOURCE FORMAT OUTPUT POSTER`.

What a stranger sends is opened here and nowhere else. Before that the process limits itself: memory,
processor time, open files. Only local files may be read, and only the container format that the first
bytes told is tried. It prints one line of JSON: the facts, or a refusal.

It imports nothing of ARV, so that it starts quickly and has nothing to give away.
"""

import json
import resource
import sys
from typing import Any

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 60
OPEN_FILES = 32
SIDE_LIMIT = 4096
PIXEL_LIMIT = 4096 * 2304
POSTER_SIDE = 960
POSTER_AT_SECONDS = 0.5
PLAYABLE_VIDEO = ("h264",)
PLAYABLE_PIXELS = ("yuv420p", "yuvj420p")
PLAYABLE_AUDIO = ("aac",)
# The index in front, so that a phone starts to play before it has the whole file.
MP4_OPTIONS = {"movflags": "faststart"}
WHOLE_SHARE = 0.9
MICROSECONDS = 1_000_000


class Refused(Exception):
    """The video is not accepted; `code` says why, the rest are facts for the words."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def main(source: str, container_format: str, output: str, poster: str) -> None:
    limit_this_process()
    try:
        facts = examine(source, container_format, output, poster)
    except Refused as refused:
        facts = {"refused": refused.code, **refused.facts}
    sys.stdout.write(json.dumps(facts) + "\n")


def limit_this_process() -> None:
    """Ceilings of the kernel; passing one ends the process, and the parent calls the file broken."""
    _lower(resource.RLIMIT_AS, MEMORY_BYTES)
    _lower(resource.RLIMIT_CPU, CPU_SECONDS)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def examine(source: str, container_format: str, output: str, poster: str) -> dict[str, Any]:
    """The facts of the video; writes `output` (the same streams, nothing else) and `poster`."""
    import av  # noqa: PLC0415  (only after the limits are set)

    def opened() -> Any:
        return av.open(source, format=container_format, options={"protocol_whitelist": "file"})

    try:
        with opened() as container:
            facts = read_facts(container)
            facts |= write_poster(container, poster)
        with opened() as container, av.open(output, "w", "mp4", options=MP4_OPTIONS) as copy:
            seconds = copy_streams(container, copy)
    except av.FFmpegError as error:
        raise Refused("broken") from error
    if seconds < facts["duration_seconds"] * WHOLE_SHARE:
        raise Refused("broken")
    return facts


def read_facts(container: Any) -> dict[str, Any]:
    """Length and sound. Raises `Refused` for what phones do not play."""
    if not container.streams.video:
        raise Refused("empty")
    video = container.streams.video[0].codec_context
    audio = container.streams.audio[0].codec_context if container.streams.audio else None
    if video.name not in PLAYABLE_VIDEO:
        raise Refused("codec", codec=video.name)
    if video.pix_fmt not in PLAYABLE_PIXELS:
        raise Refused("codec", codec=f"{video.name} {video.pix_fmt}")
    if audio is not None and audio.name not in PLAYABLE_AUDIO:
        raise Refused("codec", codec=f"{audio.name} (sound)")
    if max(video.width, video.height) > SIDE_LIMIT or video.width * video.height > PIXEL_LIMIT:
        raise Refused("too_large", width=video.width, height=video.height)
    duration = (container.duration or 0) / MICROSECONDS
    if duration <= 0 or not video.width or not video.height:
        raise Refused("empty")
    return {"duration_seconds": duration, "has_audio": audio is not None}


def write_poster(container: Any, poster: str) -> dict[str, Any]:
    """A picture of the video half a second in, upright, as WebP; and the size as shown."""
    video = container.streams.video[0]
    video.thread_type = "NONE"
    chosen = None
    for frame in container.decode(video):
        chosen = frame
        if frame.time is None or frame.time >= POSTER_AT_SECONDS:
            break
    if chosen is None:
        raise Refused("empty")
    picture = chosen.to_image().rotate(chosen.rotation, expand=True)
    width, height = picture.size
    picture.thumbnail((POSTER_SIDE, POSTER_SIDE))
    picture.save(poster, "WEBP", quality=80)
    return {"width": width, "height": height}


def copy_streams(source: Any, copy: Any) -> float:
    """Copy the first picture and sound streams and return the seconds of picture found.

    Nothing is encoded again. Left behind is what else a phone writes: where the video was taken, and by whom.
    """
    video = source.streams.video[0]
    streams = [video, *source.streams.audio[:1]]
    copies = {stream.index: copy.add_stream_from_template(stream) for stream in streams}
    end = 0.0
    for packet in source.demux(streams):
        if packet.dts is None or packet.is_corrupt:
            continue
        if packet.stream is video and packet.pts is not None:
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
        packet.stream = copies[packet.stream.index]
        copy.mux(packet)
    return end


if __name__ == "__main__":
    main(*sys.argv[1:5])
