"""A Yandex Disk fails in every way it can: what was acknowledged is there, the rest is refused clearly."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.storage import grants
from app.storage.backends import yandex_api
from app.storage.grants import Granted
from app.storage.models import StorageConnection
from tests.faults.report import full, recovered
from tests.faults.storing import REFUSAL_SECONDS, kept, proved, refused, upload
from tests.storage.keeping_world import connect_disk, set_up_yandex
from tests.support import people
from tests.support.fault_proxy import FaultProxy
from tests.support.people import Member
from tests.support.yandex import Yandex, yandex_beside

MANY = 10_000
FAULTS: dict[str, Callable[[FaultProxy, Yandex], object]] = {
    "unreachable": lambda line, _: line.cut(),
    "silent": lambda line, _: line.stall(),
    "connections reset": lambda line, _: setattr(line, "reset_after", 300),
    "answers 503": lambda _, yandex: yandex.fail_next(503, times=MANY),
    "answers 500": lambda _, yandex: yandex.fail_next(500, times=MANY),
}


@pytest.fixture
def yandex() -> Iterator[Yandex]:
    with yandex_beside() as running:
        yield running


@pytest.fixture
def line(yandex: Yandex) -> Iterator[FaultProxy]:
    """Between the service and Yandex: the API, and the hosts of uploads and downloads."""
    with FaultProxy("127.0.0.1", httpx.URL(yandex.url).port or 0) as proxy:
        yandex.url = f"http://127.0.0.1:{proxy.port}"
        yield proxy


@pytest.fixture
async def owner(
    app: FastAPI, yandex: Yandex, line: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Member]:
    """Somebody whose company keeps its files on the Disk; a silent one is given up after a second."""
    set_up_yandex(yandex, monkeypatch)
    monkeypatch.setattr(yandex_api, "_TIMEOUT", httpx.Timeout(1.0))
    member = await people.make_member(app)
    connection_id = await connect_disk(yandex, member.company_id)
    async with session_scope(system="tests") as session:
        await session.execute(
            update(StorageConnection)
            .where(StorageConnection.id == connection_id)
            .values(is_default=True)
        )
    yield member
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_disk_that_fails_loses_nothing(
    fault: str, owner: Member, line: FaultProxy, yandex: Yandex
) -> None:
    """Refused while it lasts, accepted after; nothing half sent is ever seen under a key."""
    before = await upload(owner, 1)
    assert 201 == before.status_code, before.text
    for turn in range(full(1, 10)):
        FAULTS[fault](line, yandex)
        await refused(owner, 100 + turn)
        line.heal()
        yandex.failures.clear()
        await proved(owner, before, f"Yandex Disk {fault}", 200 + turn)


async def test_a_grant_taken_back_is_refused_until_it_is_given_again(
    owner: Member, yandex: Yandex
) -> None:
    """No retry helps, so it is said at once; after a new consent everything goes on."""
    before = await upload(owner, 1)
    assert 201 == before.status_code, before.text
    connections = (await owner.get("/storage-connections")).json()["items"]
    disk = next(each for each in connections if each["kind"] == "yandex_disk")
    for turn in range(full(1, 10)):
        yandex.revoke()
        await refused(owner, 100 + turn)
        await _consent_anew(yandex, owner, UUID(disk["id"]))
        await proved(owner, before, "Yandex token revoked", 200 + turn)


async def _consent_anew(yandex: Yandex, owner: Member, connection_id: UUID) -> None:
    given = yandex.issue()
    granted = Granted(
        given["access_token"],
        given["refresh_token"],
        utcnow() + timedelta(seconds=given["expires_in"]),
    )
    async with session_scope(system="tests") as session:
        await grants.save_grant(session, connection_id, owner.company_id, granted)


async def test_a_slow_disk_is_waited_for(
    owner: Member, line: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line of 100 kB/s with delay is slow, and works."""
    monkeypatch.setattr(yandex_api, "_TIMEOUT", httpx.Timeout(30.0))
    line.latency, line.rate = 0.02, 100_000
    started = time.monotonic()
    answer = await upload(owner, 1)
    assert 201 == answer.status_code, answer.text
    assert await kept(owner, answer)
    recovered(
        "Yandex Disk slow (100 kB/s, 20 ms)",
        condition="uploads accepted",
        seconds=time.monotonic() - started,
        limit=REFUSAL_SECONDS,
    )
