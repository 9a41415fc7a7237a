"""What a storage connection looks like from outside: never its secrets."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.core.pagination import Page


class StorageKind(StrEnum):
    """Where the bytes are."""

    LOCAL = "local"
    S3 = "s3"
    YANDEX_DISK = "yandex_disk"


class StorageConnection(BaseModel):
    """A place for files; `is_shared` ones belong to the installation and serve every company."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0199f1f2-5e6f-7a1b-8c2d-3e4f5a6b7c8d",
                    "name": "Local disk",
                    "kind": "local",
                    "is_default": True,
                    "is_shared": True,
                    "created_at": "2026-11-23T09:00:00Z",
                }
            ]
        }
    )

    id: UUID
    name: str
    kind: StorageKind
    is_default: bool
    is_shared: bool
    created_at: datetime


class StorageConnectionPage(Page[StorageConnection]):
    """One page of storage connections, newest first."""


class StorageTest(BaseModel):
    """Whether a file could be written, read back and removed, and how long that took."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"works": True, "detail": "", "milliseconds": 3.2}]}
    )

    works: bool
    detail: str
    milliseconds: float
