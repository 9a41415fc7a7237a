"""What an API key looks like from outside."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api_keys import models
from app.api_keys.service import Made
from app.companies.models import Company
from app.companies.roles import KEY_SCOPES
from app.core.moments import Moment
from app.core.pagination import Page

Scope = Literal[
    "audit.read",
    "company.export",
    "company.manage",
    "contents.publish",
    "contents.write",
    "projects.write",
    "read",
    "storage.manage",
]
"""What a key may do; reading anything takes `read`, whatever else it takes."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]

_KEY: dict[str, Any] = {
    "id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b11",
    "name": "Album printer",
    "scopes": ["contents.write", "read"],
    "created_by": "0199f1f0-6b2a-7d11-9c44-2f7a5be01d33",
    "created_at": "2026-11-23T09:00:00Z",
    "rotated_at": None,
    "expires_at": "2027-11-23T09:00:00Z",
    "last_used_at": "2026-11-23T09:05:00Z",
}
_SHOWN_ONCE = (
    "arv_0199f1f07a3c7c5e8a511c9d3f0c2b11_EXAMPLEexampleEXAMPLEexampleEXAMPLEexampleEXAMPL3"
)


class ApiKey(BaseModel):
    """A key of the company. Its token was shown once, when it was made."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [_KEY]})

    id: UUID
    name: str
    scopes: list[Scope]
    created_by: UUID | None
    created_at: datetime
    rotated_at: datetime | None
    expires_at: datetime | None
    last_used_at: datetime | None


class ApiKeyPage(Page[ApiKey]):
    """One page of API keys."""


class ApiKeyWithToken(ApiKey):
    """A key with its token: keep it now, it is never shown again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_KEY, "token": _SHOWN_ONCE}]})

    token: str

    @classmethod
    def of(cls, made: Made) -> Self:
        shown = ApiKey.model_validate(made.key)
        return cls(**shown.model_dump(), token=made.token.text)


class ApiKeyCreate(BaseModel):
    """A new key; without `expires_at` it is valid until it is revoked."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "name": "Album printer",
                    "scopes": ["read", "contents.write"],
                    "expires_at": "2027-11-23T09:00:00Z",
                }
            ]
        },
    )

    name: Name
    scopes: list[Scope] = Field(min_length=1, max_length=len(KEY_SCOPES))
    expires_at: Moment | None = None


class KeyCompany(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    slug: str


class OwnApiKey(BaseModel):
    """What the key of this request is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0199f1fa-4d5e-7f60-8b7c-8d9e0f1a2b3c",
                    "name": "Print shop",
                    "company": {
                        "id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b11",
                        "name": "North Light Studio",
                        "slug": "north-light-studio",
                    },
                    "scopes": ["read", "contents.write"],
                    "expires_at": "2027-11-23T09:00:00Z",
                }
            ]
        }
    )

    id: UUID
    name: str
    company: KeyCompany
    scopes: list[Scope]
    expires_at: datetime | None

    @classmethod
    def of(cls, key: models.ApiKey, company: Company) -> Self:
        shown = ApiKey.model_validate(key).model_dump(
            include={"id", "name", "scopes", "expires_at"}
        )
        return cls(company=KeyCompany.model_validate(company), **shown)
