"""Who is asking. The dependency that finds the actor of a request lives in `app/auth/dependencies.py`."""

import uuid
from dataclasses import dataclass, field
from typing import Literal, Self

from app.core.errors import Forbidden

ActorKind = Literal["user", "api_key", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, an API key or the system itself, and the company it acts in.

    `company_id` is None outside any company. `label` is what people read in the audit log: the e-mail
    address, the key's name, the name of the part of the system.
    """

    user_id: uuid.UUID | None
    email: str = ""
    is_superadmin: bool = False
    company_id: uuid.UUID | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    kind: ActorKind = "user"
    api_key_id: uuid.UUID | None = None
    label: str = ""
    role: str | None = None
    session_id: uuid.UUID | None = None
    address: str = ""
    user_agent: str = ""
    only_company_id: uuid.UUID | None = (
        None  # signed in through its own provider: opens nothing else
    )

    def __post_init__(self) -> None:
        if not self.label:
            object.__setattr__(self, "label", self.email)

    @classmethod
    def system(cls, name: str, *, company_id: uuid.UUID | None = None) -> Self:
        """A part of the service that acts by itself, such as a sweep. It holds no permission."""
        return cls(user_id=None, company_id=company_id, kind="system", label=name)

    def can(self, permission: str) -> bool:
        return self.is_superadmin or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raises `Forbidden` unless the actor holds the permission."""
        require(self, permission)

    @property
    def person_id(self) -> uuid.UUID:
        """The user's id where only a person may be asking. Raises `Forbidden` for a key."""
        if self.user_id is None:
            raise Forbidden("This takes a person who is signed in. An API key can not do it.")
        return self.user_id


def require(actor: Actor, permission: str) -> None:
    """Raises `Forbidden` unless the actor holds the permission."""
    if actor.can(permission):
        return
    if actor.kind == "api_key":
        raise Forbidden(f"This API key does not include “{permission}”. Make one that does.")
    raise Forbidden(f"Your role does not include “{permission}”. Ask an owner of the company.")
