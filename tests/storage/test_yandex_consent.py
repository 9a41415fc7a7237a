"""Connecting a Yandex account, and keeping its tokens fresh."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from app.core import crypto
from app.core.clock import utcnow
from app.core.database import session_scope
from app.storage import grants
from app.storage.grants import GrantTokens
from app.storage.models import StorageConnection, StorageGrant
from app.storage.port import StorageRefused, StorageUnavailable
from tests.storage.keeping_world import World
from tests.support import people
from tests.support.people import Member

CALLBACK = "/api/v1/storage/yandex/callback"


@pytest.fixture
async def owner(world: World, app: FastAPI) -> Member:
    return await people.make_member(app, company=world.company)


async def begin(member: Member, **body: str) -> str:
    answer = await member.post("/storage-connections/yandex-consent", json=body)
    assert 200 == answer.status_code, answer.text
    return answer.json()["url"]


async def come_back(member: Member, brought: dict[str, str]) -> dict[str, str]:
    """What the panel's page about storage is told."""
    answer = await member.client.get(CALLBACK, params=brought)
    assert 303 == answer.status_code, answer.text
    found = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in found.items()}


async def test_a_connected_account_is_a_storage_that_works(owner: Member, world: World) -> None:
    """From the panel to the consent and back: the new connection passes its test."""
    told = await come_back(owner, world.yandex.consent(await begin(owner, name="Archive")))

    answer = await owner.post(f"/storage-connections/{told['connected']}/test")
    assert answer.json()["works"], answer.text
    shown = (await owner.get(f"/storage-connections/{told['connected']}")).json()
    assert ("Archive", "yandex_disk") == (shown["name"], shown["kind"])


async def test_tokens_are_kept_encrypted_and_shown_to_nobody(owner: Member, world: World) -> None:
    """Neither in the database, nor as another connection's, nor by the API."""
    told = await come_back(owner, world.yandex.consent(await begin(owner)))

    async with session_scope(system="tests") as session:
        row = await session.get_one(StorageGrant, UUID(told["connected"]))
    tokens = world.yandex.access_tokens | world.yandex.refresh_tokens
    assert not any(token in row.tokens_encrypted for token in tokens)
    with pytest.raises(crypto.NotReadable):
        crypto.decrypt(row.tokens_encrypted, purpose=f"storage_grant:{world.target_id}")
    shown = await owner.get(f"/storage-connections/{told['connected']}")
    assert not any(token in shown.text for token in tokens)


async def test_an_answer_with_another_state_connects_nothing(owner: Member, world: World) -> None:
    """Somebody else's answer, pushed into this browser."""
    brought = world.yandex.consent(await begin(owner))

    told = await come_back(owner, brought | {"state": "another"})

    assert {"problem": "consent_not_begun"} == told


async def test_an_answer_counts_once_and_in_the_browser_that_asked(
    owner: Member, world: World, app: FastAPI
) -> None:
    """Another browser, or the same answer again, connects nothing."""
    brought = world.yandex.consent(await begin(owner))
    colleague = await people.make_member(app, company=world.company)
    assert "consent_not_begun" == (await come_back(colleague, brought))["problem"]
    assert "connected" in await come_back(owner, brought)

    assert "consent_not_begun" == (await come_back(owner, brought))["problem"]


async def test_the_person_must_still_be_signed_in_and_allowed(
    owner: Member, world: World, app: FastAPI
) -> None:
    """A consent outlives no session."""
    brought = world.yandex.consent(await begin(owner))
    owner.client.cookies.delete("arv_session")

    assert "unauthenticated" == (await come_back(owner, brought))["problem"]


async def test_a_refused_code_is_told(owner: Member, world: World) -> None:
    """The panel hears why nothing was connected."""
    brought = world.yandex.consent(await begin(owner))

    told = await come_back(owner, brought | {"code": "invented"})

    assert "access_denied" == told["problem"]


async def test_an_account_is_connected_anew_for_the_same_connection(
    owner: Member, world: World
) -> None:
    """After the grant was withdrawn: the same files, new tokens."""
    world.yandex.revoke()
    url = await begin(owner, connection_id=str(world.target_id))

    told = await come_back(owner, world.yandex.consent(url))

    assert str(world.target_id) == told["connected"]
    answer = await owner.post(f"/storage-connections/{world.target_id}/test")
    assert answer.json()["works"], answer.text


async def test_only_a_yandex_disk_of_ones_own_is_connected_anew(
    owner: Member, world: World
) -> None:
    """A connection of another kind has no account."""
    answer = await owner.post(
        "/storage-connections/yandex-consent", json={"connection_id": str(world.source_id)}
    )
    assert "not_a_yandex_disk" == answer.json()["code"]


async def test_a_token_is_renewed_before_it_ends(world: World) -> None:
    """Five minutes before, the next use renews it."""
    await expire(world, minutes=5)

    token = await GrantTokens(world.target_id).current()

    assert token in world.yandex.access_tokens
    assert 1 == world.yandex.renewals


async def test_many_at_once_renew_once(world: World) -> None:
    """A refresh token is good for one renewal: the others wait for it."""
    await expire(world, minutes=-5)

    tokens = await asyncio.gather(*(GrantTokens(world.target_id).current() for _ in range(8)))

    assert 1 == len(set(tokens))
    assert 1 == world.yandex.renewals


async def test_a_renewer_that_died_holds_up_nobody_for_long(world: World) -> None:
    """Its claim runs out, and somebody else renews."""
    await expire(world, minutes=-5)
    async with session_scope(system="tests") as session:
        await session.execute(
            update(StorageGrant).values(renewing_until=utcnow() + timedelta(seconds=0.5))
        )

    assert await GrantTokens(world.target_id).current() in world.yandex.access_tokens


async def test_a_withdrawn_grant_is_refused_in_words(world: World) -> None:
    """Only its holder can mend that."""
    await expire(world, minutes=-5)
    world.yandex.revoke()

    with pytest.raises(StorageRefused, match="Connect the account again"):
        await GrantTokens(world.target_id).current()


async def test_a_silent_provider_costs_nothing_while_the_token_lives(world: World) -> None:
    """Renewal has ten minutes of room: until then the old token goes on."""
    await expire(world, minutes=5)
    world.yandex.fail_next(503, times=2, at="/token")

    assert await GrantTokens(world.target_id).current() in world.yandex.access_tokens
    await expire(world, minutes=-5)
    with pytest.raises(StorageUnavailable):
        await GrantTokens(world.target_id).current()


async def test_grants_follow_a_change_of_keys(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an older key encrypted is encrypted anew."""
    monkeypatch.setattr(crypto, "is_outdated", lambda _text: True)

    assert 1 == await grants.reseal_outdated()

    assert await GrantTokens(world.target_id).current() in world.yandex.access_tokens


async def expire(world: World, *, minutes: float) -> None:
    async with session_scope(system="tests") as session:
        await session.execute(
            update(StorageGrant)
            .where(StorageGrant.connection_id == world.target_id)
            .values(expires_at=utcnow() + timedelta(minutes=minutes))
        )
        assert await session.scalar(select(StorageConnection.id)) is not None
