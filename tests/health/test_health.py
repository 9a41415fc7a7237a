"""Liveness and readiness."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
from redis.asyncio import Redis

from app.core import database, tenancy
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.queues import QUEUES
from app.tasks import presence


async def test_status_touches_nothing(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Liveness answers while everything else is away."""
    break_settings(monkeypatch, DATABASE_URL=dead_url("postgresql"))

    answer = await client.get("/api/health/status")

    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


async def test_ready_when_all_is_there(client: httpx.AsyncClient) -> None:
    """With database, schema, broker and storage in place the service is ready."""
    answer = await client.get("/api/health/readiness")

    checks = {
        "database": "ok",
        "migrations": "ok",
        "isolation": "ok",
        "broker": "ok",
        "storage": "ok",
    }
    assert answer.json() == {"status": "ready", "checks": checks}
    assert answer.status_code == 200


def dead_url(scheme: str) -> str:
    """An address where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/0"


def break_settings(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()


async def test_not_ready_without_a_broker(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broker that does not answer is named; the others stay ok."""
    break_settings(monkeypatch, CELERY_BROKER_URL=dead_url("redis"))

    answer = await client.get("/api/health/readiness")

    assert (answer.status_code, answer.json()["checks"]["broker"]) == (503, "failed")
    assert answer.json()["checks"]["database"] == "ok"


async def test_not_ready_on_a_broker_that_evicts(client: httpx.AsyncClient) -> None:
    """A broker that may throw jobs away is refused before it does."""
    broker = Redis.from_url(get_settings().broker.url)
    await broker.config_set("maxmemory-policy", "allkeys-lru")
    try:
        answer = await client.get("/api/health/readiness")
    finally:
        await broker.config_set("maxmemory-policy", "noeviction")
        await broker.aclose()

    assert (answer.status_code, answer.json()["checks"]["broker"]) == (503, "failed")


async def test_not_ready_when_the_schema_is_behind(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    """Code newer than the schema must not get requests."""
    await owner.execute("UPDATE alembic_version SET version_num = 'old'")

    answer = await client.get("/api/health/readiness")

    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "failed")


@pytest.mark.parametrize(
    ("applied", "is_ready"),
    [("20991231_235959_000001", True), ("20200101_000000_000001", False), ("", False)],
)
async def test_ready_on_the_schema_of_the_next_release(
    client: httpx.AsyncClient, owner: asyncpg.Connection, applied: str, is_ready: bool
) -> None:
    """A roll-out migrates first: whoever still runs the release before keeps getting requests."""
    await owner.execute("UPDATE alembic_version SET version_num = $1", applied)

    answer = await client.get("/api/health/readiness")

    assert (is_ready, "ok" if is_ready else "failed") == (
        answer.status_code == 200,
        answer.json()["checks"]["migrations"],
    )


async def test_not_ready_when_a_table_is_open(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    """A table whose policies are switched off is noticed."""
    await owner.execute("ALTER TABLE projects DISABLE ROW LEVEL SECURITY")

    answer = await client.get("/api/health/readiness")

    assert (answer.status_code, answer.json()["checks"]["isolation"]) == (503, "failed")


async def test_not_ready_as_a_superuser(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A role that stands above row level security is noticed."""
    login = urlsplit(get_settings().database.url).username
    monkeypatch.setattr(tenancy, "APP_ROLE", login)
    await database.dispose_engine()

    answer = await client.get("/api/health/readiness")

    assert (answer.status_code, answer.json()["checks"]["isolation"]) == (503, "failed")


async def test_not_ready_without_storage(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A storage folder that is not mounted is noticed before an upload is."""
    break_settings(monkeypatch, STORAGE_ROOT=str(tmp_path / "nowhere"))

    answer = await client.get("/api/health/readiness")

    assert (answer.status_code, answer.json()["checks"]["storage"]) == (503, "failed")


async def test_not_ready_without_a_database(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its database the service says so instead of crashing."""
    break_settings(monkeypatch, DATABASE_URL=dead_url("postgresql"))

    answer = await client.get("/api/health/readiness")

    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "failed")


async def test_detail_misses_workers_and_the_clock(client: httpx.AsyncClient) -> None:
    """Requests are served without them, so only the detail fails; with them it is complete."""
    alone = await client.get("/api/health/detail")
    ready = await client.get("/api/health/readiness")
    async with session_scope(system="test") as session:
        await presence.show(session, "w", "worker", queues=list(QUEUES), slots=2)
        await presence.show(session, "b", "beat", queues=[], slots=0)

    staffed = await client.get("/api/health/detail")

    assert (503, 200, 200) == (alone.status_code, ready.status_code, staffed.status_code)
    assert (dict.fromkeys(QUEUES, "failed"), "failed") == (
        alone.json()["workers"],
        alone.json()["beat"],
    )
    assert "complete" == staffed.json()["status"]
