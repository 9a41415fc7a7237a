"""What AR content looks like from outside."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.core.pagination import Page

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class ContentStatus(StrEnum):
    """Who can see the content through its printed code."""

    DRAFT = "draft"
    PUBLISHED = "published"
    EXPIRED = "expired"


class TargetStatus(StrEnum):
    """How far the recognition data of an image is."""

    QUEUED = "queued"
    COMPILING = "compiling"
    READY = "ready"
    FAILED = "failed"


class Image(BaseModel):
    """The picture to recognise, as it is served: upright, sRGB, without EXIF."""

    url: str
    thumbnail_url: str
    width: int
    height: int
    size_bytes: int


class TargetFailure(BaseModel):
    """Why a target could not be made, and what to do."""

    code: str
    detail: str


class Target(BaseModel):
    """The compiled recognition data of the image; `progress` runs from 0 to 1."""

    status: TargetStatus
    progress: float
    stage: str | None
    score: float | None
    features: int | None
    patches: int | None
    size_bytes: int | None
    seconds: float | None
    url: str | None
    report: dict[str, object] | None
    failure: TargetFailure | None


class Video(BaseModel):
    """One thing to play on the print."""

    id: UUID
    name: str
    url: str
    poster_url: str | None
    width: int
    height: int
    duration_seconds: float
    size_bytes: int
    media_type: str
    has_audio: bool
    position: int


class ArContent(BaseModel):
    """An image to recognise with the videos that appear on it."""

    id: UUID
    public_id: UUID
    company_id: UUID
    project_id: UUID
    title: str
    status: ContentStatus
    public_url: str
    image: Image
    target: Target
    videos: list[Video]
    default_video_id: UUID | None
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ArContentPage(Page[ArContent]):
    """One page of contents, newest first."""


class ArContentCreate(BaseModel):
    """A new content from files already uploaded."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "First dance",
                    "image_upload_id": "0199f1f5-6a10-7d3f-8c11-5b2f9d4e7a01",
                    "video_upload_id": "0199f1f5-8b21-7e40-9d22-6c3faa5f8b12",
                }
            ]
        },
    )

    title: Title
    image_upload_id: UUID
    video_upload_id: UUID | None = None


class ArContentUpdate(BaseModel):
    """Only the fields that are sent change."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"title": "First dance, evening"}]}
    )

    title: Title | None = None
    default_video_id: UUID | None = None


class VideoCreate(BaseModel):
    """A video to add, from an upload; without a name the file's name is used."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"upload_id": "0199f1f5-8b21-7e40-9d22-6c3faa5f8b12", "name": "Teaser"}]
        },
    )

    upload_id: UUID
    name: Title | None = None
