"""Signing in, and who is signed in."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

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


class Me(BaseModel):
    """The signed-in user and the companies open to them; a superadmin is owner of all."""

    user: User
    memberships: list[Membership]
