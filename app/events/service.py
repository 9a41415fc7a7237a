"""Writing events."""

import uuid
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import live
from app.core.actor import Actor
from app.core.database import after_commit
from app.events.changes import Changes
from app.events.models import Event

log = structlog.get_logger(__name__)

LONGEST_ADDRESS = 64
LONGEST_USER_AGENT = 300
LONGEST_WORDS = 4000

Follower = Callable[[uuid.UUID], Awaitable[None]]
_followers: list[Follower] = []
_TOLD = "events_told"


def follow(follower: Follower) -> None:
    """Call `follower` with the company after each commit that holds events of it."""
    if follower not in _followers:
        _followers.append(follower)


def record(
    session: AsyncSession,
    name: str,
    *,
    actor: Actor | None = None,
    company_id: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
    data: dict[str, Any] | None = None,
    changes: Changes | None = None,
) -> Event:
    """Add an event to the caller's transaction: it exists exactly when the change it tells of does.

    `data` holds plain JSON: ids, names, numbers; never a secret. `changes` is before and after, as
    `changes_of` tells it. Without `company_id` the actor's is taken; without an actor it was the system.
    """
    who = _who(actor)
    event = Event(
        name=name,
        company_id=company_id or (actor.company_id if actor else None),
        subject_id=subject_id,
        data=data or {},
        changes=changes or {},
        request_id=structlog.contextvars.get_contextvars().get("request_id"),
        words=_words(name, who.get("actor_label"), who.get("address"), data, changes),
        **who,
    )
    session.add(event)
    if event.company_id is not None:
        _tell_later(session, event.company_id, name, subject_id)
    log.info(name, subject_id=str(subject_id) if subject_id else None)
    return event


def _tell_later(
    session: AsyncSession, company_id: uuid.UUID, name: str, subject_id: uuid.UUID | None
) -> None:
    """After the commit: the company's open panels, and who follows its events, once a transaction."""
    live.publish_later(session, company_id, name, subject_id)
    told: set[uuid.UUID] = session.info.setdefault(_TOLD, set())
    if company_id in told:
        return
    told.add(company_id)

    async def tell() -> None:
        told.discard(company_id)
        for follower in _followers:
            await follower(company_id)

    after_commit(session, tell)


def _who(actor: Actor | None) -> dict[str, Any]:
    """The actor's columns of an event: who, by which key, from where."""
    if actor is None:
        return {"actor_kind": "system"}
    address: str | None = getattr(actor, "address", None)
    user_agent: str | None = getattr(actor, "user_agent", None)
    return {
        "actor_id": actor.user_id,
        "actor_kind": getattr(actor, "kind", "user"),
        "actor_label": getattr(actor, "label", None) or actor.email,
        "api_key_id": getattr(actor, "api_key_id", None),
        "address": address[:LONGEST_ADDRESS] if address else None,
        "user_agent": user_agent[:LONGEST_USER_AGENT] if user_agent else None,
    }


def _words(*facts: object) -> str:
    """Everything a reader may look for, in lower case; names of fields are not words."""
    return " ".join(_texts(facts)).casefold()[:LONGEST_WORDS]


def _texts(fact: object) -> Iterator[str]:
    if isinstance(fact, Mapping):
        fact = fact.values()
    if isinstance(fact, str):
        yield fact
    elif isinstance(fact, Iterable):
        for each in fact:
            yield from _texts(each)
    elif fact is not None:
        yield str(fact)
