"""What a project looks like from outside."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.core.moments import Moment
from app.core.pagination import Page

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class Project(BaseModel):
    """A folder of work, with what is in it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0199f1f4-2c1a-7b0e-9f52-3d5e8a7b6c10",
                    "company_id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b11",
                    "name": "Wedding album, June",
                    "description": "",
                    "content_count": 12,
                    "published_count": 9,
                    "cover_url": "/storage/vertex-ar/thumbnails/3f/3f5a.webp",
                    "starts_on": "2026-06-01",
                    "ends_on": None,
                    "expires_at": None,
                    "archived_at": None,
                    "created_at": "2026-11-23T09:00:00Z",
                    "updated_at": "2026-11-23T09:00:00Z",
                }
            ]
        },
    )

    id: UUID
    company_id: UUID
    name: str
    description: str
    content_count: int
    published_count: int
    cover_url: str | None
    starts_on: date | None
    ends_on: date | None
    expires_at: datetime | None
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ProjectPage(Page[Project]):
    """One page of projects, newest first unless asked otherwise."""


class ProjectCreate(BaseModel):
    """A new project; after `expires_at` none of its contents opens."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "Wedding album, June"}]}
    )

    name: Name
    description: Description = ""
    starts_on: date | None = None
    ends_on: date | None = None
    expires_at: Moment | None = None


class ProjectUpdate(BaseModel):
    """Only the fields that are sent change; a date sent as null is taken away."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "Wedding album, July"}]}
    )

    name: Name | None = None
    description: Description | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    expires_at: Moment | None = None


# What null means as a value; anywhere else it is the same as not sent.
MAY_BE_TAKEN_AWAY = frozenset({"starts_on", "ends_on", "expires_at"})
