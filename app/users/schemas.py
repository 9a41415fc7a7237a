"""What a user looks like from outside."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

Language = Literal["en", "ru"]


class User(BaseModel):
    """A person who signs in to the panel."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    name: str
    language: Language
    is_superadmin: bool
    must_change_password: bool
