"""Signing in, and who is signed in."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.companies.schemas import Company
from app.users.schemas import User

# Long enough for any passphrase; short enough that hashing can not be made a denial of service.
MAX_PASSWORD_LENGTH = 256

Role = Literal["owner", "editor", "viewer"]


class SignIn(BaseModel):
    """An e-mail address and its password."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"email": "admin@example.com", "password": "correct horse battery"}]
        },
    )

    email: str = Field(min_length=1, max_length=254)
    password: str = Field(min_length=1, max_length=MAX_PASSWORD_LENGTH)


class PasswordChange(BaseModel):
    """The password now, and the one wanted."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"current_password": "one-time-word", "new_password": "correct horse battery"}
            ]
        },
    )

    current_password: str = Field(min_length=1, max_length=MAX_PASSWORD_LENGTH)
    new_password: str = Field(min_length=10, max_length=MAX_PASSWORD_LENGTH)


class Membership(BaseModel):
    """A company the user works in, and as what."""

    company: Company
    role: Role


class SecondFactor(BaseModel):
    """Whether a second factor is set up, and whether one is asked of this person."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"enabled": True, "required": False}]}
    )

    enabled: bool
    required: bool


class Me(BaseModel):
    """The signed-in user and the companies open to them; a superadmin is owner of all.

    `only_company_id`: signed in through that company's own provider, which opens that company only.
    """

    user: User
    memberships: list[Membership]
    two_factor: SecondFactor
    only_company_id: UUID | None = None


class SecondStep(BaseModel):
    """The password was right; a code is asked for next, at `/auth/second-factor`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"second_factor": "totp", "expires_in_seconds": 300}]}
    )

    second_factor: Literal["totp"] = "totp"
    expires_in_seconds: int


def _example(values: dict[str, JsonValue]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [values]})


class Code(BaseModel):
    """Six digits from the app, or a recovery code."""

    model_config = _example({"code": "492039"})

    code: str = Field(min_length=6, max_length=40)


class Confirmation(BaseModel):
    """The password once more."""

    model_config = _example({"password": "correct horse battery"})

    password: str = Field(min_length=1, max_length=MAX_PASSWORD_LENGTH)


class PasswordResetRequest(BaseModel):
    """Whose password was forgotten."""

    model_config = _example({"email": "anna@example.com"})

    email: str = Field(min_length=1, max_length=254)


class PasswordResetRequested(BaseModel):
    """The same whether there is such an account or not."""

    detail: str = (
        "If there is an account with this address, a mail with a link is on its way. "
        "The link works for an hour."
    )


class PasswordReset(BaseModel):
    """The token of the link, and the password wanted."""

    model_config = _example(
        {"token": "the last part of the link", "new_password": "correct horse battery"}
    )

    token: str = Field(min_length=1, max_length=200)
    new_password: str = Field(min_length=10, max_length=MAX_PASSWORD_LENGTH)


class Session(BaseModel):
    """One browser or program that is signed in as you."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b11",
                    "current": True,
                    "device": "Firefox on Windows",
                    "address": "203.0.113.5",
                    "only_company_id": None,
                    "created_at": "2026-11-23T09:00:00Z",
                    "last_seen_at": "2026-11-23T09:10:00Z",
                }
            ]
        }
    )

    id: UUID
    current: bool
    device: str
    address: str
    only_company_id: UUID | None
    created_at: datetime
    last_seen_at: datetime


class SessionList(BaseModel):
    """All of them; there are never many."""

    items: list[Session]


class SignedOut(BaseModel):
    """How many sessions ended. `complete` is false when the person also works elsewhere: sessions that are
    not this company's business stay, and removing the membership closes the company to them at once."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [{"ended": 2, "complete": True}]}
    )

    ended: int
    complete: bool


class SignInPolicy(BaseModel):
    """What the company asks of its people's sign-in. Owners must then set up an authenticator app."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"require_two_factor": True}]}
    )

    require_two_factor: bool
