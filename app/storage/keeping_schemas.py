"""Moves, checks and consents as the API shows them."""

from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.core.pagination import Page

_CONNECTION: Final = "0199f1f2-5e6f-7a1b-8c2d-3e4f5a6b7c8d"
_MOVE: Final[dict[str, Any]] = {
    "id": "0199f1f8-1c2d-7e3f-9a4b-5c6d7e8f9a0b",
    "from_connection_id": "0199f1f2-5e6f-7a1b-8c2d-3e4f5a6b7c8d",
    "to_connection_id": "0199f1f3-6a7b-7c8d-8e9f-0a1b2c3d4e5f",
    "state": "running",
    "leave_missing": False,
    "files_total": 1200,
    "files_done": 480,
    "bytes_total": 9_400_000_000,
    "bytes_done": 3_700_000_000,
    "files_missing": 0,
    "failure_code": None,
    "failure_detail": None,
    "created_at": "2026-11-23T09:00:00Z",
    "finished_at": None,
    "clean_up_after": None,
    "cleaned_at": None,
}


class StorageMoveCreate(BaseModel):
    """Where the company's files shall go."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"to_connection_id": _CONNECTION}]}
    )

    to_connection_id: UUID


class StorageMoveResume(BaseModel):
    """`leave_missing`: files that are lost or damaged do not hold the others up any more."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"leave_missing": False}]}
    )

    leave_missing: bool | None = None


class StorageMove(BaseModel):
    """A move. `clean_up_after` is when the copies nobody needs any more are removed."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [_MOVE]})

    id: UUID
    from_connection_id: UUID
    to_connection_id: UUID
    state: Literal["running", "paused", "failed", "cancelled", "done"]
    leave_missing: bool
    files_total: int
    files_done: int
    bytes_total: int
    bytes_done: int
    files_missing: int
    failure_code: str | None
    failure_detail: str | None
    created_at: datetime
    finished_at: datetime | None
    clean_up_after: datetime | None
    cleaned_at: datetime | None


class StorageMovePage(Page[StorageMove]):
    """One page of moves, newest first."""


class StorageCheckCreate(BaseModel):
    """`is_deep`: every byte is read, not the sizes only."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"is_deep": False}]})

    is_deep: bool = False


class StorageCheck(BaseModel):
    """One comparison of the register with the storage.

    `missing` files are not there, `damaged` ones have another size or (deep) other bytes, `orphans` are bytes
    no row tells of. `examples` names a few of each.
    """

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "0199f1f9-2d3e-7f4a-8b5c-6d7e8f9a0b1c",
                    "state": "done",
                    "is_deep": False,
                    "files": 1200,
                    "size_bytes": 9_400_000_000,
                    "missing": 0,
                    "damaged": 0,
                    "orphans": 2,
                    "orphan_bytes": 81_920,
                    "examples": [],
                    "failure_code": None,
                    "failure_detail": None,
                    "created_at": "2026-11-22T03:30:00Z",
                    "finished_at": "2026-11-22T03:31:00Z",
                }
            ]
        },
    )

    id: UUID
    state: Literal["running", "done", "failed"]
    is_deep: bool
    files: int
    size_bytes: int
    missing: int
    damaged: int
    orphans: int
    orphan_bytes: int
    examples: list[str]
    failure_code: str | None
    failure_detail: str | None
    created_at: datetime
    finished_at: datetime | None


class StorageCheckPage(Page[StorageCheck]):
    """One page of checks, newest first."""


class YandexConnect(BaseModel):
    """A name for the new connection, or the connection whose account is connected anew."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "Our Yandex Disk"}]}
    )

    name: str = Field("Yandex Disk", min_length=1, max_length=120)
    connection_id: UUID | None = None


class YandexConsent(BaseModel):
    """Where the browser asks the account's holder; it comes back to the panel by itself."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url": "https://oauth.yandex.com/authorize?..."}]}
    )

    url: str
