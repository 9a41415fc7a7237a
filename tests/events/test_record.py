"""The table of what happened."""

import uuid

import pytest
import structlog
from sqlalchemy import Executable, delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.actor import Actor
from app.core.database import session_scope
from app.events import record
from app.events.models import Event


async def test_event_tells_who_where_and_in_which_request(session: AsyncSession) -> None:
    """Actor, company and request id are noted without the caller repeating them."""
    actor = Actor(uuid.uuid4(), "ann@example.com", company_id=uuid.uuid4())
    subject = uuid.uuid4()
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        async with session_scope() as writing:
            record(writing, "content.published", actor=actor, subject_id=subject, data={"n": 1})

    event = (await session.scalars(select(Event))).one()
    assert (event.name, event.data, event.request_id) == ("content.published", {"n": 1}, "r-1")
    assert (event.actor_id, event.company_id) == (actor.user_id, actor.company_id)
    assert event.subject_id == subject


async def test_event_is_gone_with_the_change_it_tells_of(session: AsyncSession) -> None:
    """A transaction that is rolled back leaves no event."""
    record(session, "content.published")
    await session.flush()
    await session.rollback()

    assert (await session.scalars(select(Event))).all() == []


@pytest.mark.parametrize("change", [update(Event).values(name="forged"), delete(Event)])
async def test_events_can_not_be_changed(session: AsyncSession, change: Executable) -> None:
    """The audit log refuses updates and deletions in the database itself."""
    record(session, "content.published")
    await session.commit()

    with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
        await session.execute(change)
