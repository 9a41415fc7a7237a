"""Writing H.264 with AAC in an MP4 whose index stands in front: what every phone plays."""

from fractions import Fraction
from typing import Any, Self

import av
from av.audio.resampler import AudioResampler

# The index in front, so that a phone starts to play before it has the whole file.
MP4_OPTIONS = {"movflags": "faststart"}
SOUND_RATE = 48_000
SOUND_BITRATE = 128_000
KEYFRAME_SECONDS = 2


class Encoder:
    """One MP4 being written."""

    def __init__(
        self, path: str, *, size: tuple[int, int], rate: Fraction, crf: int, max_bitrate: int
    ) -> None:
        self._container = av.open(path, "w", "mp4", options=MP4_OPTIONS)
        options = {
            "preset": "veryfast",
            "crf": str(crf),
            "profile": "high",
            "maxrate": str(max_bitrate),
            "bufsize": str(2 * max_bitrate),
        }
        self._video: Any = self._container.add_stream("libx264", rate=rate, options=options)
        self._video.width, self._video.height = size
        self._video.pix_fmt = "yuv420p"
        self._video.thread_count = 2
        self._video.gop_size = round(float(rate) * KEYFRAME_SECONDS)
        context = self._video.codec_context
        # BT.709 in the limited range, as the graph makes it (ITU-T H.273, tables 2 to 4).
        context.colorspace = context.color_primaries = context.color_trc = 1
        context.color_range = 1
        self._rate = rate
        self.count = 0
        self._audio: Any = None
        self._resampler: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._container.close()

    def expect_sound(self) -> None:
        """A sound track, to be fed by `write_sound`; before the first picture."""
        self._audio = self._container.add_stream("aac", rate=SOUND_RATE)
        self._audio.bit_rate = SOUND_BITRATE
        self._audio.layout = "stereo"
        self._resampler = AudioResampler(format="fltp", layout="stereo", rate=SOUND_RATE)

    def copy_sound(self, template: Any) -> Any:
        """A sound track that takes packets as they are."""
        return self._container.add_stream_from_template(template)

    def mux(self, packet: Any) -> None:
        self._container.mux(packet)

    def write_picture(self, frame: Any) -> None:
        """The next picture; the rate is steady, so its time follows from its number."""
        frame.pts, frame.time_base = self.count, 1 / self._rate
        frame.pict_type = 0
        self.count += 1
        self._container.mux(self._video.encode(frame))

    def write_sound(self, frame: Any) -> None:
        for resampled in self._resampler.resample(frame):
            self._container.mux(self._audio.encode(resampled))

    def finish(self) -> float:
        """Write what is still held back and return the seconds of picture."""
        self._container.mux(self._video.encode())
        if self._audio is not None:
            for resampled in self._resampler.resample(None):
                self._container.mux(self._audio.encode(resampled))
            self._container.mux(self._audio.encode())
        return float(self.count / self._rate)
