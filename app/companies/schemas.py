"""What a company looks like from outside."""

import re
import zoneinfo
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from app.core.email_addresses import EmailAddress
from app.core.pagination import Page

Language = Literal["en", "ru"]

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


def _time_zone(value: str) -> str:
    if value not in available_time_zones():
        raise ValueError("use a name of the IANA time zone database such as Europe/Berlin")
    return value


@lru_cache(maxsize=1)
def available_time_zones() -> frozenset[str]:
    """The names schedules may use; reading them takes 30 ms, so once."""
    return frozenset(zoneinfo.available_timezones())


def _printable(value: str) -> str:
    if any(not letter.isprintable() for letter in value):
        raise ValueError("use one line of printable characters")
    return value


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_printable),
]
Phone = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=32, pattern=r"^\+?[0-9][0-9 ()./-]{3,31}$"),
]
TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_time_zone)]


def _each_once(days: list[int]) -> list[int]:
    return sorted(set(days), reverse=True)


WarningDays = Annotated[
    list[Annotated[int, Field(ge=1, le=365)]], Field(max_length=10), AfterValidator(_each_once)
]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Address(BaseModel):
    """Where post arrives. `country` is a two-letter code (ISO 3166-1)."""

    model_config = ConfigDict(extra="forbid")

    street: Line | None = None
    postal_code: Line | None = None
    city: Line | None = None
    region: Line | None = None
    country: Country | None = None


class Contact(BaseModel):
    """Whom to reach at the company."""

    model_config = ConfigDict(extra="forbid")

    name: Line | None = None
    email: EmailAddress | None = None
    phone: Phone | None = None
    address: Address | None = None


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
                    "time_zone": "Europe/Berlin",
                    "language": "en",
                    "expiry_warning_days": [30, 7, 1],
                    "expiry_grace_days": 30,
                    "contact": {
                        "name": "Ada Vertex",
                        "email": "ada@example.com",
                        "phone": "+49 30 1234567",
                        "address": {"city": "Berlin", "country": "DE"},
                    },
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
    time_zone: str
    language: Language
    expiry_warning_days: list[int]
    expiry_grace_days: int
    contact: Contact
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
    """Only the fields that are sent change; `contact` as a whole. The slug is in folders, so it stays.

    `expiry_warning_days` are the days before a content's end at which its people are told;
    for `expiry_grace_days` after it, moving the end opens the content again by itself.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"accent_color": "#FF5B3A"},
                {"time_zone": "Europe/Moscow", "language": "ru", "contact": {"name": "Anna"}},
            ]
        },
    )

    name: Name | None = None
    accent_color: AccentColor | None = None
    time_zone: TimeZone | None = None
    language: Language | None = None
    expiry_warning_days: WarningDays | None = None
    expiry_grace_days: Annotated[int, Field(ge=0, le=365)] | None = None
    contact: Contact | None = None
