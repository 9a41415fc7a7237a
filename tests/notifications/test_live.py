"""Open panels hear of changes: server-sent events over the cache's Redis."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app import events
from app.auth.models import UserSession
from app.core import live
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.database import open_session, session_scope
from app.notifications import hub as hubs
from app.notifications import live_routes
from app.notifications.hub import hub
from tests.mail.conftest import settings_of
from tests.support.people import Member, make_company, make_member


class Stream:
    """The app's answer, read as it comes; httpx's own transport waits for an answer's end."""

    def __init__(self, app: FastAPI, member: Member, headers: dict[str, str]) -> None:
        self.app = app
        self.status = 0
        self.events: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()
        cookie = "; ".join(f"{k}={v}" for k, v in member.client.cookies.items())
        sent = {"cookie": cookie, "host": "testserver", **headers}
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": member.path("/events/live"),
            "raw_path": b"",
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "server": ("testserver", 80),
            "client": ("203.0.113.5", 4000),
            "headers": [(k.encode(), v.encode()) for k, v in sent.items()],
        }
        self.ended = asyncio.Event()

    async def run(self) -> None:
        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await self.ended.wait()
            return {"type": "http.disconnect"}

        await self.app(self.scope, receive, self.send)
        self.events.put_nowait(("end", {}))

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        for block in message.get("body", b"").decode().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
            if "event" in lines:
                self.events.put_nowait((lines["event"], json.loads(lines["data"])))

    async def next(self) -> tuple[str, dict[str, Any]]:
        async with asyncio.timeout(5):
            return await self.events.get()


@asynccontextmanager
async def listening(app: FastAPI, member: Member, **headers: str) -> AsyncIterator[Stream]:
    """An open panel that has been told to read everything once, as every new one is."""
    stream = Stream(app, member, headers)
    running = asyncio.create_task(stream.run())
    try:
        assert ("resync", {}) == await stream.next()
        yield stream
    finally:
        stream.ended.set()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture(autouse=True)
def own_hub() -> None:
    """What another test's loop heard is not this one's."""
    hubs._hubs.clear()


async def happen(member: Member, name: str) -> None:
    actor = Actor.system("test", company_id=member.company_id)
    async with session_scope(system="test") as session:
        events.record(session, name, actor=actor, subject_id=member.user_id)


async def test_a_change_is_told_within_moments(app: FastAPI) -> None:
    """By name and id, to the panels of that company alone."""
    member, neighbour = await make_member(app), await make_member(app)
    async with listening(app, member) as stream:
        await happen(neighbour, "content.published")
        await happen(member, "content.updated")
        told = await stream.next()

    assert ("change", {"name": "content.updated", "id": str(member.user_id)}) == told


async def test_what_is_one_persons_is_told_to_nobody_else(app: FastAPI) -> None:
    """A notification rings one bell."""
    company = await make_company()
    member, colleague = (
        await make_member(app, company=company),
        await make_member(app, company=company),
    )
    async with listening(app, member) as stream:
        async with session_scope(system="test") as session:
            for user_id in (colleague.user_id, member.user_id):
                await live.publish(
                    session, company.id, "notification.created", user_id, user_id=user_id
                )
        told = await stream.next()

    assert ("change", {"name": "notification.created", "id": str(member.user_id)}) == told


async def test_a_rolled_back_change_is_not_told(app: FastAPI) -> None:
    """What did not happen is no news."""
    member = await make_member(app)
    async with listening(app, member) as stream:
        async with open_session(system="test") as session:
            events.record(session, "content.created", company_id=member.company_id)
            await session.flush()
            await session.rollback()
        await happen(member, "content.updated")
        told = await stream.next()

    assert "content.updated" == told[1]["name"]


async def test_who_comes_back_reads_everything_again(app: FastAPI) -> None:
    """Nothing is kept for who was away: Last-Event-ID is answered by `resync`."""
    member = await make_member(app)
    async with listening(app, member), listening(app, member, **{"last-event-id": "7"}) as stream:
        await happen(member, "content.updated")
        assert "change" == (await stream.next())[0]


async def test_the_stream_ends_with_the_session(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed out elsewhere: at the next look the stream is over."""
    monkeypatch.setattr(live_routes, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(live_routes, "RECHECK_SECONDS", 0.1)
    member = await make_member(app)
    async with listening(app, member) as stream:
        async with session_scope(system="test") as session:
            found = await session.scalars(
                select(UserSession).where(UserSession.user_id == member.user_id)
            )
            found.one().revoked_at = utcnow() - timedelta(seconds=1)
        assert ("end", {}) == await stream.next()

    assert live_routes.RECHECK_SECONDS + live_routes.HEARTBEAT_SECONDS < 60


async def test_the_stream_ends_with_the_membership(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was removed hears nothing more."""
    monkeypatch.setattr(live_routes, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(live_routes, "RECHECK_SECONDS", 0.1)
    company = await make_company()
    owner = await make_member(app, company=company)
    editor = await make_member(app, company=company, role="editor")
    async with listening(app, editor) as stream:
        await owner.delete(f"/members/{editor.user_id}")
        while (told := await stream.next())[0] != "end":
            pass

    assert ("end", {}) == told


async def test_a_neighbours_company_is_not_there(app: FastAPI) -> None:
    """404 with the words of a company that does not exist; 401 for who is not signed in."""
    member, neighbour = await make_member(app), await make_member(app)
    path = f"/api/v1/companies/{neighbour.company_id}/events/live"
    foreign = await member.client.get(path)
    member.client.cookies.clear()
    unknown = await member.client.get(path)

    assert [404, 401] == [foreign.status_code, unknown.status_code]


async def test_a_person_has_a_limited_number(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is told to wait, and the others stay."""
    monkeypatch.setattr(live_routes, "MOST_STREAMS", 1)
    member = await make_member(app)
    async with listening(app, member) as stream:
        refused = await member.get("/events/live")
        await happen(member, "content.updated")
        told = await stream.next()

    assert (429, "60") == (refused.status_code, refused.headers["retry-after"])
    assert "change" == told[0]


async def test_without_redis_panels_are_told_to_ask(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every few seconds, and no request is slower or fails for it."""
    monkeypatch.setattr(hubs, "POLL_SECONDS", 0.1)
    member = await make_member(app)
    with settings_of(monkeypatch, REDIS_URL="redis://127.0.0.1:1/0"):
        await live.close()
        async with listening(app, member) as stream:
            await happen(member, "content.updated")
            assert [("resync", {})] * 2 == [await stream.next(), await stream.next()]
        await live.close()


async def test_a_slow_reader_reads_everything_again(app: FastAPI) -> None:
    """A queue that is full is thrown away for one `resync`."""
    member = await make_member(app)
    ear = hub().open(member.company_id, member.user_id)
    for number in range(hubs.LONGEST_QUEUE + 5):
        ear.tell({"name": "content.updated", "id": str(number)})
    told = [await ear.next() for _ in range(5)]
    hub().close(ear)

    assert hubs.RESYNC == told[0]
    assert ["101", "102", "103", "104"] == [each["id"] for each in told[1:] if each]
