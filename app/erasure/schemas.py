"""Erasures from outside."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.core.pagination import Page


class Erasure(BaseModel):
    """One erasure. `report` counts the files, bytes, people and rows removed; it names nobody.

    `not_emptied` in it lists storages that did not answer, by kind and number; while it runs they are tried
    again.
    """

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "0199f1f5-6a10-7d3f-8c11-5b2f9d4e7a01",
                    "erased_company_id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b11",
                    "state": "done",
                    "report": {"files": 60, "bytes": 482133000, "people": 2, "rows.videos": 12},
                    "started_at": "2026-11-23T09:00:00Z",
                    "finished_at": "2026-11-23T09:00:12Z",
                }
            ]
        },
    )

    id: UUID
    erased_company_id: UUID
    state: Literal["running", "done"]
    report: dict[str, Any]
    started_at: datetime
    finished_at: datetime | None


class ErasurePage(Page[Erasure]):
    """One page of erasures."""
