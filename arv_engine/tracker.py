"""Following targets through the frames of a camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from arv_engine.compiler import target_error
from arv_engine.errors import EngineError, FrameError, ImageError
from arv_engine.images import grey_of
from arv_engine.wasm import MAX_TRACKED, Instance, Result, structure
from arv_engine.wasm import Pose as PoseStructure

FORMAT_GREY = 0
OPTION_SMOOTHING = 0
OPTION_MAX_TRACKED = 1
OPTION_FOCAL = 2


@dataclass(frozen=True)
class TargetState:
    """Where a target is in one frame.

    `corners`: float64 (4, 2), x and y of the picture's top-left, top-right, bottom-right and
    bottom-left corner in frame pixels; (0, 0) is the centre of the top-left pixel. `homography`:
    float64 (3, 3), pixels of the compiled picture to frame pixels. `confidence`: 0 to 1.
    """

    target: int
    state: Literal["detected", "tracked"]
    confidence: float
    corners: npt.NDArray[np.float64]
    homography: npt.NDArray[np.float64]


@dataclass(frozen=True)
class TargetPose:
    """Where a target stands before the camera: a point X of the target is at `rotation @ X + translation`.

    The camera looks along +z, x to the right, y down. The target lies in z = 0 with its centre at
    the origin, x to its right and y to its bottom edge; one unit is its width, z points into the print.
    `rotation`: float64 (3, 3). `translation`: float64 (3,), target widths. `focal_px`: focal length in
    frame pixels. `certainty` of it: 0 is the assumption of 60 degrees across the longer side, 1 is
    known and stays.
    """

    rotation: npt.NDArray[np.float64]
    translation: npt.NDArray[np.float64]
    focal_px: float
    certainty: float


class Tracker:
    """Finds and follows targets in frames of one size. For one thread at a time."""

    def __init__(
        self,
        targets: Sequence[bytes],
        width: int,
        height: int,
        *,
        smoothing: bool = True,
        max_tracked: int = MAX_TRACKED,
        focal_px: int = 0,
        plain: bool = False,
    ) -> None:
        """Loads `targets` (contents of .arvt files) for frames of width x height pixels.

        `focal_px`: the camera's focal length if known, whole frame pixels; 0 learns it from the frames.
        `plain` uses the build without SIMD: same results, slower. Raises TargetError for a broken
        file and FrameError for an impossible frame size.
        """
        self.width, self.height = width, height
        self._instance = Instance(plain=plain)
        self._tracker = self._instance.pointer(
            "arv_tracker_new", width, height, max(len(targets), 1)
        )
        if not self._tracker:
            raise FrameError(f"frames of {width} x {height} pixels can not be tracked")
        for target in targets:
            self._add(target)
        self._option(OPTION_SMOOTHING, int(smoothing))
        self._option(OPTION_MAX_TRACKED, max_tracked)
        self._option(OPTION_FOCAL, focal_px)
        self._frame = self._instance.pointer("arv_tracker_frame_grey", self._tracker)
        self._results = self._instance.pointer("arv_tracker_results", self._tracker)

    def process(
        self, frame: npt.NDArray[np.uint8], time_ms: float | None = None
    ) -> list[TargetState]:
        """The visible targets in a frame, in order of their index; empty when there are none.

        `frame`: uint8 (h, w) grey, (h, w, 3) RGB or (h, w, 4) RGBA. `time_ms`: when it was taken;
        thirty frames a second are assumed without. Raises FrameError on another size or type.
        """
        grey = self._grey(frame)
        self._instance.view(self._frame, grey.size)[:] = grey.reshape(-1)
        time = -1.0 if time_ms is None else float(time_ms)
        count = self._instance.call("arv_tracker_process", self._tracker, FORMAT_GREY, time)
        if count < 0:
            raise EngineError(f"the engine refused the frame ({count})")
        return [_state(structure(self._instance, self._results, Result, i)) for i in range(count)]

    def pose(self, target: int) -> TargetPose | None:
        """Where the target of this index stood in the last frame; None when it was not seen there."""
        address = self._instance.pointer("arv_tracker_pose", self._tracker, target)
        if not address:
            return None
        pose = structure(self._instance, address, PoseStructure)
        return TargetPose(
            rotation=np.array(pose.rotation, dtype=np.float64).reshape(3, 3),
            translation=np.array(pose.translation, dtype=np.float64),
            focal_px=float(pose.focal),
            certainty=float(pose.certainty),
        )

    def reset(self) -> None:
        """Forgets where targets were and what was learnt of the camera; targets stay loaded."""
        self._instance.call("arv_tracker_reset", self._tracker)

    def memory_used(self) -> int:
        """Bytes allocated inside the engine."""
        return self._instance.memory_used()

    def _add(self, target: bytes) -> None:
        address = self._instance.store(target)
        index = self._instance.call("arv_tracker_add", self._tracker, address, len(target))
        self._instance.free(address)
        if index < 0:
            raise target_error(index)

    def _option(self, option: int, value: int) -> None:
        if self._instance.call("arv_tracker_option", self._tracker, option, value):
            raise EngineError(f"option {option} can not be {value}")

    def _grey(self, frame: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        try:
            grey = grey_of(frame)
        except ImageError as error:
            raise FrameError(str(error)) from error
        if grey.shape != (self.height, self.width):
            raise FrameError(
                f"the frame is {grey.shape[1]} x {grey.shape[0]}, the tracker {self.width} x {self.height}"
            )
        return grey


def _state(result: Result) -> TargetState:
    corners = np.array(result.corners, dtype=np.float64).reshape(4, 2)
    homography = np.array(result.homography, dtype=np.float64).reshape(3, 3)
    state: Literal["detected", "tracked"] = "detected" if result.state == 1 else "tracked"
    return TargetState(int(result.target), state, float(result.confidence), corners, homography)
