"""What AR content looks like from outside."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.ar_content import examples
from app.core.moments import Moment
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

    version: int
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


class TargetVersion(Target):
    """One of the targets a content has had; at most one is in use."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.TARGET_VERSION]})

    is_in_use: bool
    image: Image
    created_at: datetime


class TargetVersionPage(Page[TargetVersion]):
    """One page of targets, newest version first."""


class Replacement(BaseModel):
    """A new image whose target is not ready yet, or could not be made; the old one stays in use."""

    image: Image
    target: Target


class VideoStatus(StrEnum):
    """How far the file that was sent last for a video is."""

    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


class Alpha(StrEnum):
    """How a video's file holds its transparency: not, or colour at the left and mask at the right."""

    NONE = "none"
    SIDE_BY_SIDE = "side_by_side"


class VideoFailure(BaseModel):
    """Why a video could not be made ready, and what to do."""

    code: str
    detail: str


class Rendition(BaseModel):
    """The same video in a smaller file; `width` and `height` as shown, without the mask."""

    url: str
    width: int
    height: int
    bitrate: int
    size_bytes: int
    alpha: Alpha


class ChromaKey(BaseModel):
    """The colour that becomes transparent; `tolerance`, `softness` and `despill` run from 0 to 1."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"color": "#00B140", "tolerance": 0.25, "softness": 0.1, "despill": 0.5}]
        },
    )

    color: Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
    tolerance: Annotated[float, Field(ge=0.01, le=1)] = 0.25
    softness: Annotated[float, Field(ge=0, le=1)] = 0.1
    despill: Annotated[float, Field(ge=0, le=1)] = 0.5


class Video(BaseModel):
    """One thing to play on the print.

    `status` is of the file that was sent last; `url` is what plays now, null until the first one is ready.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.VIDEO]})

    id: UUID
    name: str
    status: VideoStatus
    progress: float
    failure: VideoFailure | None
    url: str | None
    poster_url: str | None
    width: int
    height: int
    duration_seconds: float
    size_bytes: int
    media_type: str
    has_audio: bool
    alpha: Alpha
    chroma_key: ChromaKey | None
    renditions: list[Rendition]
    position: int


class ArContent(BaseModel):
    """An image to recognise with the videos that appear on it.

    `ends_at` is the earlier of its own `expires_at` and its project's. A content whose end has passed is
    `expired`; moving the end before `grace_until` opens it again by itself.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.AR_CONTENT]})

    id: UUID
    public_id: UUID
    company_id: UUID
    project_id: UUID
    title: str
    status: ContentStatus
    public_url: str
    image: Image
    target: Target
    replacement: Replacement | None
    videos: list[Video]
    default_video_id: UUID | None
    published_at: datetime | None
    expires_at: datetime | None
    ends_at: datetime | None
    grace_until: datetime | None
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ArContentPage(Page[ArContent]):
    """One page of contents, newest first unless asked otherwise."""


class VideoPage(Page[Video]):
    """One page of a content's videos, in their order."""


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
    """Only the fields that are sent change; `project_id` moves the content to another project.

    `expires_at` is when its code stops to open; sent as null it is taken away.
    """

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"title": "First dance, evening"}]}
    )

    title: Title | None = None
    project_id: UUID | None = None
    default_video_id: UUID | None = None
    expires_at: Moment | None = None


# What null means as a value; anywhere else it is the same as not sent.
MAY_BE_TAKEN_AWAY = frozenset({"expires_at"})


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


class VideoUpdate(BaseModel):
    """A new name, or another file (from an upload) under the same id."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "Teaser, final cut"}]}
    )

    name: Title | None = None
    upload_id: UUID | None = None


class VideoOrder(BaseModel):
    """The ids of all the content's videos, first to last."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"video_ids": ["0199f1f5-8b21-7e40-9d22-6c3faa5f8b12"]}]},
    )

    video_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]


class ImageReplace(BaseModel):
    """The upload whose image is recognised from then on, under the same code."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"upload_id": "0199f1f5-6a10-7d3f-8c11-5b2f9d4e7a01"}]},
    )

    upload_id: UUID


class ArContentDuplicate(BaseModel):
    """How the copy is called and where it goes; by itself beside the original."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"title": "First dance, second print"}]}
    )

    title: Title | None = None
    project_id: UUID | None = None


class BulkAction(StrEnum):
    """What can be done with many contents at once."""

    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    ARCHIVE = "archive"
    RESTORE = "restore"
    MOVE = "move"
    DELETE = "delete"


class BulkRequest(BaseModel):
    """One action on up to 200 contents; `project_id` says where to move them."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"action": "publish", "ids": ["0199f1f6-1c2d-7a3b-8e4f-5a6b7c8d9e0f"]}]
        },
    )

    action: BulkAction
    ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    project_id: UUID | None = None


class BulkResult(BaseModel):
    """How it went with one content; `code` and `detail` say why it did not."""

    id: UUID
    succeeded: bool
    code: str | None = None
    detail: str | None = None


class BulkAnswer(BaseModel):
    """What became of each, in the order asked."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "succeeded": 1,
                    "failed": 0,
                    "results": [{"id": "0199f1f6-1c2d-7a3b-8e4f-5a6b7c8d9e0f", "succeeded": True}],
                }
            ]
        }
    )

    succeeded: int
    failed: int
    results: list[BulkResult]
