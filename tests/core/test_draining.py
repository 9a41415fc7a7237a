"""An app that was asked to stop: what it still answers, what it passes on, and when it ends."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from types import FrameType

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from app.core import draining
from app.local.serve import shut

PASSED_ON = {"X-Arv-May-Pass-On": "yes"}


async def _answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.method)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Requests to an app whose outermost layer drains."""
    app = Starlette(routes=[Route("/", _answer, methods=["GET", "HEAD", "POST"])])
    transport = httpx.ASGITransport(draining.Draining(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as opened:
        yield opened


@pytest.fixture
def stopped() -> Iterator[list[int]]:
    """The signals that reached whoever listened before; afterwards nothing drains any more."""
    heard: list[int] = []

    def hear(number: int, _frame: FrameType | None) -> None:
        heard.append(number)

    before = signal.signal(signal.SIGTERM, hear)
    try:
        yield heard
    finally:
        signal.signal(signal.SIGTERM, before)
        draining._stopping.clear()


async def test_before_the_end_nothing_is_refused(
    client: httpx.AsyncClient, stopped: list[int]
) -> None:
    """Whoever may pass requests on changes nothing while the app is to stay."""
    draining.drain_at_stop(60)

    answer = await client.get("/", headers=PASSED_ON)

    assert not draining.is_draining()
    assert (answer.status_code, "Connection" in answer.headers) == (200, False)


async def test_draining_passes_reads_on_and_serves_the_rest(
    client: httpx.AsyncClient, stopped: list[int]
) -> None:
    """502 only for what nginx may repeat elsewhere; whatever changes something is done here, once."""
    draining.drain_at_stop(60)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(0)

    read = await client.get("/", headers=PASSED_ON)
    written = await client.post("/", headers=PASSED_ON)
    asked_directly = await client.get("/")

    assert draining.is_draining()
    assert [read.status_code, written.status_code, asked_directly.status_code] == [502, 200, 200]
    assert {a.headers["Connection"] for a in (read, written, asked_directly)} == {"close"}
    assert stopped == []


async def test_the_server_stops_after_the_drain(stopped: list[int]) -> None:
    """Whoever stops the server hears of the signal when the time is over, and at once when asked twice."""
    draining.drain_at_stop(0.05)
    os.kill(os.getpid(), signal.SIGTERM)
    assert stopped == []
    async with asyncio.timeout(10):
        while not stopped:  # noqa: ASYNC110  (a signal tells nobody)
            await asyncio.sleep(0.01)

    os.kill(os.getpid(), signal.SIGTERM)

    assert stopped == [signal.SIGTERM, signal.SIGTERM]


async def test_without_a_drain_the_server_stops_at_once(stopped: list[int]) -> None:
    """0 seconds is how `arv up` runs: nobody stands before it."""
    draining.drain_at_stop(0)

    os.kill(os.getpid(), signal.SIGTERM)

    assert (stopped, draining.is_draining()) == ([signal.SIGTERM], False)


def test_nobody_connects_to_a_socket_that_was_shut() -> None:
    """Also while another process still holds it; a second time nothing happens."""
    with socket.create_server(("127.0.0.1", 0)) as listening, listening.dup() as of_another:
        address = listening.getsockname()

        shut([listening])
        shut([listening])

        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, timeout=5)
        assert of_another.fileno() >= 0
