"""A company's identity provider from outside. The client secret goes in, and never comes out."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

_DOMAIN = re.compile(r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$")

ProvisionedRole = Literal["editor", "viewer"]


def _domain(value: str) -> str:
    try:
        plain = value.strip().lower().encode("idna").decode()
    except UnicodeError:
        plain = ""
    if not _DOMAIN.fullmatch(plain):
        raise ValueError("use a mail domain such as example.com")
    return plain


Domain = Annotated[str, AfterValidator(_domain), Field(max_length=253)]

_EXAMPLE: dict[str, JsonValue] = {
    "issuer": "https://accounts.example.com",
    "client_id": "arv",
    "allowed_domains": ["example.com"],
    "default_role": "viewer",
    "auto_provision": False,
    "enabled": True,
}


class IdentityProviderUpdate(BaseModel):
    """The settings wanted. Without `client_secret` the one of before stays."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{**_EXAMPLE, "client_secret": "from the provider"}]},
    )

    issuer: str = Field(
        min_length=1, max_length=500, description="Exactly as the provider writes it"
    )
    client_id: str = Field(min_length=1, max_length=255)
    client_secret: str | None = Field(None, min_length=1, max_length=2000)
    allowed_domains: list[Domain] = Field(
        min_length=1, max_length=50, description="Mail domains whose accounts are let in"
    )
    default_role: ProvisionedRole = "viewer"
    auto_provision: bool = Field(
        False, description="Whether who is no member yet becomes one at the first sign-in"
    )
    enabled: bool = True


class IdentityProvider(BaseModel):
    """How the company's people sign in with their own accounts."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "redirect_uri": "https://ar.example.com/api/v1/auth/oidc/vertex-ar/callback",
                    "start_url": "https://ar.example.com/api/v1/auth/oidc/vertex-ar/start",
                    "updated_at": "2026-11-23T09:00:00Z",
                }
            ]
        },
    )

    issuer: str
    client_id: str
    allowed_domains: list[str]
    default_role: str
    auto_provision: bool
    enabled: bool
    redirect_uri: str = Field(description="Enter this at the provider")
    start_url: str = Field(description="Where people of the company begin to sign in")
    updated_at: datetime
