"""Who is asking. The dependency that finds the actor of a request lives in `app/auth/dependencies.py`."""

import uuid
from dataclasses import dataclass, field

from app.core.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, and the company they act in (None outside any company)."""

    user_id: uuid.UUID
    email: str
    is_superadmin: bool = False
    company_id: uuid.UUID | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)

    def can(self, permission: str) -> bool:
        return self.is_superadmin or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raises `Forbidden` unless the actor holds the permission."""
        require(self, permission)


def require(actor: Actor, permission: str) -> None:
    """Raises `Forbidden` unless the actor holds the permission."""
    if not actor.can(permission):
        raise Forbidden(f"Your role does not include “{permission}”. Ask an owner of the company.")
