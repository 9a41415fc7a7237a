"""Metrics: what is told, to whom, and while parts are away."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.core import metrics
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import current_engine, session_scope
from app.core.ids import uuid7
from app.core.jobs import Job, JobState
from app.core.queues import QUEUES
from app.health import figures
from app.health.queries import first_id_of
from app.local.ports import free_port
from app.tasks import presence

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    figures.forget()
    yield
    figures.forget()


def samples_of(answer: httpx.Response) -> Samples:
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


async def test_requests_are_counted_by_route_template(client: httpx.AsyncClient) -> None:
    """Two addresses of one route are one series; an address of no route makes none of its own."""
    route = {"method": "GET", "route": "/api/v1/companies/{company_id}/projects", "status": "401"}
    key = ("arv_http_requests_total", frozenset(route.items()))
    before = samples_of(await client.get("/metrics")).get(key, 0)
    for name in ("one", "two"):
        await client.get(f"/api/v1/companies/{name}/projects")

    samples = samples_of(await client.get("/metrics"))

    assert before + 2 == samples[key]
    assert not [key for key in samples if "/companies/one" in str(key)]
    assert value(samples, "arv_http_requests_in_flight") >= 1


async def test_rows_are_told(client: httpx.AsyncClient) -> None:
    """Waiting and dead jobs, workers and uploads, of the database as it is."""
    async with session_scope(system="test") as session:
        session.add(Job(task_name="default.x", queue="default"))
        failed = {"state": JobState.FAILED, "task_name": "markers.x", "queue": "markers"}
        session.add_all([Job(**failed), Job(**failed, refused=True)])
        await presence.show(session, "w", "worker", queues=["default"], slots=2)

    samples = samples_of(await client.get("/metrics"))

    assert 1 == value(samples, "arv_database_up")
    assert 1 == value(samples, "arv_jobs_waiting", queue="default")
    assert 0 == value(samples, "arv_jobs_waiting", queue="markers")
    assert 1 == value(samples, "arv_jobs_dead_letters", queue="markers")
    assert 1 == value(samples, "arv_workers", queue="default")
    assert 0 == value(samples, "arv_workers", queue="markers")
    assert 0 == value(samples, "arv_deliveries_waiting", kind="webhook")
    assert 1 == value(samples, "arv_ready", check="database")
    assert set(QUEUES) <= {
        dict(labels)["queue"] for name, labels in samples if name == "arv_jobs_running"
    }


async def test_figures_are_kept_for_ten_seconds(database: str) -> None:
    """Many scrapes ask the database once."""
    now = 100.0
    first = await figures.told(lambda: now)
    async with session_scope(system="test") as session:
        session.add(Job(task_name="default.x", queue="default"))

    kept = await figures.told(lambda: now + 9)
    fresh = await figures.told(lambda: now + 11)

    assert first == kept
    assert b'arv_jobs_waiting{queue="default"} 1.0' in fresh


async def test_a_scrape_survives_the_database(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it the scrape says so, and nothing old."""
    monkeypatch.setenv("DATABASE_URL", f"postgresql://127.0.0.1:{free_port()}/x")
    get_settings.cache_clear()

    samples = samples_of(await client.get("/metrics"))

    assert 0 == value(samples, "arv_database_up")
    assert 0 == value(samples, "arv_ready", check="database")
    assert not [name for name, _ in samples if name == "arv_jobs_waiting"]


async def test_who_waits_for_a_connection_is_counted(database: str) -> None:
    """The pool's use is seen while it is used up."""
    engine = current_engine()
    limit = get_settings().database.pool_size + get_settings().database.max_overflow
    held = [await engine.connect() for _ in range(limit)]
    waiting = asyncio.ensure_future(_connected(engine))
    await asyncio.sleep(0.05)
    full = (metrics.POOL_USED.collect(), metrics.POOL_WAITING.collect())
    for connection in held:
        await connection.close()
    await (await waiting).close()

    used, waited = (next(iter(family)).samples[0].value for family in full)
    assert (limit, 1) == (used, waited)
    assert next(iter(metrics.POOL_USED.collect())).samples[0].value == 0


