"""What can go wrong, as a tree.

EngineError
├── ImageError    the picture to compile: `code` says what is wrong with it
├── TargetError   a target file that is not one, is broken, or comes from a newer engine
└── FrameError    a camera frame of the wrong shape or type, or a frame file that can not be read
"""

from __future__ import annotations


class EngineError(Exception):
    """Anything the engine refuses."""


class ImageError(EngineError):
    """The picture can not become a target.

    `code` is one of: not_an_image, too_large, too_small, no_texture.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class TargetError(EngineError):
    """The target file can not be used."""


class FrameError(EngineError):
    """The frame can not be tracked."""
