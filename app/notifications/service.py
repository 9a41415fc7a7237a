"""What a person does with their notifications: reading them, and choosing which come by mail."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.errors import Invalid
from app.core.etags import ANY_VERSION, Seen
from app.notifications import queries
from app.notifications.kinds import KINDS
from app.notifications.models import Preference


async def preferences_of(session: AsyncSession, actor: Actor) -> Preference:
    """What the actor chose; what everybody gets, not in the session, when they chose nothing."""
    found = await queries.preferences_of(session, [actor.person_id])
    return found.get(actor.person_id) or _unchosen(actor.person_id)


def _unchosen(user_id: UUID) -> Preference:
    return Preference(user_id=user_id, digest="daily", time_zone=None, choices={}, version=0)


async def update_preferences(
    session: AsyncSession, actor: Actor, *, changes: dict[str, Any], seen: Seen = ANY_VERSION
) -> Preference:
    """The actor's choices with the changes applied. Raises `Invalid` for an essential kind."""
    row = await queries.lock_preference(session, actor.person_id)
    seen.require(row)
    values: dict[str, Any] = {
        name: changes[name] for name in ("digest", "time_zone") if name in changes
    }
    if values.get("digest", "") is None:
        raise Invalid("This can not be empty.", pointer="#/digest")
    if changes.get("email"):
        values["choices"] = row.choices | _chosen(row, changes["email"])
    told = events.changes_of(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = utcnow()
    await session.flush()
    if told:
        events.record(
            session, "user.notifications_chosen", actor=actor, subject_id=row.user_id, changes=told
        )
    return row


def _chosen(row: Preference, email: dict[str, bool]) -> dict[str, Any]:
    essential = [kind for kind, wanted in email.items() if not wanted and KINDS[kind].is_essential]
    if essential:
        raise Invalid(
            f"Mails about {', '.join(essential)} are essential and always come.", pointer="#/email"
        )
    return {kind: row.choices.get(kind, {}) | {"email": wanted} for kind, wanted in email.items()}
