"""The same video in smaller files, for slow lines."""

from contextlib import ExitStack
from fractions import Fraction
from typing import Any

from app.media.child import container as opening
from app.media.child import graph as graphs
from app.media.child.encoder import Encoder
from app.media.child.progress import Progress
from app.media.child.transcode import fit, refuse_too_long

CRF = 25


def renditions(job: dict[str, Any]) -> dict[str, Any]:
    """Write each of `wanted` ({output, longest_side, max_bitrate}), all in one pass over the source.

    `source` is a file ARV made or copied, an MP4. With `doubled` each half is scaled to an even width, so
    that the seam between colour and mask stays in the middle.
    """
    with opening.open_container(job["source"], "mp4") as container, ExitStack() as open_files:
        stream = opening.picture_of(container)
        refuse_too_long(opening.duration_of(container, stream), job["max_seconds"])
        rate = min(opening.rate_of(stream), Fraction(30))
        outputs: list[_Output] = []
        first_sound = opening.sound_of(container)
        progress = Progress(opening.duration_of(container, stream))
        streams = [stream] if first_sound is None else [stream, first_sound]
        for source, frame in opening.frames_of(container, *streams):
            if not outputs and source is stream:
                outputs = [_Output(job, each, frame, rate, open_files) for each in job["wanted"]]
                if first_sound is not None:
                    for output in outputs:
                        output.file.expect_sound()
            for output in outputs:
                output.take(frame, is_picture=source is stream)
            if source is stream:
                progress.tell(frame.time or 0.0)
        made = [output.finish() for output in outputs]
    return {"made": made}


class _Output:
    """One smaller file."""

    def __init__(
        self,
        job: dict[str, Any],
        wanted: dict[str, Any],
        frame: Any,
        rate: Fraction,
        files: ExitStack,
    ) -> None:
        rotation = int(getattr(frame, "rotation", 0) or 0)
        width, height = frame.width, frame.height
        if rotation % 180:
            width, height = height, width
        shown = fit(width // 2 if job["doubled"] else width, height, wanted["longest_side"])
        self.shown = shown
        size = (2 * shown[0], shown[1]) if job["doubled"] else shown
        self.flow = graphs.plain(frame, rotation=rotation, size=size, rate=rate)
        self.file = files.enter_context(
            Encoder(
                wanted["output"], size=size, rate=rate, crf=CRF, max_bitrate=wanted["max_bitrate"]
            )
        )

    def take(self, frame: Any, *, is_picture: bool) -> None:
        if not is_picture:
            self.file.write_sound(frame)
            return
        self.flow.push(frame)
        self._drain()

    def finish(self) -> dict[str, Any]:
        self.flow.push(None)
        self._drain()
        seconds = self.file.finish()
        return {"width": self.shown[0], "height": self.shown[1], "seconds": seconds}

    def _drain(self) -> None:
        for frame in self.flow.pulled(self.flow.sinks[0]):
            self.file.write_picture(frame)
