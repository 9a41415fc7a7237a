"""PostgreSQL killed, stopped, unreachable, out of connections: ARV refuses with 503, then works again."""

import asyncio
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from app.local.postgres import DATABASE
from tests.faults.report import full, recovered
from tests.support.database_line import HurtPostgres, hurt_postgres, seconds_until
from tests.support.servers import TestServers
from tests.support.stack import RunningStack, make_stack

AGAIN_WITHIN = 30.0
NOTHING_LOST = "what was acknowledged is there, the rest was refused with 503"


@dataclass
class Hurt:
    """An API on a database that can be hurt, and its operator signed in."""

    stack: RunningStack
    postgres: HurtPostgres
    client: httpx.Client

    def create(self, name: str) -> int:
        """The status of making a company; 0 when there was no answer within the client's patience."""
        slug = name.lower().replace(" ", "-")
        try:
            body = {"name": name, "slug": slug}
            return self.client.post("/api/v1/companies", json=body).status_code
        except httpx.TransportError:
            return 0

    def names(self) -> set[str]:
        answer = self.client.get("/api/v1/companies", params={"limit": 200})
        answer.raise_for_status()
        return {each["name"] for each in answer.json()["items"]}

    def until_ready(self) -> float:
        return seconds_until(f"{self.stack.url}/api/v1/companies", headers=self._cookie)

    @property
    def _cookie(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{n}={v}" for n, v in self.client.cookies.items())}


@pytest.fixture(scope="module")
def hurt(servers: TestServers) -> Iterator[Hurt]:
    # Not one of pytest's folders: PostgreSQL's own user has to walk in.
    with (
        tempfile.TemporaryDirectory(prefix="arv-hurt-") as name,
        hurt_postgres(Path(name), like=servers.postgres, max_connections="20") as postgres,
    ):
        folder = Path(name)
        stack = make_stack(
            servers,
            folder / "stack",
            {"DATABASE_URL": postgres.url(DATABASE), "DB_POOL_SIZE": "3", "DB_MAX_OVERFLOW": "2"},
        )
        password = stack.run("seed").split("one-time password: ")[1].split()[0]
        stack.start_api()
        try:
            seconds_until(f"{stack.url}/api/health/status")
            with httpx.Client(base_url=stack.url, trust_env=False, timeout=20) as client:
                _sign_in(client, stack.admin_email, password)
                yield Hurt(stack, postgres, client)
        finally:
            stack.stop()


def _sign_in(client: httpx.Client, email: str, password: str) -> None:
    body = {"email": email, "password": password}
    client.post("/api/v1/auth/sign-in", json=body).raise_for_status()
    change = {"current_password": password, "new_password": "correct horse battery"}
    client.post("/api/v1/auth/password", json=change).raise_for_status()


def _statuses(hurt: Hurt, name: str, count: int) -> dict[str, int]:
    return {f"{name} {n}": hurt.create(f"{name} {n}") for n in range(count)}


def _assert_kept(hurt: Hurt, asked: dict[str, int]) -> None:
    """Every 201 is a row; everything else was refused as a passing trouble."""
    assert {201, 503, 0} >= set(asked.values())
    assert {name for name, status in asked.items() if status == 201} <= hurt.names()


def test_killed(hurt: Hurt) -> None:
    """PostgreSQL dies between two writes, as in a power cut: nothing acknowledged is gone."""
    worst = 0.0
    for number in range(full(1, 10)):
        asked = _statuses(hurt, f"Kill {number} before", 3)
        hurt.postgres.kill()
        asked |= _statuses(hurt, f"Kill {number} without", 2)
        hurt.postgres.start()
        worst = max(worst, hurt.until_ready())
        asked |= _statuses(hurt, f"Kill {number} after", 2)

        _assert_kept(hurt, asked)
        assert [201] * 3 == [status for name, status in asked.items() if "before" in name]
        assert [503] * 2 == [status for name, status in asked.items() if "without" in name]
    recovered("PostgreSQL killed", condition=NOTHING_LOST, seconds=worst, limit=AGAIN_WITHIN)


def test_stopped(hurt: Hurt) -> None:
    """PostgreSQL freezes: status goes on answering, and work goes on when PostgreSQL does."""
    hurt.postgres.signal(signal.SIGSTOP)
    try:
        status = httpx.get(f"{hurt.stack.url}/api/health/status", trust_env=False, timeout=10)
        time.sleep(full(1, 15))
    finally:
        hurt.postgres.signal(signal.SIGCONT)
    seconds = hurt.until_ready()

    assert 200 == status.status_code
    _assert_kept(hurt, _statuses(hurt, "Thawed", 2))
    recovered(
        "PostgreSQL stopped (SIGSTOP)",
        condition="liveness answers meanwhile; goes on by itself",
        seconds=seconds,
        limit=AGAIN_WITHIN,
    )


def test_unreachable(hurt: Hurt) -> None:
    """The line is cut and connections are refused: 503 at once, and work when it is back."""
    hurt.postgres.line.cut()
    began = time.monotonic()
    asked = _statuses(hurt, "Cut", 2)
    refused_after = time.monotonic() - began
    hurt.postgres.line.heal()
    seconds = hurt.until_ready()

    assert {503} == set(asked.values())
    assert refused_after < 20
    _assert_kept(hurt, asked | _statuses(hurt, "Healed", 2))
    recovered("PostgreSQL unreachable", condition=NOTHING_LOST, seconds=seconds, limit=AGAIN_WITHIN)


def test_out_of_connections(hurt: Hurt) -> None:
    """Somebody else takes every connection: refused with 503, at work again when they are given back."""

    async def taken_by_others() -> list[Any]:
        found = []
        while True:
            try:
                found.append(await hurt.postgres.server.connect("postgres"))
            except asyncpg.PostgresError:
                return found

    async def scenario() -> dict[str, int]:
        hurt.postgres.line.cut()  # the API's own are gone, and it has to ask for new ones
        hurt.postgres.line.heal()
        others = await taken_by_others()
        try:
            return await asyncio.to_thread(_statuses, hurt, "Crowded", 2)
        finally:
            for connection in others:
                await connection.close()

    asked = asyncio.run(scenario())
    seconds = hurt.until_ready()

    assert {503} == set(asked.values())
    _assert_kept(hurt, asked | _statuses(hurt, "Room", 2))
    recovered(
        "PostgreSQL out of connections",
        condition=NOTHING_LOST,
        seconds=seconds,
        limit=AGAIN_WITHIN,
    )
