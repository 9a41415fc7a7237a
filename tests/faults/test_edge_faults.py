"""nginx under slow clients, a changed certificate, a greedy tenant, its own death, a line cut behind it."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import trustme

from ops import nginx
from tests.containers.believing_app import BelievingServer
from tests.containers.edge import Edge, free_address
from tests.faults.report import full, recovered
from tests.support.fault_proxy import FaultProxy

HALF_A_REQUEST = b"GET / HTTP/1.1\r\nHost: arv\r\nX-Slow: "


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def give_certificate(folder: Path, authority: trustme.CA) -> str:
    """A new pair, as a client of an issuer writes it; the serial number of the certificate."""
    folder.mkdir(exist_ok=True)
    issued = authority.issue_cert("localhost", "127.0.0.1")
    issued.private_key_pem.write_to_path(str(folder / "privkey.pem"))
    issued.cert_chain_pems[0].write_to_path(str(folder / "fullchain.pem"))
    return ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode()).hex()


@pytest.fixture
def line() -> Iterator[FaultProxy]:
    """The line between nginx and an app that answers everything."""
    app = free_address()
    with BelievingServer(app), FaultProxy("127.0.0.1", int(app.split(":")[1])) as proxy:
        yield proxy


@pytest.fixture
def edge(line: FaultProxy, authority: trustme.CA, tmp_path: Path) -> Iterator[Edge]:
    for app in ("admin", "viewer"):
        (tmp_path / app / "assets").mkdir(parents=True)
        (tmp_path / app / "index.html").write_text("<!doctype html><title>ARV</title>")
    give_certificate(tmp_path / "certificates", authority)
    place = nginx.Place(
        tmp_path / "edge",
        free_address(),
        f"127.0.0.1:{line.port}",
        tmp_path,
        tmp_path,
        https=free_address(),
        certificates=tmp_path / "certificates",
        check_certificate_seconds=1,
        app_rest_seconds=1,
    )
    started = Edge(place)
    try:
        started.start()
        yield started
    finally:
        started.stop()


@pytest.fixture
async def visitor(edge: Edge, authority: trustme.CA) -> AsyncIterator[httpx.AsyncClient]:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    async with httpx.AsyncClient(
        base_url=edge.https_url, verify=context, trust_env=False, timeout=30
    ) as client:
        yield client


async def dribble(edge: Edge, until: asyncio.Event) -> int:
    """A client that sends a byte now and then; the seconds nginx bore it."""
    host, port = edge.place.listen.split(":")
    begun = time.monotonic()
    reader, writer = await asyncio.open_connection(host, int(port))
    with suppress(OSError):
        writer.write(HALF_A_REQUEST)
        while not until.is_set() and not reader.at_eof():
            writer.write(b"x")
            await writer.drain()
            with suppress(TimeoutError):
                await asyncio.wait_for(reader.read(1), 0.5)
    writer.close()
    return round(time.monotonic() - begun)


async def test_slow_clients_are_in_nobodys_way(edge: Edge, visitor: httpx.AsyncClient) -> None:
    """Hundreds who never finish a request: others are answered at once, and they are let go."""
    ended = asyncio.Event()
    crowd = [asyncio.create_task(dribble(edge, ended)) for _ in range(full(200, 1000))]
    await asyncio.sleep(1)

    waits = []
    for _ in range(20):
        begun = time.monotonic()
        assert 200 == (await visitor.get("/api/v1/x")).status_code
        waits.append(time.monotonic() - begun)
    if full(0, 1):  # nginx gives a head 15 s
        assert max(await asyncio.gather(*crowd)) < 40
    ended.set()
    await asyncio.gather(*crowd)

    recovered(
        "slow clients (slowloris)",
        condition="others are answered as if there were none; a head takes 15 s at most",
        seconds=max(waits),
        limit=5,
        detail=f"{len(crowd)} slow ones, median of the others {sorted(waits)[10] * 1000:.0f} ms",
    )


async def shown_certificate(edge: Edge) -> str:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    host, port = edge.place.https.split(":")
    _reader, writer = await asyncio.open_connection(host, int(port), ssl=context)
    shown: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return shown.hex()


async def status_as_a_browser_sees_it(visitor: httpx.AsyncClient, path: str) -> int:
    """A server may close a connection nobody uses at any moment; whoever just began to use it asks once more
    on a new one, as RFC 9112 (9.3.1) allows and browsers do."""
    try:
        return (await visitor.get(path)).status_code
    except (httpx.ReadError, httpx.RemoteProtocolError):
        return (await visitor.get(path, headers={"Connection": "close"})).status_code


async def test_a_certificate_is_changed_under_load(
    edge: Edge, visitor: httpx.AsyncClient, authority: trustme.CA
) -> None:
    """Nobody asks for a reload: the new pair is taken by itself, and no request fails."""
    statuses: list[int] = []
    is_changed = asyncio.Event()

    async def visit() -> None:
        while not is_changed.is_set():
            statuses.append(await status_as_a_browser_sees_it(visitor, "/assets/none.js"))
            await asyncio.sleep(0.01)

    crowd = [asyncio.create_task(visit()) for _ in range(10)]
    new = give_certificate(edge.place.certificates, authority)
    begun = time.monotonic()
    while await shown_certificate(edge) != new:
        assert time.monotonic() - begun < 60, edge.log.read_text()[-2000:]
        await asyncio.sleep(0.1)
    seconds = time.monotonic() - begun
    is_changed.set()
    await asyncio.gather(*crowd)

    assert {404} == set(statuses)
    recovered(
        "certificate swapped",
        condition="taken without a reload by hand; 0 requests fail",
        seconds=seconds,
        limit=30,
        detail=f"{len(statuses)} requests meanwhile",
    )


async def test_a_pair_that_does_not_fit_is_left_aside(
    edge: Edge, visitor: httpx.AsyncClient
) -> None:
    """Half a renewal: the certificate of before stays, and the log says why."""
    before = await shown_certificate(edge)
    (edge.place.certificates / "privkey.pem").write_text("half a key")
    deadline = time.monotonic() + 30
    while "is not the key of" not in edge.log.read_text():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)

    assert before == await shown_certificate(edge)
    assert 200 == (await visitor.get("/api/v1/x")).status_code


async def test_one_tenant_at_fifty_times_the_others(edge: Edge, visitor: httpx.AsyncClient) -> None:
    """Its key is told to wait; the others, behind the same address, have all of theirs answered."""
    greedy = {"Authorization": f"Bearer arv_{'a' * 32}_secret"}
    modest = [{"Authorization": f"Bearer arv_{letter * 32}_secret"} for letter in "bcdef"]

    async def ask(headers: dict[str, str], times: int) -> list[int]:
        return [
            (await visitor.get("/api/v1/companies", headers=headers)).status_code
            for _ in range(times)
        ]

    begun = time.monotonic()
    refused, *others = await asyncio.gather(
        ask(greedy, 150), *(ask(headers, 3) for headers in modest)
    )
    seconds = time.monotonic() - begun

    assert 429 in refused
    assert [[200] * 3] * 5 == others
    recovered(
        "one tenant at fifty times the others",
        condition="429 for it, every request of the others answered",
        seconds=seconds,
        limit=60,
        detail=f"{refused.count(429)} of 150 refused",
    )


async def test_nginx_killed_and_back(edge: Edge, visitor: httpx.AsyncClient) -> None:
    """Killed with everything it holds, it starts again as it was, without a hand."""
    edge.kill()
    with pytest.raises(httpx.TransportError):
        await visitor.get("/api/v1/x")

    begun = time.monotonic()
    edge.start_again()
    status = (await visitor.get("/api/v1/x")).status_code

    assert 200 == status
    recovered(
        "nginx killed",
        condition="the same certificate and routes at once",
        seconds=time.monotonic() - begun,
        limit=10,
    )


# Silence takes ten seconds to be noticed: in `make chaos` only.
@pytest.mark.parametrize("fault", ["cut", "silent"][: full(1, 2)])
async def test_line_to_the_app_is_lost(
    edge: Edge, line: FaultProxy, visitor: httpx.AsyncClient, fault: str
) -> None:
    """Programs get a problem document soon, the panel loads on, and the next request after it succeeds."""
    assert 200 == (await visitor.get("/api/v1/x")).status_code
    line.cut() if fault == "cut" else line.stall()
    lost = await visitor.get(
        "/api/v1/viewer/6f9619ff-8b86-4d01-b42d-00cf4fc964ff/manifest"
        if fault == "silent"
        else "/api/v1/x"
    )
    panel = await visitor.get("/")
    line.heal()
    begun = time.monotonic()
    back = await visitor.get("/api/v1/x")
    while back.status_code != 200:
        await asyncio.sleep(0.05)
        back = await visitor.get("/api/v1/x")

    assert (503, "service_unavailable", 200) == (
        lost.status_code,
        lost.json()["code"],
        panel.status_code,
    )
    recovered(
        f"line between nginx and the API {fault}",
        condition="503 with Retry-After, the panel still loads, back with the line",
        seconds=time.monotonic() - begun,
        limit=10,
    )
