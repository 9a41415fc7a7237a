"""The ARV recognition engine for Python: makes targets of pictures and follows them in frames.

>>> target = compile_target("poster.jpg")                          # doctest: +SKIP
>>> tracker = Tracker([target.data], width=640, height=480)        # doctest: +SKIP
>>> for state in tracker.process(frame): print(state.corners)      # doctest: +SKIP
"""

from arv_engine.compiler import CompiledTarget, compile_target, score, target_info
from arv_engine.errors import EngineError, FrameError, ImageError, TargetError
from arv_engine.tracker import TargetPose, TargetState, Tracker

__all__ = [
    "CompiledTarget",
    "EngineError",
    "FrameError",
    "ImageError",
    "TargetError",
    "TargetPose",
    "TargetState",
    "Tracker",
    "compile_target",
    "score",
    "target_info",
]
