"""Events, newest first, of one company or of all."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.actor import Actor
from app.core.pagination import PageRequest, fetch_page
from app.events.models import Event


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What a reader looks for; None means any. `since` is included, `until` is not."""

    name: str | None = None
    actor: str | None = None
    subject_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


async def list_company_events(
    session: AsyncSession, actor: Actor, wanted: EventFilter, request: PageRequest
) -> tuple[list[Event], str | None]:
    """One page of the events of the actor's company, and the next page's cursor."""
    statement = select(Event).where(Event.company_id == actor.company_id)
    return await _page(session, statement, wanted, request)


async def list_all_events(
    session: AsyncSession, company_id: UUID | None, wanted: EventFilter, request: PageRequest
) -> tuple[list[Event], str | None]:
    """One page of the events of every company and of none, for the operator; of one when it is named."""
    statement = select(Event)
    if company_id is not None:
        statement = statement.where(Event.company_id == company_id)
    return await _page(session, statement, wanted, request)


async def _page(
    session: AsyncSession, statement: Select[Event], wanted: EventFilter, request: PageRequest
) -> tuple[list[Event], str | None]:
    statement = statement.where(*_conditions(wanted))
    if request.q:
        statement = statement.where(Event.words.contains(request.q.casefold(), autoescape=True))
    return await fetch_page(
        session, statement, key=(Event.created_at, Event.id), request=request, newest_first=True
    )


def _conditions(wanted: EventFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.name:
        conditions.append(Event.name.startswith(wanted.name, autoescape=True))
    if wanted.actor:
        conditions.append(_is_by(wanted.actor))
    if wanted.subject_id:
        conditions.append(Event.subject_id == wanted.subject_id)
    if wanted.since:
        conditions.append(Event.created_at >= wanted.since)
    if wanted.until:
        conditions.append(Event.created_at < wanted.until)
    return conditions


def _is_by(who: str) -> ColumnElement[bool]:
    """By the id of a person or key, by what kind of actor it is, else by a part of its label."""
    try:
        actor_id = UUID(who)
    except ValueError:
        if who in ("user", "api_key", "system"):
            return Event.actor_kind == who
        return Event.actor_label.icontains(who, autoescape=True)
    return or_(Event.actor_id == actor_id, Event.api_key_id == actor_id)