async def _connected(engine: AsyncEngine) -> AsyncConnection:
    return await engine.connect()


@pytest.mark.parametrize(
    ("address", "headers", "token", "status"),
    [
        ("172.30.35.140", {}, "", 200),
        ("8.8.8.8", {}, "", 404),
        ("not-an-address", {}, "", 404),
        ("172.30.35.2", {"X-Forwarded-For": "203.0.113.7"}, "", 404),
        ("8.8.8.8", {"Authorization": "Bearer right"}, "right", 200),
        ("127.0.0.1", {"Authorization": "Bearer wrong"}, "right", 404),
        ("127.0.0.1", {}, "right", 404),
    ],
)
async def test_who_may_read(
    app: FastAPI,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    headers: dict[str, str],
    token: str,
    status: int,
) -> None:
    """Private addresses that ask for themselves, or the token's holder; for others it is not there."""
    monkeypatch.setenv("METRICS_TOKEN", token)
    get_settings.cache_clear()
    transport = httpx.ASGITransport(app=app, client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as caller:
        answer = await caller.get("/metrics", headers=headers)

    assert status == answer.status_code


def test_processes_of_one_api_are_told_together(database: str, tmp_path: Path) -> None:
    """Whichever of two processes answers, it tells of both; a dead API's folder is removed."""
    old = tmp_path / "arv-metrics-999999999-1"
    old.mkdir()
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", "app.main:create_app"]
    server = subprocess.Popen(
        [*command, f"--port={port}", "--workers=2", "--timeout-worker-healthcheck=60"],
        env={**os.environ, "TMPDIR": str(tmp_path), "LOG_LEVEL": "warning"},
    )
    try:
        counted, processes = ask_until_both_answered(port, tmp_path)
    finally:
        server.terminate()
        server.wait(timeout=20)

    assert (True, True) == (counted, processes >= 2)
    assert not old.exists()


def ask_until_both_answered(port: int, folder: Path) -> tuple[bool, int]:
    """Whether every request was counted once, and how many processes had counted."""
    deadline, asked = time.monotonic() + 120, 0
    processes: set[str] = set()
    while time.monotonic() < deadline:
        try:
            # A connection of its own each time, so that either process may take it.
            httpx.get(f"http://127.0.0.1:{port}/api/health/status", trust_env=False)
            asked += 1
        except httpx.TransportError:
            time.sleep(0.2)
        processes = {file.name for file in folder.glob("arv-metrics-*/counter_*.db")}
        if asked >= 20 and len(processes) >= 2:
            break
    answer = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)
    route = {"method": "GET", "route": "/api/health/status", "status": "200"}
    return value(samples_of(answer), "arv_http_requests_total", **route) == asked, len(processes)


async def test_counting_costs_microseconds() -> None:
    """A request is counted in less than a tenth of a millisecond, also on a busy machine."""
    scope = {"method": "GET", "fastapi": {}, "type": "http"}
    best = min(_seconds_of_counting(scope) for _ in range(5))

    assert best / 200 < 100e-6


def _seconds_of_counting(scope: dict) -> float:
    began = time.perf_counter()
    for _ in range(200):
        metrics.count_request(scope, 200, 0.01)
    return time.perf_counter() - began


def test_an_hour_is_found_by_the_primary_key() -> None:
    """Ids made from the moment on are not below its first, and earlier ones are."""
    now = utcnow()

    assert (
        first_id_of(now - timedelta(seconds=1)) < uuid7() < first_id_of(now + timedelta(minutes=1))
    )


async def test_a_schema_of_before_silences_only_what_it_lacks(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    """While an upgrade is under way the other figures are told."""
    await owner.execute("DROP TABLE restore_checks")

    samples = samples_of(await client.get("/metrics"))

    told = {name for name, _ in samples}
    assert "arv_backup_last_verified_restore_timestamp_seconds" not in told
    assert {"arv_backup_last_success_timestamp_seconds", "arv_views_this_month"} <= told
    assert 1 == value(samples, "arv_database_up")
