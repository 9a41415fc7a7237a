"""Exports from outside."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.core.pagination import Page
from app.exports.models import ExportState


class Export(BaseModel):
    """One export. `progress` is 0 to 1; a ready one can be downloaded until `expires_at`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0199f1f5-6a10-7d3f-8c11-5b2f9d4e7a01",
                    "state": "ready",
                    "progress": 1.0,
                    "stage": None,
                    "counts": {"ar_contents": 12, "files": 60, "missing": 0},
                    "size_bytes": 482133000,
                    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    "failure_code": None,
                    "created_at": "2026-11-23T09:00:00Z",
                    "finished_at": "2026-11-23T09:04:00Z",
                    "expires_at": "2026-11-30T09:04:00Z",
                }
            ]
        }
    )

    id: UUID
    state: ExportState
    progress: float
    stage: str | None
    counts: dict[str, int] | None
    size_bytes: int | None
    sha256: str | None
    failure_code: str | None
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None


class ExportPage(Page[Export]):
    """One page of exports."""
