"""The manifest: everything the viewer page needs to start, in one piece."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class ManifestTexts(BaseModel):
    """The company's own words, in the visitor's language; null where the viewer's own stand."""

    title: str | None = None
    hint: str | None = None


class ManifestCall(BaseModel):
    """What a visitor may do next, as a button."""

    label: str
    url: str


class ManifestCompany(BaseModel):
    """Whose print it is, and its look. Colours that are null are the viewer's own."""

    name: str
    accent_color: str | None
    background_color: str | None = None
    ink_color: str | None = None
    logo_url: str | None
    logo_width: int | None = None
    logo_height: int | None = None
    texts: ManifestTexts = ManifestTexts()


class ManifestTarget(BaseModel):
    """The recognition data; width and height are those of the image it was compiled from."""

    url: str
    size_bytes: int
    width: int
    height: int


class ManifestImage(BaseModel):
    """The picture to look for, shown as a hint."""

    url: str
    thumbnail_url: str
    width: int
    height: int


class ManifestRendition(BaseModel):
    """The same video in a smaller file. One whose `alpha` differs is for players that know no masks."""

    url: str
    width: int
    height: int
    bitrate: int
    size_bytes: int
    alpha: Literal["none", "side_by_side"]


class ManifestVideo(BaseModel):
    """What plays now.

    With `alpha` the file is twice as wide as said: colour, multiplied by alpha, at the left; alpha at the
    right.
    """

    url: str
    media_type: str
    width: int
    height: int
    duration_seconds: float
    has_audio: bool
    poster_url: str | None
    alpha: Literal["none", "side_by_side"] = "none"
    renditions: list[ManifestRendition] = []


class ManifestSequence(BaseModel):
    """Videos of which each view of one visitor shows the next.

    The visitor's own browser counts the views; we are told nothing. `at_end` says what follows the last.
    """

    videos: list[ManifestVideo]
    at_end: Literal["again", "stay"]


class Manifest(BaseModel):
    """What a published content shows at this moment. `version` grows when the form changes.

    `video` is right until `valid_until`; null: nothing is known to change. With a `sequence` it is the
    first view's.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "version": 1,
                    "id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
                    "title": "First dance",
                    "company": {
                        "name": "North Light Studio",
                        "accent_color": "#FF5B3A",
                        "logo_url": None,
                    },
                    "target": {
                        "url": "/storage/north-light/markers/77/77ab.arvt",
                        "size_bytes": 96240,
                        "width": 1280,
                        "height": 853,
                    },
                    "image": {
                        "url": "/storage/north-light/portraits/3f/3f5a.jpg",
                        "thumbnail_url": "/storage/north-light/thumbnails/9c/9c01.webp",
                        "width": 1280,
                        "height": 853,
                    },
                    "video": {
                        "url": "/storage/north-light/videos/b1/b1c2.mp4",
                        "media_type": "video/mp4",
                        "width": 1920,
                        "height": 1080,
                        "duration_seconds": 24.5,
                        "has_audio": True,
                        "poster_url": "/storage/north-light/thumbnails/aa/aa10.webp",
                        "alpha": "none",
                        "renditions": [],
                    },
                    "language": None,
                }
            ]
        }
    )

    version: Literal[1] = 1
    id: UUID
    title: str
    company: ManifestCompany
    target: ManifestTarget
    image: ManifestImage
    video: ManifestVideo
    sequence: ManifestSequence | None = None
    valid_until: datetime | None = None
    language: Literal["en", "ru"] | None
    call_to_action: ManifestCall | None = None
