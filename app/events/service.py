"""Writing events."""

import uuid
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.actor import Actor
from app.events.models import Event

log = structlog.get_logger(__name__)


def record(
    session: AsyncSession,
    name: str,
    *,
    actor: Actor | None = None,
    company_id: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """Add an event to the caller's transaction: it exists exactly when the change it tells of does.

    `data` holds plain JSON: ids, names, numbers; never a secret. Without `company_id` the actor's is taken.
    """
    event = Event(
        name=name,
        company_id=company_id or (actor.company_id if actor else None),
        actor_id=actor.user_id if actor else None,
        subject_id=subject_id,
        data=data or {},
        request_id=structlog.contextvars.get_contextvars().get("request_id"),
    )
    session.add(event)
    log.info(name, subject_id=str(subject_id) if subject_id else None)
    return event
