"""Opening a stranger's video: only the container its first bytes told, only local bytes, known decoders."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av

from app.media.child.refused import Refused

MICROSECONDS = 1_000_000
# A playlist, an edit list of other files or a stream address is none of these, and is never followed.
OPTIONS = {
    "protocol_whitelist": "file",
    "enable_drefs": "0",
    "use_absolute_path": "0",
    "max_streams": "64",
    "probesize": str(32 * 1024**2),
    "analyzeduration": str(10 * MICROSECONDS),
}
VIDEO_CODECS = (
    *("h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "libvpx", "libvpx-vp9", "prores", "mjpeg"),
    *(
        "mpeg4",
        "mpeg2video",
        "mpeg1video",
        "h263",
        "dnxhd",
        "cfhd",
        "theora",
        "qtrle",
        "png",
        "ffv1",
    ),
    *("huffyuv", "utvideo", "dvvideo", "rawvideo", "msmpeg4v2", "msmpeg4v3", "v210"),
)
AUDIO_CODECS = (
    *(
        "aac",
        "mp3",
        "mp3float",
        "mp2",
        "mp2float",
        "opus",
        "libopus",
        "vorbis",
        "libvorbis",
        "flac",
    ),
    *("alac", "ac3", "eac3", "amrnb", "amrwb", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be"),
    *("pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_u8", "pcm_s8", "pcm_alaw"),
    *("pcm_mulaw", "adpcm_ms", "adpcm_ima_wav", "adpcm_ima_qt"),
)
SIDE_LIMIT = 8192
PIXEL_LIMIT = 8192 * 4352
FASTEST = 240
MOST_DAMAGED = 50


def open_container(path: str, demuxer: str) -> Any:
    """The container, read by this one demuxer. Raises what PyAV raises."""
    options = OPTIONS | {"format_whitelist": _names(demuxer)}
    return av.open(path, format=demuxer, options=options)


def _names(demuxer: str) -> str:
    return av.ContainerFormat(demuxer, "r").name


def picture_of(container: Any) -> Any:
    """The stream of moving pictures. Raises `Refused` when there is none, or none ARV decodes."""
    found = [each for each in container.streams.video if not _is_cover(each)]
    if not found:
        raise Refused("empty")
    stream = found[0]
    if stream.codec_context is None or stream.codec_context.name not in VIDEO_CODECS:
        name = stream.codec_context.name if stream.codec_context else "something unknown"
        raise Refused("codec", codec=name)
    width, height = stream.codec_context.width, stream.codec_context.height
    if not width or not height:
        raise Refused("empty")
    if max(width, height) > SIDE_LIMIT or width * height > PIXEL_LIMIT:
        raise Refused("too_large", width=width, height=height)
    return stream


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def sound_of(container: Any) -> Any | None:
    """The sound, if there is one that can be decoded; a video with unknown sound plays silently."""
    for stream in container.streams.audio:
        context = stream.codec_context
        if context is not None and context.name in AUDIO_CODECS and context.sample_rate:
            return stream
    return None


def duration_of(container: Any, stream: Any) -> float:
    """Seconds as the container or its pictures say; 0 when neither does."""
    if container.duration:
        return float(container.duration / MICROSECONDS)
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return 0.0


def rate_of(stream: Any) -> Fraction:
    """Pictures a second, at most 60: the rate told, else the mean, else 30."""
    for rate in (stream.average_rate, stream.guessed_rate):
        if rate and 1 <= rate <= FASTEST:
            return Fraction(min(rate, 60)).limit_denominator(1001)
    return Fraction(30)


def decoder_of(stream: Any) -> Any:
    """What decodes the stream. VP8 and VP9 keep alpha beside the picture, where only libvpx looks."""
    if has_hidden_alpha(stream):
        name = "libvpx-vp9" if stream.codec_context.name == "vp9" else "libvpx"
        return av.CodecContext.create(name, "r")
    stream.thread_type = "AUTO"
    stream.codec_context.thread_count = 2
    return stream.codec_context


def frames_of(container: Any, *streams: Any) -> Iterator[tuple[Any, Any]]:
    """(stream, frame) in the file's order, times counted from the start of the file.

    A damaged packet is left out, as players do; a file of which hardly anything decodes is broken.
    """
    decoders = {each.index: decoder_of(each) if each.type == "video" else each.codec_context
                for each in streams}  # fmt: skip
    start = (container.start_time or 0) / MICROSECONDS
    bad = good = 0
    for packet in container.demux(*streams):
        stream = packet.stream
        try:
            frames = decoders[stream.index].decode(packet if packet.size else None)
        except av.EOFError:
            continue
        except av.InvalidDataError:
            bad += 1
            if bad > MOST_DAMAGED and bad > good:
                raise Refused("broken") from None
            continue
        for frame in frames:
            good += 1
            frame.time_base = stream.time_base
            if frame.pts is not None:
                frame.pts -= round(start / float(stream.time_base))
            yield stream, frame


def has_hidden_alpha(stream: Any) -> bool:
    named = {name.lower(): value for name, value in stream.metadata.items()}
    return stream.codec_context.name in ("vp8", "vp9") and named.get("alpha_mode") == "1"


def has_alpha(frame: Any) -> bool:
    """Whether the frame's form has room for transparency."""
    name: str = frame.format.name
    return name.startswith(("yuva", "gbrap", "rgba", "bgra", "argb", "abgr", "ya"))
