"""A company's own hostname: asked for, proved by DNS, used, and lost again."""

import asyncio
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from fastapi import FastAPI
from PIL import Image

from app.core.clock import utcnow
from app.core.config import get_settings
from app.domains import hosts, service
from tests.support import people
from tests.support.codes import read_code
from tests.support.contents import make_published
from tests.support.people import Member

HOST = "prints.example.com"


class Zone(asyncio.DatagramProtocol):
    """A name server with the TXT records of a test."""

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.is_broken = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, address: Any) -> None:
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        question = query.question[0]
        values = self.records.get(question.name.to_text(omit_final_dot=True))
        if self.is_broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif values is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            texts = [f'"{value}"' for value in values]
            answer.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", "TXT", texts))
        self.transport.sendto(answer.to_wire(), address)


@contextmanager
def resolving_by(port: int) -> Iterator[None]:
    os.environ["DNS_SERVERS"] = f"127.0.0.1:{port}"
    get_settings.cache_clear()
    try:
        yield
    finally:
        del os.environ["DNS_SERVERS"]
        get_settings.cache_clear()


@pytest.fixture
async def zone(database: str) -> Any:
    transport, served = await asyncio.get_running_loop().create_datagram_endpoint(
        Zone, local_addr=("127.0.0.1", 0)
    )
    hosts.forget()
    with resolving_by(transport.get_extra_info("sockname")[1]):
        yield served
    transport.close()
    hosts.forget()


async def ask_for(member: Member, host: str = HOST) -> dict[str, Any]:
    answer = await member.client.put(member.path("/domain"), json={"hostname": host})
    assert 200 == answer.status_code, answer.text
    return answer.json()


async def verified(member: Member, zone: Zone, host: str = HOST) -> dict[str, Any]:
    record = (await ask_for(member, host))["record"]
    zone.records.setdefault(record["name"], []).append(record["value"])
    return (await member.post("/domain/verify")).json()


async def test_a_hostname_is_proved_by_its_record(app: FastAPI, zone: Zone) -> None:
    """Pending, failed with the reason, then verified once the record is there."""
    owner = await people.make_member(app)
    asked = await ask_for(owner, "Prints.Example.COM.")
    missing = (await owner.post("/domain/verify")).json()
    zone.records[asked["record"]["name"]] = ["something else"]
    other = (await owner.post("/domain/verify")).json()
    zone.records[asked["record"]["name"]].append(asked["record"]["value"])

    proved = (await owner.post("/domain/verify")).json()

    assert (HOST, "pending") == (asked["hostname"], asked["state"])
    assert ("failed", "no_record") == (missing["state"], missing["failure"])
    assert ("failed", "other_value") == (other["state"], other["failure"])
    assert ("verified", None) == (proved["state"], proved["failure"])


async def test_links_and_codes_use_it(app: FastAPI, zone: Zone, tmp_path: Path) -> None:
    """From then on the link, the printed code and the page are at the company's hostname."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    await verified(owner, zone)

    link = (await owner.get(f"/contents/{content['id']}")).json()["public_url"]
    code = await owner.get(f"/contents/{content['id']}/qr.png")

    assert f"http://{HOST}/ar/{content['public_id']}" == link
    assert link == read_code(Image.open(io.BytesIO(code.content)))


async def test_nothing_private_is_at_a_company_s_hostname(
    app: FastAPI, zone: Zone, tmp_path: Path
) -> None:
    """Its own prints are; the panel, signing in and another company's prints look like nothing."""
    owner, other = await people.make_member(app), await people.make_member(app)
    mine, theirs = [(await make_published(m, tmp_path))["public_id"] for m in (owner, other)]
    await verified(owner, zone)
    here = {"Host": f"{HOST}:8000"}
    client = people.client_of(app)

    async def status(path: str, method: str = "GET") -> int:
        return (await client.request(method, path, headers=here)).status_code

    assert 200 == await status(f"/api/v1/viewer/{mine}/manifest")
    assert 404 == await status(f"/api/v1/viewer/{theirs}/manifest")
    assert 404 == await status(f"/ar/{theirs}")
    assert 404 == await status("/")
    assert 404 == await status("/api/v1/auth/sign-in", "POST")
    assert 404 == await status("/api/v1/auth/me")
    assert 200 == (await client.get(f"/api/v1/viewer/{mine}/manifest")).status_code


async def test_one_hostname_is_one_company_s(app: FastAPI, zone: Zone) -> None:
    """Many may ask; the second to prove it is told, and asking blocks nobody."""
    first, second = await people.make_member(app), await people.make_member(app)
    squatted = await ask_for(second)
    proved = await verified(first, zone)
    zone.records[squatted["record"]["name"]].append(squatted["record"]["value"])

    refused = await second.post("/domain/verify")

    assert "verified" == proved["state"]
    assert (409, "domain_taken") == (refused.status_code, refused.json()["code"])


async def test_a_hostname_is_lost_only_after_days(app: FastAPI, zone: Zone) -> None:
    """A resolver that fails takes nothing away; a record that stays away for three days does."""
    owner = await people.make_member(app)
    await verified(owner, zone)
    states = []

    async def look(days: float) -> None:
        await service.recheck_all(now=utcnow() + timedelta(days=days))
        states.append((await owner.get("/domain")).json()["state"])

    zone.is_broken = True
    await look(1)
    zone.is_broken = False
    zone.records.clear()
    for days in (10, 11, 14):
        await look(days)

    assert ["verified", "verified", "verified", "failed"] == states


@pytest.mark.parametrize(
    "host",
    ["", "localhost", "a b.example", "10.0.0.1", "-a.example", "http://a.example", "testserver"],
)
async def test_what_is_no_hostname_is_refused(app: FastAPI, host: str) -> None:
    """Addresses, single labels and links are none."""
    owner = await people.make_member(app)

    answer = await owner.client.put(owner.path("/domain"), json={"hostname": host})

    assert 422 == answer.status_code
