"""What the audit log shows of an event."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.core.pagination import Page
from app.events.models import Event

_EXAMPLE: JsonDict = {
    "id": "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b",
    "name": "content.updated",
    "created_at": "2026-11-23T14:05:06.789Z",
    "company_id": "0199a1b2-0000-7000-8000-000000000001",
    "actor": {
        "kind": "user",
        "id": "0199a1b2-0000-7000-8000-000000000002",
        "api_key_id": None,
        "label": "ann@example.com",
    },
    "address": "203.0.113.5",
    "user_agent": "Mozilla/5.0",
    "subject_id": "0199a1b2-0000-7000-8000-000000000003",
    "changes": {"title": ["Spring", "Summer"]},
    "data": {},
    "request_id": "5f0c1a2b3c4d",
}


class EventActor(BaseModel):
    """Who did it. `label` is the e-mail address, the key's name or the part of the system."""

    kind: Literal["user", "api_key", "system"]
    id: UUID | None
    api_key_id: UUID | None
    label: str | None


class AuditEvent(BaseModel):
    """One thing that happened; it is never changed and never removed."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    name: str
    created_at: datetime
    company_id: UUID | None
    actor: EventActor
    address: str | None
    user_agent: str | None
    subject_id: UUID | None
    changes: Annotated[
        dict[str, list[Any]], Field(description="Before and after of every value that changed")
    ]
    data: dict[str, Any]
    request_id: str | None

    @classmethod
    def of(cls, event: Event) -> Self:
        return cls(
            id=event.id,
            name=event.name,
            created_at=event.created_at,
            company_id=event.company_id,
            actor=EventActor.model_validate(
                {
                    "kind": event.actor_kind,
                    "id": event.actor_id,
                    "api_key_id": event.api_key_id,
                    "label": event.actor_label,
                }
            ),
            address=event.address,
            user_agent=event.user_agent,
            subject_id=event.subject_id,
            changes=event.changes,
            data=event.data,
            request_id=event.request_id,
        )


class AuditEventPage(Page[AuditEvent]):
    """One page of the audit log, newest first."""
