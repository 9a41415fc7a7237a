"""What tests of storages' faults do: upload, be refused clearly, and prove that all goes on by itself."""

import asyncio
import time
from typing import Any

import httpx

from tests.faults.report import recovered
from tests.support import media
from tests.support.people import Member

# A second on an idle machine; a machine with other work on it is not what is tested.
RECOVERY_SECONDS = 60.0
# How long people wait at most before they are told that it did not work.
REFUSAL_SECONDS = 60.0


async def upload(owner: Member, seed: int) -> httpx.Response:
    return await owner.post(
        "/uploads",
        params={"purpose": "image", "filename": "a.jpg"},
        content=media.photo(320, 240, seed=seed),
    )


async def kept(owner: Member, answer: httpx.Response) -> bool:
    """Whether an acknowledged upload can be fetched."""
    listed: list[dict[str, Any]] = (await owner.get("/uploads")).json()["items"]
    return answer.json()["id"] in [upload["id"] for upload in listed]


async def proved(owner: Member, before: httpx.Response, fault: str, seed: int) -> None:
    """It runs again by itself, and what was acknowledged before is still there."""
    healed = time.monotonic()
    while (again := await upload(owner, seed)).status_code != 201:
        assert time.monotonic() - healed < RECOVERY_SECONDS, again.text
        await asyncio.sleep(0.2)
    seconds = time.monotonic() - healed
    assert await kept(owner, before)
    assert await kept(owner, again)
    assert (await owner.get("/uploads")).status_code == 200
    recovered(
        fault,
        condition="acknowledged files kept, the rest refused, uploads accepted again",
        seconds=seconds,
        limit=RECOVERY_SECONDS,
    )


async def refused(owner: Member, seed: int) -> None:
    """A clear answer in bounded time, and nothing half kept."""
    before = (await owner.get("/uploads")).json()["items"]
    asked = time.monotonic()
    answer = await upload(owner, seed)
    assert time.monotonic() - asked < REFUSAL_SECONDS
    assert 503 == answer.status_code, answer.text
    assert "application/problem+json" == answer.headers["content-type"]
    assert "Nothing of it was kept" in answer.json()["detail"]
    assert before == (await owner.get("/uploads")).json()["items"]
