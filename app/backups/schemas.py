"""Backups as the operator sees them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from app.core.pagination import Page

_BACKUP: JsonDict = {
    "id": "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b",
    "kind": "scheduled",
    "state": "done",
    "created_at": "2026-11-23T02:30:00Z",
    "started_at": "2026-11-23T02:30:04Z",
    "finished_at": "2026-11-23T02:31:10Z",
    "verified_at": None,
    "database_bytes": 734003200,
    "rows": 1250000,
    "files": 10000,
    "files_bytes": 2147483648,
    "places": 2,
    "error": None,
}

_CHECK: JsonDict = {
    "id": "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c",
    "backup_id": "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b",
    "state": "done",
    "created_at": "2026-11-22T04:30:00Z",
    "finished_at": "2026-11-22T04:33:20Z",
    "tables": 56,
    "rows": 1250000,
    "files": 10000,
    "error": None,
}
_OVERVIEW: JsonDict = {
    "is_set_up": True,
    "second_place": True,
    "last_success_at": "2026-11-23T02:30:04Z",
    "last_verified_at": "2026-11-22T04:33:20Z",
    "elsewhere_files": 0,
    "checks": [_CHECK],
}


class Backup(BaseModel):
    """One backup. `places` is in how many repositories it lies."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [_BACKUP]})

    id: UUID
    kind: Literal["scheduled", "manual"]
    state: Literal["ordered", "running", "done", "failed", "pruned"]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    verified_at: datetime | None
    database_bytes: int
    rows: int
    files: int
    files_bytes: int
    places: int
    error: str | None


class BackupPage(Page[Backup]):
    """One page of backups, newest first."""


class RestoreCheck(BaseModel):
    """A backup restored into a scratch place and compared, row by row and file by file."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [_CHECK]})

    id: UUID
    backup_id: UUID
    state: Literal["ordered", "running", "done", "failed"]
    created_at: datetime
    finished_at: datetime | None
    tables: int
    rows: int
    files: int
    error: str | None


class BackupOverview(BaseModel):
    """How the installation is kept. `elsewhere_files` lie in storages of the companies' own."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OVERVIEW]})

    is_set_up: bool
    second_place: bool
    last_success_at: datetime | None
    last_verified_at: datetime | None
    elsewhere_files: int
    checks: list[RestoreCheck]
