"""What is in front of the service keeps pages as long as their files open, and no longer."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from app.ar_content.models import ArContent
from app.core.clock import utcnow
from app.core.database import session_scope
from app.storage import links
from app.viewer.caching import FRESH_SECONDS, UNKEPT, cache_control
from tests.support import people
from tests.support.contents import make_published

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OUTAGE_SECONDS = 600


def stale_seconds(header: str) -> int:
    found = re.search(r"stale-if-error=(\d+)", header)
    return int(found[1]) if found else 0


@given(st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_page_shown_at_the_last_moment_still_finds_its_files(later: timedelta) -> None:
    """Whenever it was made: kept through an outage of ten minutes, and then minutes left to fetch."""
    made = NOON + later
    address = links.signed("/storage/x", made)
    ends = int(re.search(r"e=(\d+)", address)[1])  # type: ignore[index]

    kept = FRESH_SECONDS + stale_seconds(cache_control(None, made))

    assert kept > OUTAGE_SECONDS
    assert ends - (made.timestamp() + kept) > 240
    assert ends - made.timestamp() <= links.link_seconds()


@pytest.mark.parametrize(("seconds", "kept"), [(100, 99), (3600, None), (1, 0), (-5, 0)])
def test_nothing_is_shown_past_the_contents_end(seconds: int, kept: int | None) -> None:
    """Also while we are down: its end is known when the page is made."""
    header = cache_control(NOON + timedelta(seconds=seconds), NOON)

    assert (links.outage_seconds() if kept is None else kept) == stale_seconds(header)
    assert (kept == 0) == (header == UNKEPT)


async def test_page_and_manifest_say_so(built_pages: Path, app: FastAPI, tmp_path: Path) -> None:
    """A content that ends in five minutes is not kept for ten; one that is closed not at all."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    paths = [f"/ar/{content['public_id']}", f"/api/v1/viewer/{content['public_id']}/manifest"]
    visitor = people.client_of(app)

    endless = [(await visitor.get(path)).headers["cache-control"] for path in paths]
    async with session_scope(system="test") as session:
        await session.execute(update(ArContent).values(expires_at=utcnow() + timedelta(minutes=5)))
    ending = [(await visitor.get(path)).headers["cache-control"] for path in paths]
    async with session_scope(system="test") as session:
        await session.execute(update(ArContent).values(expires_at=utcnow() - timedelta(minutes=5)))
    ended = [(await visitor.get(path)).headers["cache-control"] for path in paths]

    assert [links.outage_seconds()] * 2 == [stale_seconds(each) for each in endless]
    assert all(290 <= stale_seconds(each) <= 299 for each in ending)
    assert [0, 0] == [stale_seconds(each) for each in ended]
