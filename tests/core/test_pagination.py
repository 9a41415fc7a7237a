"""Keyset pagination."""

import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import Invalid
from app.core.jobs import Job
from app.core.pagination import PageRequest, decode_cursor, encode_cursor, fetch_page


async def test_pages_show_every_row_once(session: AsyncSession) -> None:
    """Following the cursors shows every row exactly once, newest first."""
    for number in range(5):
        session.add(Job(task_name=f"default.{number}", queue="default"))
        await session.flush()

    seen, cursor = [], None
    while True:
        page = PageRequest(limit=2, cursor=cursor)
        rows, cursor = await fetch_page(session, select(Job), key=(Job.id,), request=page)
        seen += [row.task_name for row in rows]
        if cursor is None:
            break

    assert seen == [f"default.{number}" for number in (4, 3, 2, 1, 0)]


def test_cursor_keeps_types() -> None:
    """A cursor gives back ids, times and texts as they were."""
    values = [uuid.uuid4(), datetime(2026, 11, 23, tzinfo=UTC), "Ёж", 7, None]

    assert decode_cursor(encode_cursor(values), 5) == values


@pytest.mark.parametrize("cursor", ["", "garbage", "äö", encode_cursor([1, 2]), "W3siYSI6MX1d"])
def test_foreign_cursor_is_refused(cursor: str) -> None:
    """What this list never gave out as a cursor is a 422, not a crash."""
    with pytest.raises(Invalid):
        decode_cursor(cursor, 1)
