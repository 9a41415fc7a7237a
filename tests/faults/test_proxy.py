"""The tools of the fault tests do break what they say they break."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.faults.report import recovered
from tests.support.fault_proxy import FaultProxy


@pytest.fixture
async def line() -> AsyncIterator[FaultProxy]:
    """A proxy before a server that gives back what it gets."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    try:
        with FaultProxy("127.0.0.1", server.sockets[0].getsockname()[1]) as proxy:
            yield proxy
    finally:
        server.close()


async def _echoed(proxy: FaultProxy, content: bytes = b"hello") -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        writer.write(content)
        return await reader.readexactly(len(content))
    finally:
        writer.close()


async def test_it_passes_bytes_on(line: FaultProxy) -> None:
    """Without a fault nothing is changed on the way."""
    content = bytes(range(256)) * 1000

    assert await _echoed(line, content) == content


async def test_a_cut_line_resets_and_refuses_until_it_heals(line: FaultProxy) -> None:
    """A cut is a reset for who is connected and a refusal for who comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    writer.write(b"hello")
    assert await reader.readexactly(5) == b"hello"

    line.cut()

    with pytest.raises(ConnectionResetError):
        await reader.readexactly(1)
    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await _echoed(line)
    line.heal()
    assert await _echoed(line) == b"hello"


async def test_a_stalled_line_is_silent_until_it_heals(line: FaultProxy) -> None:
    """A stall is silence: only a time limit of your own ends the wait."""
    line.stall()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await _echoed(line)
    line.heal()
    assert await _echoed(line) == b"hello"


async def test_latency_and_rate_slow_it_down(line: FaultProxy) -> None:
    """A slow line is as slow as it was asked to be."""
    line.latency = 0.1
    started = time.perf_counter()
    await _echoed(line)
    assert time.perf_counter() - started >= 0.2

    line.heal()
    line.rate = 100_000
    started = time.perf_counter()
    await _echoed(line, b"x" * 20_000)
    assert time.perf_counter() - started >= 0.35


async def test_it_resets_after_so_many_bytes(line: FaultProxy) -> None:
    """A line that breaks in the middle breaks there, and short messages still pass."""
    line.reset_after = 40_000

    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError, BrokenPipeError)):
        await _echoed(line, b"x" * 100_000)
    assert await _echoed(line, b"x" * 1000) == b"x" * 1000


def test_a_late_recovery_fails() -> None:
    """A promise that was not kept fails its test."""
    with pytest.raises(AssertionError, match="at most 60 s"):
        recovered("a worker killed", condition="it runs again", seconds=61, limit=60)
