"""What is known of a video."""

from dataclasses import dataclass
from typing import Literal

Alpha = Literal["none", "side_by_side"]


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """Width and height are as shown: upright, in square pixels, without the mask."""

    width: int
    height: int
    duration_seconds: float
    has_audio: bool
    alpha: Alpha = "none"
