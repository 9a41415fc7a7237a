"""What members and invitations look like from outside."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.core.email_addresses import EmailAddress
from app.core.pagination import Page
from app.users.schemas import Language, PersonName

Role = Literal["owner", "editor", "viewer"]
# 43 characters of base64; whatever else is sent is no token.
Token = Annotated[str, Field(min_length=1, max_length=128)]
MAX_PASSWORD_LENGTH = 256

_MEMBER: Final[dict[str, Any]] = {
    "user_id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b11",
    "email": "anna@example.com",
    "name": "Anna",
    "role": "editor",
    "is_disabled": False,
    "created_at": "2026-11-23T09:00:00Z",
}
_INVITATION: Final[dict[str, Any]] = {
    "id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b12",
    "email": "boris@example.com",
    "role": "viewer",
    "language": "ru",
    "state": "open",
    "mail_state": "sent",
    "created_at": "2026-11-23T09:00:00Z",
    "sent_at": "2026-11-23T09:00:00Z",
    "expires_at": "2026-11-30T09:00:00Z",
}


class Member(BaseModel):
    """A person in the company. `is_disabled`: the operator has closed the account for now."""

    model_config = ConfigDict(json_schema_extra={"examples": [_MEMBER]})

    user_id: UUID
    email: str
    name: str
    role: Role
    is_disabled: bool
    created_at: datetime


class MemberPage(Page[Member]):
    """One page of members."""


class RoleChange(BaseModel):
    """What the member is from now on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"role": "editor"}]})

    role: Role


class InvitationCreate(BaseModel):
    """Whom to invite, and as what. Without a language the mail is written in yours."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"email": "boris@example.com", "role": "viewer", "language": "ru"}]
        },
    )

    email: EmailAddress
    role: Role
    language: Language | None = None


class Invitation(BaseModel):
    """An invitation without an answer. `mail_state` says what became of its mail."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [_INVITATION]})

    id: UUID
    email: str
    role: Role
    language: Language
    state: Literal["open", "expired"]
    mail_state: Literal["queued", "sent", "kept", "failed"] | None
    created_at: datetime
    sent_at: datetime
    expires_at: datetime


class InvitationPage(Page[Invitation]):
    """One page of invitations."""


class InvitationToken(BaseModel):
    """What stands behind the `#` of the link in the mail."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"token": "q8Vn4J3uYd0sM2fXkZ1wT6cRbE9hLpAoG7iUyNtSvQx"}]},
    )

    token: Token


class InvitationPreview(BaseModel):
    """What a link invites to. `email` is null and `has_account` false once it no longer works."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "company_name": "North Light",
                    "accent_color": "#0E8F83",
                    "role": "viewer",
                    "state": "open",
                    "expires_at": "2026-11-30T09:00:00Z",
                    "email": "boris@example.com",
                    "has_account": False,
                }
            ]
        },
    )

    company_name: str
    accent_color: str | None
    role: Role
    state: Literal["open", "expired", "accepted", "revoked"]
    expires_at: datetime
    email: str | None
    has_account: bool


class InvitationAnswer(BaseModel):
    """Yes. Who is signed in sends the token alone; who has no account chooses a name and a password."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "token": "q8Vn4J3uYd0sM2fXkZ1wT6cRbE9hLpAoG7iUyNtSvQx",
                    "name": "Boris",
                    "password": "correct horse battery",
                }
            ]
        },
    )

    token: Token
    name: PersonName | None = None
    password: str | None = Field(None, min_length=1, max_length=MAX_PASSWORD_LENGTH)
