"""Errors told to a tracker: what helps to find them, and nothing of people or secrets."""

import asyncio
import gzip
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from app import __version__
from app.core import error_tracking
from app.core.config import get_settings
from app.core.logging import configure_logging
from tests.support.http_sink import HttpSink, http_sink

PASSWORD, PERSON, QUERY, COOKIE, TOKEN = SECRETS = (
    *("hunter2", "anna.weber", "query-secret", "session-cookie", "arv_token_1234567"),
)


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    get_settings.cache_clear()


def events_of(sink: HttpSink) -> list[dict[str, Any]]:
    """The events of every envelope that arrived."""
    found = []
    for request in sink.received:
        is_packed = request.headers.get("content-encoding") == "gzip"
        body = gzip.decompress(request.body) if is_packed else request.body
        lines = [json.loads(line) for line in body.splitlines() if line]
        found += [line for line in lines if "event_id" in line and "logentry" in line]
    return found


async def told(monkeypatch: pytest.MonkeyPatch, happen: Any) -> list[dict[str, Any]]:
    """What the tracker hears of what happens."""
    async with http_sink() as sink:
        monkeypatch.setenv("SENTRY_DSN", f"http://public@127.0.0.1:{sink.port}/1")
        get_settings.cache_clear()
        configure_logging("info", "json")
        error_tracking.start("api")
        happen()
        await asyncio.to_thread(error_tracking.stop)
        return events_of(sink)


def fail() -> None:
    password = PASSWORD
    try:
        raise ValueError(f"postgresql://arv:{password}@db/arv refused {PERSON}@example.com")
    except ValueError:
        structlog.get_logger("app.thing").exception(
            "thing.failed",
            thing_id="7",
            cookie=COOKIE,
            url=f"https://x/?token={QUERY}",
            header=f"Bearer {TOKEN}",
        )


async def test_an_error_is_told_with_what_leads_to_its_log_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The event's name, its stack, the release and the request; one event for each error."""
    with structlog.contextvars.bound_contextvars(request_id="r" * 32, company_id="c1"):
        [event] = await told(monkeypatch, fail)

    assert "thing.failed" == event["logentry"]["message"]
    assert f"arv@{__version__}" == event["release"]
    assert {"request_id": "r" * 32, "company_id": "c1"} == event["tags"]
    [error] = event["exception"]["values"]
    assert "ValueError" == error["type"]
    assert "fail" == error["stacktrace"]["frames"][-1]["function"]


async def test_nothing_secret_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable, no cookie, no token, no password, no address; no request and no user at all."""
    [event] = await told(monkeypatch, fail)

    written = json.dumps(event)
    assert [] == [secret for secret in SECRETS if secret in written]
    assert "vars" not in written
    assert not {"request", "user", "modules"} & event.keys()


async def test_what_is_no_error_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Warnings stay in the log."""
    assert [] == await told(monkeypatch, lambda: structlog.get_logger("a").warning("thing.slow"))


async def test_a_tracker_that_is_away_disturbs_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Logging goes on, and the end waits for a few seconds at most."""
    monkeypatch.setenv("SENTRY_DSN", "http://public@127.0.0.1:9/1")
    get_settings.cache_clear()
    configure_logging("info", "json")
    error_tracking.start("api")

    fail()
    async with asyncio.timeout(10):
        await asyncio.to_thread(error_tracking.stop)


def test_nothing_is_loaded_for_who_wants_neither() -> None:
    """Neither Sentry nor the exporter of traces is imported while no address is set."""
    code = (
        "import sys, app.core.tracing, app.core.error_tracking as t; app.core.tracing.start('api'); "
        "t.start('api'); print([m for m in sys.modules if m.startswith(('sentry_sdk', "
        "'opentelemetry.exporter', 'opentelemetry.sdk.trace', 'google.protobuf'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert "[]" == done.stdout.strip()
