"""What a company looks like from outside."""

import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from app.core.pagination import Page

_SLUG = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")
_COLOR = re.compile(r"^#[0-9A-Fa-f]{6}$")


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ValueError("use 1 to 63 lower-case letters, digits and inner hyphens")
    return value


def _color(value: str) -> str:
    if not _COLOR.fullmatch(value):
        raise ValueError("use a colour such as #FF5B3A")
    return value.upper()


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Slug = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_slug)]
AccentColor = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_color)]


class Company(BaseModel):
    """A tenant: it owns projects, contents, files and members."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b11",
                    "name": "Vertex AR",
                    "slug": "vertex-ar",
                    "storage_path": "vertex-ar",
                    "accent_color": "#FF5B3A",
                    "created_at": "2026-11-23T09:00:00Z",
                }
            ]
        },
    )

    id: UUID
    name: str
    slug: str
    storage_path: str
    accent_color: str | None
    created_at: datetime


class CompanyPage(Page[Company]):
    """One page of companies."""


class CompanyCreate(BaseModel):
    """A new company; without a slug it is made from the name."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "North Light Studio", "accent_color": "#0E8F83"}]},
    )

    name: Name
    slug: Slug | None = None
    accent_color: AccentColor | None = None


class CompanyUpdate(BaseModel):
    """Only the fields that are sent change. The slug is in links and folders, so it stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"accent_color": "#FF5B3A"}]}
    )

    name: Name | None = None
    accent_color: AccentColor | None = None
