"""What an import looks like from outside."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.core.pagination import Page


class ImportStatus(StrEnum):
    """How far the work is; `done` also when single rows failed, which the report tells."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class CellError(BaseModel):
    """What is wrong in which cell of the file; `value` is what stands there, when that helps.

    For `upload_not_found` it is the name of the file to send, as the table has it.
    """

    line: int
    column: str
    code: str
    detail: str
    value: str = ""


class ImportCheck(BaseModel):
    """What an import would do. Nothing was changed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "encoding": "cp1251",
                    "delimiter": ";",
                    "row_count": 120,
                    "to_create": 118,
                    "existing": 1,
                    "errors": [
                        {
                            "line": 7,
                            "column": "image",
                            "code": "upload_not_found",
                            "detail": "No image called “bride.jpg” was uploaded.",
                            "value": "bride.jpg",
                        }
                    ],
                }
            ]
        }
    )

    encoding: str
    delimiter: str
    row_count: int
    to_create: int
    existing: int
    errors: list[CellError]


class ContentImport(BaseModel):
    """A table being imported: `created`, `existing` and `failed` add up to `row_count` when it is done."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0199f1f9-3c4d-7e5f-8a6b-7c8d9e0f1a2b",
                    "project_id": "0199f1f4-2c1a-7b0e-9f52-3d5e8a7b6c10",
                    "filename": "album.csv",
                    "status": "running",
                    "row_count": 120,
                    "created": 60,
                    "existing": 1,
                    "failed": 0,
                    "progress": 0.508,
                    "created_at": "2026-11-23T09:00:00Z",
                    "finished_at": None,
                }
            ]
        }
    )

    id: UUID
    project_id: UUID
    filename: str
    status: ImportStatus
    row_count: int
    created: int
    existing: int
    failed: int
    progress: float
    created_at: datetime
    finished_at: datetime | None


class ContentImportPage(Page[ContentImport]):
    """One page of imports, newest first."""
