"""Live updates through nginx: passed on as they come, never cut while they live, back after a restart."""

import json
import os
import secrets
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Self
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from app.auth.cookies import PLAIN_NAME
from app.auth.models import UserSession
from app.companies.models import Company
from app.core.clock import utcnow
from app.core.database import session_scope
from app.local.children import stop
from app.notifications.live_routes import HEARTBEAT_SECONDS
from app.users.models import User
from tests.containers.edge import Edge
from tests.faults.report import full, recovered
from tests.support.background import scene
from tests.support.settings import applied
from tests.support.stack import RunningStack

# Less than the pause between two signs of life: what is here by then was not held back by a buffer.
PROMPTLY = HEARTBEAT_SECONDS - 5
QUIET_SECONDS = 75
WAYS = ("stopped", "killed")[: full(1, 2)]


@dataclass
class Panel:
    """A signed-in browser before nginx, in a company."""

    client: httpx.Client
    company_id: UUID

    @property
    def path(self) -> str:
        return f"/api/v1/companies/{self.company_id}"

    def rename(self, name: str) -> None:
        answer = self.client.patch(self.path, json={"name": name})
        assert answer.status_code == 200, answer.text

    def listen(self, **headers: str) -> "Listening":
        return Listening(self.client.stream("GET", f"{self.path}/events/live", headers=headers))


class Listening:
    """An open stream: `next` is the next event, with the seconds it took."""

    def __init__(self, opening: object) -> None:
        self.opening = opening

    def __enter__(self) -> Self:
        self.answer: httpx.Response = self.opening.__enter__()  # type: ignore[attr-defined]
        assert self.answer.status_code == 200
        self.lines = self.answer.iter_lines()
        return self

    def __exit__(self, *error: object) -> None:
        self.opening.__exit__(*error)  # type: ignore[attr-defined]

    def next(self) -> tuple[str, dict[str, str], float]:
        begun, event = time.monotonic(), ""
        for line in self.lines:
            name, _, value = line.partition(": ")
            if name == "event":
                event = value
            elif name == "data":
                return event, json.loads(value), time.monotonic() - begun
        raise EOFError("the stream ended")

    def until_it_ends(self) -> None:
        """Raises `EOFError`, or what httpx says of a line that was cut."""
        while True:
            self.next()


@pytest.fixture
def panel(running_stack: RunningStack, edge: Edge) -> Iterator[Panel]:
    """Signed in without a password: how one signs in is another test's matter."""
    token = secrets.token_urlsafe(16)

    async def signed_in() -> UUID:
        async with session_scope(system="test") as session:
            admin = await session.scalar(select(User).order_by(User.id).limit(1))
            company = await session.scalar(select(Company).order_by(Company.id).limit(1))
            assert admin is not None
            assert company is not None
            admin.must_change_password = False
            session.add(
                UserSession(
                    user_id=admin.id,
                    token_sha256=sha256(token.encode()).digest(),
                    address="",
                    user_agent="",
                    expires_at=utcnow() + timedelta(days=1),
                )
            )
            return company.id

    with applied(running_stack.environment):
        company_id = scene(signed_in)
    options = {"base_url": edge.url, "cookies": {PLAIN_NAME: token}, "trust_env": False}
    with httpx.Client(timeout=QUIET_SECONDS, **options) as client:  # type: ignore[arg-type]
        yield Panel(client, company_id)


@pytest.mark.timeout(400)
def test_changes_pass_as_they_come(panel: Panel) -> None:
    """Nothing waits in a buffer or for compression; a long silence is no reason to cut the line."""
    with panel.listen(**{"accept-encoding": "gzip"}) as stream:
        first, _, at_once = stream.next()
        time.sleep(full(0, QUIET_SECONDS))
        panel.rename("North Light")
        told = [stream.next()]
        while told[-1][1].get("name") != "company.updated":
            told.append(stream.next())

    assert ("resync", "text/event-stream") == (first, stream.answer.headers["content-type"][:17])
    assert "content-encoding" not in stream.answer.headers
    assert at_once < PROMPTLY
    assert sum(seconds for _, _, seconds in told) < PROMPTLY


@pytest.mark.timeout(400)
@pytest.mark.parametrize("way", WAYS)
def test_a_restart_of_the_api_is_got_over(
    way: str, panel: Panel, running_stack: RunningStack
) -> None:
    """The stream ends at once, meanwhile the answer says so, and who comes back reads everything again."""
    with panel.listen() as stream:
        stream.next()
        begun = time.monotonic()
        if way == "killed":
            running_stack.kill("api")
        else:
            stop(running_stack.processes.pop("api"), signal.SIGTERM, timeout=20)
        with pytest.raises((EOFError, httpx.RemoteProtocolError)):
            stream.until_it_ends()
        ended = time.monotonic() - begun
    away = panel.client.get(f"{panel.path}/events/live")
    begun = time.monotonic()
    running_stack.start_api()
    running_stack.wait_until_ready()
    started = time.monotonic() - begun
    with panel.listen(**{"last-event-id": "7"}) as stream:
        event, _, seconds = stream.next()
        panel.rename(f"North Light {way} {os.getpid()}")
        while stream.next()[0] != "change":
            pass

    assert (503, "resync") == (away.status_code, event)
    assert int(away.headers["Retry-After"]) > 0
    recovered(
        f"API {way} under open live updates",
        condition="the stream ends, comes back and says to read again",
        seconds=ended + seconds,
        limit=20,
        detail=f"the API took {started:.1f} s to start",
    )
