"""The still picture of a video."""

from typing import Any

POSTER_SIDE = 960
POSTER_AT_SECONDS = 0.5


def write_poster(picture: Any, path: str) -> None:
    """`picture` (PIL) as a WebP of at most 960 pixels a side."""
    picture.thumbnail((POSTER_SIDE, POSTER_SIDE))
    picture.save(path, "WEBP", quality=80)
