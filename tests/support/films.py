"""Videos of every kind, made on the spot: codecs, alpha, odd shapes and rates."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

WIDTH, HEIGHT = 320, 240
RED = (200, 40, 40)
GREEN = (0, 177, 64)


def film(
    path: Path,
    codec: str,
    pixels: str,
    *,
    frames: int = 15,
    rate: Fraction | int = 30,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    options: dict[str, str] | None = None,
    picture: Pixels | None = None,
    sound: str | None = None,
    rotation: int = 0,
    sample_aspect: Fraction | None = None,
    noisy: bool = False,
    **metadata: str,
) -> Path:
    """Write a film and return its path; a moving bar, or `picture` (RGBA, h x w x 4) all along."""
    with av.open(str(path), "w") as container:
        video: Any = container.add_stream(codec, rate=rate, options=options or {})
        video.width, video.height, video.pix_fmt = *size, pixels
        if sample_aspect:
            video.codec_context.sample_aspect_ratio = sample_aspect
        video.metadata.update(metadata)
        if rotation:
            video.set_display_rotation(rotation)
        audio: Any = container.add_stream(sound, rate=48_000) if sound else None
        for number in range(frames):
            shown = picture if picture is not None else _bar(size, number, noisy=noisy)
            frame = av.VideoFrame.from_ndarray(shown, format="rgba").reformat(format=pixels)
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if audio is not None:
            _write_tone(container, audio, frames / float(rate))
    return path


def _bar(size: tuple[int, int], number: int, *, noisy: bool) -> Pixels:
    width, height = size
    shown = np.full((height, width, 4), 255, np.uint8)
    shown[..., :3] = 40
    shown[:, (number * 8) % width :, :3] = (255, 90, 60)
    if noisy:
        shown[..., :3] = np.random.default_rng(number).integers(0, 256, (height, width, 3))
    return shown


def _write_tone(container: Any, audio: Any, seconds: float) -> None:
    size = audio.codec_context.frame_size or 1024
    for number in range(max(1, round(seconds * 48_000 / size))):
        count = (np.arange(size) + number * size) / 48_000
        wave = (0.2 * np.sin(2 * np.pi * 440 * count)).astype(np.float32)
        kind = audio.codec_context.format.name
        samples = np.stack([wave, wave]) if kind == "fltp" else np.repeat(wave * 32767, 2)[None]
        data: Any = samples if kind == "fltp" else samples.astype(np.int16)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(data), kind, "stereo")
        frame.sample_rate, frame.pts = 48_000, number * size
        container.mux(audio.encode(frame))
    container.mux(audio.encode())


def cut_out() -> Pixels:
    """A red square on nothing, and a corner that is half there."""
    shown = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    shown[..., :3] = RED
    shown[60:180, 80:240, 3] = 255
    shown[:60, :80, 3] = 128
    return shown


def green_screen() -> Pixels:
    """A red square before green cloth."""
    shown = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    shown[..., :3] = GREEN
    shown[60:180, 80:240, :3] = RED
    return shown


def vp9_with_alpha(path: Path) -> Path:
    """WebM as browsers and editors write it: the mask beside each packet."""
    options = {"auto-alt-ref": "0", "deadline": "realtime", "cpu-used": "8"}
    return film(path, "libvpx-vp9", "yuva420p", options=options, picture=cut_out(), alpha_mode="1")


def prores_with_alpha(path: Path) -> Path:
    options = {"profile": "4444"}
    return film(path, "prores_ks", "yuva444p10le", options=options, picture=cut_out())


def frames_of(path: Path) -> list[Pixels]:
    """Every picture, RGB."""
    with av.open(str(path)) as container:
        found = container.decode(video=0)
        return [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in found]
