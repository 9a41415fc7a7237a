"""What a user looks like from outside."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.core.email_addresses import EmailAddress
from app.core.pagination import Page

Language = Literal["en", "ru"]
PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]

_ACCOUNT: Final[dict[str, Any]] = {
    "id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b11",
    "email": "anna@example.com",
    "name": "Anna",
    "language": "en",
    "is_superadmin": False,
    "is_disabled": False,
    "created_at": "2026-11-23T09:00:00Z",
}


def _example(**values: Any) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [values]})


class User(BaseModel):
    """A person who signs in to the panel."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b11",
                    "email": "anna@example.com",
                    "name": "Anna",
                    "language": "en",
                    "is_superadmin": False,
                    "must_change_password": False,
                }
            ]
        },
    )

    id: UUID
    email: str
    name: str
    language: Language
    is_superadmin: bool
    must_change_password: bool


class ProfileUpdate(BaseModel):
    """Only the fields that are sent change."""

    model_config = _example(name="Anna", language="ru")

    name: PersonName | None = None
    language: Language | None = None


class EmailChangeRequest(BaseModel):
    """The address you want to sign in with."""

    model_config = _example(new_email="anna@studio.example")

    new_email: EmailAddress


class EmailChangeRequested(BaseModel):
    """The same whether somebody else has this address or not."""

    detail: str = (
        "If no other account has this address, a mail with a link is on its way there. "
        "The link works for a day; until it is opened, the old address stays."
    )


class EmailChangeConfirmation(BaseModel):
    """What stands behind the `#` of the link in the mail."""

    model_config = _example(token="q8Vn4J3u...what follows the #")  # noqa: S106  (an example)

    token: str = Field(min_length=1, max_length=128)


class EmailChanged(BaseModel):
    """The address to sign in with from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "anna@studio.example"}]})

    email: str


class Account(BaseModel):
    """A person's account as the operator sees it."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [_ACCOUNT]})

    id: UUID
    email: str
    name: str
    language: Language
    is_superadmin: bool
    is_disabled: bool
    created_at: datetime


class AccountPage(Page[Account]):
    """One page of accounts."""


class Workplace(BaseModel):
    """A company the person works in, and as what."""

    company_id: UUID
    name: str
    role: Literal["owner", "editor", "viewer"]


class AccountDetail(Account):
    """An account and where the person works."""

    workplaces: list[Workplace]


class AccountUpdate(BaseModel):
    """Only the fields that are sent change. A disabled account keeps everything and opens nothing."""

    model_config = _example(is_disabled=True)

    is_disabled: bool | None = None
    is_superadmin: bool | None = None
