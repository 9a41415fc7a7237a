"""What an upload looks like from outside."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.core.pagination import Page


class Purpose(StrEnum):
    """What the file is meant for, which decides the types accepted."""

    IMAGE = "image"
    VIDEO = "video"


class Upload(BaseModel):
    """A file that arrived whole, was checked, and waits to be used.

    `size_bytes` and `sha256` are of the bytes sent; `width` and `height` are as shown,
    after the orientation is applied.
    """

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "0199f1f5-6a10-7d3f-8c11-5b2f9d4e7a01",
                    "purpose": "image",
                    "filename": "portrait.jpg",
                    "media_type": "image/jpeg",
                    "size_bytes": 482133,
                    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    "width": 1280,
                    "height": 853,
                    "duration_seconds": None,
                    "has_audio": None,
                    "created_at": "2026-11-23T09:00:00Z",
                }
            ]
        },
    )

    id: UUID
    purpose: Purpose
    filename: str
    media_type: str
    size_bytes: int
    sha256: str
    width: int
    height: int
    duration_seconds: float | None
    has_audio: bool | None
    created_at: datetime


_UNFINISHED: Final[dict[str, Any]] = {
    "id": "0199f1f5-6a10-7d3f-8c11-5b2f9d4e7a02",
    "purpose": "video",
    "filename": "dance.mp4",
    "size_bytes": 73400320,
    "offset_bytes": 16777216,
    "state": "receiving",
    "upload_id": None,
    "created_at": "2026-11-23T09:00:00Z",
    "expires_at": "2026-11-24T09:00:07Z",
}


class UnfinishedUpload(BaseModel):
    """A file on its way: `offset_bytes` of `size_bytes` are on stable storage.

    `done` tells the upload made of it. `receiving` with every byte there: it is being checked, or the check
    was cut short; ask to complete it.
    """

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={"examples": [_UNFINISHED]},
    )

    id: UUID
    purpose: Purpose
    filename: str
    size_bytes: int
    offset_bytes: int
    state: Literal["receiving", "done"]
    upload_id: UUID | None
    created_at: datetime
    expires_at: datetime


class DirectWay(BaseModel):
    """Whether files may go straight into the company's object store.

    `is_open_to_pages`: also from the panel; the operator has named the store (`DIRECT_UPLOAD_ORIGINS`).
    """

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={"examples": [{"is_open": True, "is_open_to_pages": False}]},
    )

    is_open: bool
    is_open_to_pages: bool


class DirectUploadCreate(BaseModel):
    """What the object store will take: this many bytes with this SHA-256, and no others."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "purpose": "video",
                    "filename": "dance.mp4",
                    "size_bytes": 73400320,
                    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                }
            ]
        },
    )

    purpose: Purpose
    filename: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    size_bytes: Annotated[int, Field(ge=1, le=2**62)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class DirectUpload(BaseModel):
    """Where to `PUT` the file, with these headers, before the address ends; complete the upload after it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "upload": _UNFINISHED | {"offset_bytes": 0},
                    "url": "https://s3.example.com/bucket/studio/sources/9f/9f86.part?X-Amz-Signature=1",
                    "headers": {"Content-Type": "application/octet-stream"},
                    "url_expires_at": "2026-11-23T10:00:00Z",
                }
            ]
        }
    )

    upload: UnfinishedUpload
    url: str
    headers: dict[str, str]
    url_expires_at: datetime


class UploadPage(Page[Upload]):
    """One page of uploads, newest first."""
