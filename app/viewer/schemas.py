"""The manifest: everything the viewer page needs to start, in one piece."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel


class ManifestTexts(BaseModel):
    """The company's own words, in the visitor's language; null where the viewer's own stand."""

    title: str | None = None
    hint: str | None = None
    call_label: str | None = None
    call_url: str | None = None


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


class ManifestVideo(BaseModel):
    """What plays now."""

    url: str
    media_type: str
    width: int
    height: int
    duration_seconds: float
    has_audio: bool
    poster_url: str | None


class Manifest(BaseModel):
    """What a published content shows at this moment. `version` grows when the form changes."""

    version: Literal[1] = 1
    id: UUID
    title: str
    company: ManifestCompany
    target: ManifestTarget
    image: ManifestImage
    video: ManifestVideo
    language: Literal["en", "ru"] | None
