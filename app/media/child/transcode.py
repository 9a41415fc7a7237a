"""Any video that can be decoded becomes H.264 with AAC; a transparent one colour and mask side by side."""

from fractions import Fraction
from typing import Any

from app.media.child import container as opening
from app.media.child import graph as graphs
from app.media.child.encoder import Encoder
from app.media.child.posters import POSTER_AT_SECONDS, write_poster
from app.media.child.progress import Progress
from app.media.child.refused import Refused

LONGEST_SIDE = 1920
# Colour and mask together stay within level 4.2, 8704 macroblocks (H.264, table A-1): any phone since 2014.
LONGEST_SIDE_WITH_ALPHA = 1280
MOST_PIXELS_WITH_ALPHA = 8704 * 256 // 2
CRF, CRF_WITH_ALPHA = 21, 20
MAX_BITRATE = 8_000_000
WHOLE_SHARE = 0.9


def transcode(job: dict[str, Any]) -> dict[str, Any]:
    """Facts of the new file at `output`; `flat` and `poster` are written too. Raises `Refused`."""
    key = graphs.Key(**job["key"]) if job.get("key") else None
    with opening.open_container(job["source"], job["demuxer"]) as container:
        stream = opening.picture_of(container)
        refuse_too_long(opening.duration_of(container, stream), job["max_seconds"])
        first = next((frame for _, frame in opening.frames_of(container, stream)), None)
    if first is None:
        raise Refused("empty")
    return Transcoding(job, first, key).run()


def refuse_too_long(seconds: float, most: float) -> None:
    if seconds > most:
        raise Refused("too_long", seconds=seconds, most=most)


class Transcoding:
    """One run: everything is decided by the first frame, then all frames flow through one graph."""

    def __init__(self, job: dict[str, Any], first: Any, key: graphs.Key | None) -> None:
        self.job = job
        self.key = key
        # What AVI files keep beside the colours is mostly nothing, and means nothing.
        own = opening.has_alpha(first) and job["demuxer"] != "avi"
        self.alpha = key is not None or own
        self.rotation = int(getattr(first, "rotation", 0) or 0)
        self.form = (first.width, first.height, first.format.name)
        self.size = (0, 0)
        self.rate = Fraction(30)
        self.flow: graphs.Flow | None = None
        self.has_sound = False

    def run(self) -> dict[str, Any]:
        with opening.open_container(self.job["source"], self.job["demuxer"]) as container:
            stream = opening.picture_of(container)
            sound = opening.sound_of(container)
            self.rate = opening.rate_of(stream)
            self.size = self._size_as_shown(stream)
            self.has_sound = sound is not None
            length = opening.duration_of(container, stream)
            progress = Progress(length or self.job["max_seconds"])
            seconds = self._write(container, stream, sound, progress)
        if seconds <= 0:
            raise Refused("empty")
        if seconds < length * WHOLE_SHARE and length > 1:
            raise Refused("broken")
        return {
            "width": self.size[0],
            "height": self.size[1],
            "duration_seconds": seconds,
            "has_audio": self.has_sound,
            "alpha": "side_by_side" if self.alpha else "none",
        }

    def _size_as_shown(self, stream: Any) -> tuple[int, int]:
        """Even width and height in square pixels, upright, no larger than phones like."""
        width, height = self.form[:2]
        sar = stream.sample_aspect_ratio or 1
        shown = width * sar
        if self.rotation % 180:
            shown, height = height, shown
        if not self.alpha:
            return fit(shown, height, LONGEST_SIDE)
        wide = fit(shown, height, LONGEST_SIDE_WITH_ALPHA)
        most = (MOST_PIXELS_WITH_ALPHA / (wide[0] * wide[1])) ** 0.5
        return wide if most >= 1 else fit(wide[0] * most, wide[1] * most, LONGEST_SIDE_WITH_ALPHA)

    def _write(self, container: Any, stream: Any, sound: Any, progress: Progress) -> float:
        width, height = self.size
        crf = CRF_WITH_ALPHA if self.alpha else CRF
        size = (2 * width, height) if self.alpha else self.size
        options: dict[str, Any] = {"rate": self.rate, "crf": crf, "max_bitrate": MAX_BITRATE}
        with Encoder(self.job["output"], size=size, **options) as main:
            outputs = [main]
            if not self.alpha:
                return self._pump(container, stream, sound, outputs, progress)
            with Encoder(self.job["flat"], size=self.size, **options) as flat:
                outputs.append(flat)
                return self._pump(container, stream, sound, outputs, progress)

    def _pump(
        self, container: Any, stream: Any, sound: Any, outputs: list[Encoder], progress: Progress
    ) -> float:
        if sound is not None:
            for output in outputs:
                output.expect_sound()
        streams = [stream] if sound is None else [stream, sound]
        for source, frame in opening.frames_of(container, *streams):
            if source is sound:
                for output in outputs:
                    output.write_sound(frame)
                continue
            at = frame.time or 0.0
            refuse_too_long(at, self.job["max_seconds"])
            self._push(frame, outputs)
            progress.tell(at)
        if self.flow is None:
            raise Refused("empty")
        self.flow.push(None)
        self._drain(outputs)
        return max(output.finish() for output in outputs)

    def _push(self, frame: Any, outputs: list[Encoder]) -> None:
        """Feed the graph, which is built for the first frame's form; what changes it midway is refused."""
        if self.flow is None:
            self.flow = self._build(frame)
        if (frame.width, frame.height, frame.format.name) != self.form:
            raise Refused("changes_size")
        self.flow.push(frame)
        self._drain(outputs)

    def _build(self, frame: Any) -> graphs.Flow:
        if self.alpha:
            return graphs.side_by_side(
                frame, rotation=self.rotation, size=self.size, rate=self.rate, key=self.key
            )
        return graphs.plain(frame, rotation=self.rotation, size=self.size, rate=self.rate)

    def _drain(self, outputs: list[Encoder]) -> None:
        assert self.flow is not None
        for sink, output in zip(self.flow.sinks, outputs, strict=True):
            for frame in self.flow.pulled(sink):
                if output is outputs[-1]:
                    self._consider_poster(frame, output.count)
                output.write_picture(frame)

    def _consider_poster(self, frame: Any, number: int) -> None:
        """The first picture, and a better one half a second in."""
        if number in (0, round(self.rate * POSTER_AT_SECONDS)):
            write_poster(frame.to_image(), self.job["poster"])


def fit(width: float, height: float, longest: int) -> tuple[int, int]:
    """The same shape with even sides, none longer than `longest`; never larger than it was."""
    scale = min(1.0, longest / max(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)
