"""From a picture to a target file, and how good that target is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from arv_engine.errors import EngineError, ImageError, TargetError
from arv_engine.images import Picture, read_picture
from arv_engine.report import report_dict
from arv_engine.wasm import (
    ERROR_FORMAT,
    ERROR_MEMORY,
    ERROR_NO_TEXTURE,
    ERROR_TOO_LARGE,
    ERROR_TOO_SMALL,
    ERROR_VERSION,
    Instance,
    Report,
    TargetInfo,
    structure,
)

Source = bytes | str | Path | npt.NDArray[np.uint8]
Progress = Callable[[float, str], None]

_STAGES = ("analysing", "learning", "packing", "scoring", "done")
_LEARNING, _SCORING, _DONE = 1, 3, 4
_IMAGE_ERRORS = {
    ERROR_TOO_SMALL: (
        "too_small",
        "the picture is too small, or more than twenty times as long as wide",
    ),
    ERROR_TOO_LARGE: ("too_large", "the picture has too many pixels"),
    ERROR_NO_TEXTURE: (
        "no_texture",
        (
            "there is too little detail to recognise, or all of it looks alike; choose a picture with"
            " edges, corners and contrast that does not repeat itself"
        ),
    ),
}


@dataclass(frozen=True)
class CompiledTarget:
    """A target file and what is known of it."""

    data: bytes
    width: int
    height: int
    features: int
    patches: int
    score: int
    report: dict[str, Any]
    seconds: float


def compile_target(
    image: Source,
    progress: Progress | None = None,
    *,
    on_usable: Callable[[bytes], None] | None = None,
) -> CompiledTarget:
    """The target of a picture.

    `image`: encoded file as bytes, path, or array uint8 (h, w), (h, w, 3) RGB or (h, w, 4) RGBA.
    `progress` is called some fifty times with (0.0 .. 1.0, stage); an exception it raises stops the
    work. `on_usable` is called once, after about a tenth of the time, with a target file that can be
    tracked already: nothing is learned yet, so it is found less well in hard views, and its score is
    -1. Learning may still refuse the picture, when all its parts look alike. Raises ImageError, whose
    `code` says what is wrong with the picture.
    """
    start = time.perf_counter()
    picture = read_picture(image)
    instance = Instance()
    handle = _begin(instance, picture)
    if on_usable is not None:
        _run(instance, "arv_compile", handle, progress, until=_LEARNING)
        on_usable(_file(instance, handle))
    _run(instance, "arv_compile", handle, progress)
    data = _file(instance, handle)
    report = _report(instance, "arv_compile", handle)
    seconds = round(time.perf_counter() - start, 3)
    return CompiledTarget(
        data=data,
        width=picture.width,
        height=picture.height,
        features=report["features"],
        patches=report["patches"],
        score=report["score"],
        report=report,
        seconds=seconds,
    )


def score(target: bytes, progress: Progress | None = None) -> dict[str, Any]:
    """The trackability report of a target file; raises TargetError when it is not one."""
    target_info(target)
    instance = Instance()
    with _stored(instance, target) as address:
        handle = instance.call("arv_score_begin", address, len(target))
    if handle < 0:
        raise target_error(handle)
    _run(instance, "arv_score", handle, progress)
    return _report(instance, "arv_score", handle)


def target_info(target: bytes) -> dict[str, int]:
    """Version, width, height, features, patches and score of a target file; raises TargetError."""
    instance = Instance()
    empty = np.zeros(32, dtype=np.uint8)
    with _stored(instance, target) as address, _stored(instance, empty) as out:
        error = instance.call("arv_target_info", address, len(target), out)
        if error:
            raise target_error(error)
        info = structure(instance, out, TargetInfo)
    return {field[0]: int(getattr(info, field[0])) for field in TargetInfo._fields_}


def target_error(code: int) -> EngineError:
    """The exception for an engine error about a target file."""
    if code == ERROR_VERSION:
        return TargetError("this target was made by a newer engine; update ARV")
    if code == ERROR_FORMAT:
        return TargetError("this is not a target file, or it is damaged")
    if code == ERROR_MEMORY:
        return EngineError("the engine's memory is exhausted")
    return EngineError(f"the engine refused the target ({code})")


@contextmanager
def _stored(instance: Instance, content: bytes | npt.NDArray[np.uint8]) -> Iterator[int]:
    address = instance.store(content)
    try:
        yield address
    finally:
        instance.free(address)


def _begin(instance: Instance, picture: Picture) -> int:
    height, width = picture.grey.shape
    with _stored(instance, picture.grey) as address:
        handle = instance.call(
            "arv_compile_begin", address, width, height, picture.width, picture.height
        )
    if handle < 0:
        raise _image_error(handle)
    return handle


def _image_error(code: int) -> EngineError:
    if code in _IMAGE_ERRORS:
        return ImageError(*_IMAGE_ERRORS[code])
    return EngineError(f"the engine refused the picture ({code})")


def _run(
    instance: Instance, kind: str, handle: int, progress: Progress | None, *, until: int = _DONE
) -> None:
    """Steps until stage `until` begins. The GIL is free during each step."""
    done, stage = 0, 0
    while done < 1000 and stage < until:
        done = instance.call(f"{kind}_step", handle)
        if done < 0:
            raise _image_error(done)
        stage = instance.call("arv_compile_stage", handle) if kind == "arv_compile" else _SCORING
        if progress is not None:
            progress(done / 1000, _STAGES[max(0, min(stage, _DONE))])


def _file(instance: Instance, handle: int) -> bytes:
    """The target file as it is now."""
    return instance.read(
        instance.pointer("arv_compile_data", handle), instance.pointer("arv_compile_size", handle)
    )


def _report(instance: Instance, kind: str, handle: int) -> dict[str, Any]:
    address = instance.pointer(f"{kind}_report", handle)
    return report_dict(structure(instance, address, Report))
