"""Reading sequences of frames: a folder of numbered pictures, or a video file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

from arv_engine.errors import FrameError
from arv_engine.images import grey_of

Grey = npt.NDArray[np.uint8]

_SUFFIXES = {".png", ".jpg", ".jpeg"}
_LARGEST = 8_847_360  # pixels: ARV_FRAME_MAX_PIXELS


def read_frames(source: Path) -> Iterator[Grey]:
    """Each frame in grey, uint8 (height, width), one at a time.

    `source`: a folder of PNG or JPEG files, in the order of the number in their names, or a video
    file. Raises FrameError when there is nothing to read, a frame is broken, or frames differ in
    size.
    """
    if source.is_dir():
        frames = _folder(source)
    elif source.is_file():
        frames = _video(source)
    else:
        raise FrameError(f"{source} is neither a folder of frames nor a video file")
    shape: tuple[int, ...] | None = None
    for grey in frames:
        if shape is not None and grey.shape != shape:
            raise FrameError(f"frames of {source} differ in size")
        shape = grey.shape
        yield grey
    if shape is None:
        raise FrameError(f"{source} holds no frames")


def _number(path: Path) -> tuple[int, str]:
    digits = re.findall(r"\d+", path.stem)
    return (int(digits[-1]) if digits else -1, path.name)


def _folder(folder: Path) -> Iterator[Grey]:
    files = sorted((p for p in folder.iterdir() if p.suffix.lower() in _SUFFIXES), key=_number)
    for path in files:
        try:
            with Image.open(path) as image:
                if image.size[0] * image.size[1] > _LARGEST:
                    raise FrameError(f"frame {path.name} has too many pixels")
                grey = grey_of(np.asarray(image if image.mode == "L" else image.convert("RGB")))
        except FrameError:
            raise
        except Exception as error:
            # Pillow's decoders raise whatever their format code meets.
            raise FrameError(
                f"frame {path.name} is not a picture that can be read, or it is damaged"
            ) from error
        yield grey


def _video(path: Path) -> Iterator[Grey]:
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise FrameError(f"{path.name} holds no video")
            for frame in container.decode(container.streams.video[0]):
                yield grey_of(frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False))
    except av.FFmpegError as error:
        raise FrameError(
            f"{path.name} is not a video that can be read, or it is damaged"
        ) from error
