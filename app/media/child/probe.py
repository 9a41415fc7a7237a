"""A first look at a video: facts, poster, and a copy with the index in front if phones play it as it is."""

from typing import Any

import av

from app.media.child import colours
from app.media.child import container as opening
from app.media.child.encoder import MP4_OPTIONS
from app.media.child.layers import tells_alpha
from app.media.child.posters import POSTER_AT_SECONDS, write_poster
from app.media.child.refused import Refused
from app.media.child.transcode import WHOLE_SHARE, refuse_too_long

# Every phone browser plays these; HEVC fails on most Android phones, VP9 and AV1 on older iPhones.
PLAYABLE_CONTAINERS = ("mp4", "mov")
PLAYABLE_VIDEO = ("h264",)
PLAYABLE_PIXELS = ("yuv420p", "yuvj420p")
PLAYABLE_AUDIO = ("aac",)
PLAYABLE_SIDE = 4096
PLAYABLE_PIXEL_COUNT = 4096 * 2304


def probe(job: dict[str, Any]) -> dict[str, Any]:
    """The facts; writes `poster`, and `output` (the same streams, nothing else) when phones play it.

    Raises `Refused` for what can not be shown at all.
    """
    with opening.open_container(job["source"], job["demuxer"]) as container:
        stream = opening.picture_of(container)
        facts = _facts(container, stream, job)
        facts |= _look(container, stream, job)
    if facts["playable"]:
        _copy(job, facts)
    else:
        refuse_too_long(facts["duration_seconds"], job["max_seconds"])
    return facts


def _facts(container: Any, stream: Any, job: dict[str, Any]) -> dict[str, Any]:
    sound = opening.sound_of(container)
    duration = opening.duration_of(container, stream)
    return {
        "playable": job["demuxer"] in PLAYABLE_CONTAINERS and _is_playable(container, stream),
        "duration_seconds": duration,
        "has_audio": sound is not None,
    }


def _is_playable(container: Any, stream: Any) -> bool:
    video = stream.codec_context
    sounds = [each.codec_context.name for each in container.streams.audio if each.codec_context]
    sar = stream.sample_aspect_ratio
    return (
        video.name in PLAYABLE_VIDEO
        and video.pix_fmt in PLAYABLE_PIXELS
        and max(video.width, video.height) <= PLAYABLE_SIDE
        and video.width * video.height <= PLAYABLE_PIXEL_COUNT
        and not colours.is_hdr(int(video.color_trc))
        and sounds[:1] in ([], ["aac"])
        and (not sar or sar == 1)
    )


def _look(container: Any, stream: Any, job: dict[str, Any]) -> dict[str, Any]:
    """A picture of the video half a second in, upright, as WebP; and the size as shown."""
    is_told = tells_alpha(job["source"], job["demuxer"], stream)
    chosen = None
    for _, frame in opening.frames_of(container, stream):
        chosen = frame
        if frame.time is None or frame.time >= POSTER_AT_SECONDS:
            break
    if chosen is None:
        raise Refused("empty")
    if is_told and not opening.has_alpha(chosen):
        raise Refused("alpha_layer")
    picture = chosen.to_image()
    sar = stream.sample_aspect_ratio or 1
    if sar != 1:
        picture = picture.resize((max(2, round(picture.width * sar)), picture.height))
    picture = picture.rotate(chosen.rotation, expand=True)
    width, height = picture.size
    write_poster(picture, job["poster"])
    return {"width": width, "height": height}


def _copy(job: dict[str, Any], facts: dict[str, Any]) -> None:
    if facts["duration_seconds"] <= 0:
        raise Refused("empty")
    with (
        opening.open_container(job["source"], job["demuxer"]) as source,
        av.open(job["output"], "w", "mp4", options=MP4_OPTIONS) as copy,
    ):
        seconds = copy_streams(source, copy)
    if seconds < facts["duration_seconds"] * WHOLE_SHARE:
        raise Refused("broken")


def copy_streams(source: Any, copy: Any) -> float:
    """Copy the first picture and sound streams and return the seconds of picture found.

    Nothing is encoded again. Left behind is what else a phone writes: where the video was taken, and by whom.
    """
    video = opening.picture_of(source)
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
