"""A bucket fails in every way it can: what was acknowledged is there, the rest is refused clearly."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from fastapi import FastAPI

from app.core.config import get_settings
from app.storage.backends import s3 as backend
from tests.faults.report import full, recovered
from tests.faults.storing import REFUSAL_SECONDS, kept, proved, refused, upload
from tests.storage.test_connections import PATH, body_for, connect
from tests.support import people
from tests.support.fault_proxy import FaultProxy
from tests.support.people import Member
from tests.support.s3 import S3Server, make_bucket

ERRORS = {
    500: "<Error><Code>InternalError</Code></Error>",
    503: "<Error><Code>SlowDown</Code></Error>",
    403: "<Error><Code>InvalidAccessKeyId</Code></Error>",
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The server is on this machine; a silent one is given up sooner than in production."""
    monkeypatch.setattr(backend, "ANSWER_SECONDS", 1)
    monkeypatch.setattr(backend, "RETRY_SECONDS", 2)
    monkeypatch.setenv("OUTBOUND_ALLOWED_NETWORKS", "127.0.0.0/8")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


@dataclass
class AnsweringProxy:
    """Passes every connection on to the server, or answers each request with an error."""

    upstream: int
    status: int | None = None
    port: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def answer(self, status: int | None) -> None:
        """From now on; connections that were open end, so that nothing passes them by."""
        self.status = status
        for writer in self._open:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            if self.status is None:
                up = await asyncio.open_connection("127.0.0.1", self.upstream)
                await asyncio.gather(_pump(reader, up[1]), _pump(up[0], writer))
            else:
                await self._refuse(reader, writer)
        except OSError:
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _refuse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        body = ERRORS[self.status or 500]
        writer.write(
            f"HTTP/1.1 {self.status} Error\r\nContent-Type: application/xml\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()
        )
        await writer.drain()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def answering(s3: S3Server) -> AsyncIterator[AnsweringProxy]:
    proxy = AnsweringProxy(s3.port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        proxy.answer(503)
        server.close()


async def owner_behind(app: FastAPI, s3: S3Server, port: int) -> Member:
    """Somebody whose company keeps its files behind this port."""
    owner = await people.make_member(app)
    body = body_for(
        s3, make_bucket(s3), endpoint=f"http://127.0.0.1:{port}", delivery="through_arv"
    )
    made = await connect(owner, body)
    assert 200 == (await owner.post(f"{PATH}/{made['id']}/activate")).status_code
    return owner


@pytest.mark.parametrize("status", [500, 503, 403])
async def test_a_bucket_that_answers_errors_loses_nothing(
    status: int, app: FastAPI, s3: S3Server
) -> None:
    """500, 503, and a key that was withdrawn: refused while it lasts, accepted after."""
    words = {500: "S3 answers 500", 503: "S3 answers 503", 403: "S3 credentials revoked"}
    async with answering(s3) as proxy:
        owner = await owner_behind(app, s3, proxy.port)
        before = await upload(owner, 1)
        assert 201 == before.status_code, before.text
        for turn in range(full(1, 10)):
            proxy.answer(status)
            await refused(owner, 100 + turn)
            proxy.answer(None)
            await proved(owner, before, words[status], 200 + turn)


@pytest.mark.parametrize("fault", ["cut", "stall", "reset"])
async def test_a_line_that_breaks_loses_nothing(fault: str, app: FastAPI, s3: S3Server) -> None:
    """Refused connections, a server that is silent, resets amid a transfer."""
    words = {"cut": "S3 unreachable", "stall": "S3 silent", "reset": "S3 connections reset"}
    with FaultProxy("127.0.0.1", s3.port) as line:
        owner = await owner_behind(app, s3, line.port)
        before = await upload(owner, 1)
        assert 201 == before.status_code, before.text
        for turn in range(full(1, 10)):
            if fault == "reset":
                line.reset_after = 300
            else:
                getattr(line, fault)()
            await refused(owner, 100 + turn)
            line.heal()
            await proved(owner, before, words[fault], 200 + turn)


async def test_a_slow_bucket_is_waited_for(app: FastAPI, s3: S3Server) -> None:
    """A line of 100 kB/s with delay is slow, and works."""
    with FaultProxy("127.0.0.1", s3.port) as line:
        owner = await owner_behind(app, s3, line.port)
        line.latency, line.rate = 0.05, 100_000
        started = time.monotonic()
        answer = await upload(owner, 1)
        assert 201 == answer.status_code, answer.text
        assert await kept(owner, answer)
        recovered(
            "S3 slow (100 kB/s, 50 ms)",
            condition="uploads accepted",
            seconds=time.monotonic() - started,
            limit=REFUSAL_SECONDS,
        )
