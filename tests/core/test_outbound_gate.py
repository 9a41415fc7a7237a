"""The gate: what a provider's SDK may reach, whatever its endpoint answers."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest

from app.core import outbound_gate
from app.core.outbound import AddressRefused
from app.core.outbound_gate import REFUSED_STATUS, gate
from tests.support.settings import TEST_SECRET, applied

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


@pytest.fixture(autouse=True)
def _own_network() -> Iterator[None]:
    settings = {"ENVIRONMENT": "test", "SECRET_KEY": TEST_SECRET, "ARV_ENV_FILE": os.devnull}
    with applied(settings | {"OUTBOUND_ALLOWED_NETWORKS": "127.0.0.0/8"}):
        yield


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def get(url: str, proxy: str) -> httpx.Response:
    async with httpx.AsyncClient(proxy=proxy, trust_env=False, follow_redirects=True) as client:
        return await client.get(url)


async def test_a_pass_leads_to_its_origin_and_nowhere_else() -> None:
    """Another port of the same machine is another origin; a made-up pass is none."""
    async with answering(OK) as port, answering(OK) as other:
        allowed = gate().pass_for("127.0.0.1", port)
        forged = f"http://nobody:x@127.0.0.1:{gate().port}"

        assert "ok" == (await get(f"http://127.0.0.1:{port}/", allowed)).text
        for url, proxy in (
            (f"http://127.0.0.1:{other}/", allowed),
            (f"http://127.0.0.1:{port}/", forged),
        ):
            assert REFUSED_STATUS == (await get(url, proxy)).status_code
        with pytest.raises(httpx.ProxyError):
            await get(f"https://127.0.0.1:{other}/", allowed)


async def test_a_redirect_into_our_network_ends_at_the_gate() -> None:
    """The endpoint is a stranger's: where it sends the client is not where the client may go."""
    async with answering(OK) as inside:
        moved = f"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:{inside}/secret\r\nContent-Length: 0\r\n\r\n"
        async with answering(moved.encode()) as port:
            answer = await get(f"http://127.0.0.1:{port}/", gate().pass_for("127.0.0.1", port))
    assert REFUSED_STATUS == answer.status_code


async def test_a_name_is_looked_at_for_every_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere the second time (DNS rebinding) is not followed there."""
    async with answering(OK) as port:
        allowed = gate().pass_for("localhost", port)
        first = await get(f"http://localhost:{port}/", allowed)
        monkeypatch.setattr(outbound_gate, "checked_address", _refuse)
        second = await get(f"http://localhost:{port}/", allowed)
    assert (200, REFUSED_STATUS) == (first.status_code, second.status_code)


async def _refuse(host: str, port: int) -> None:
    raise AddressRefused(f"{host}:{port} is ours")
