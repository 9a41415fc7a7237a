"""API keys: made, shown once, used, limited to their scopes and company, rotated, revoked."""

import re
from datetime import timedelta
from typing import Any, get_args
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from app.api_keys import tokens
from app.api_keys.models import ApiKey
from app.api_keys.schemas import Scope
from app.api_keys.service import MOST_KEYS
from app.companies.roles import KEY_SCOPES, PEOPLE_ONLY
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.ids import uuid7
from app.events.models import Event
from tests.support import people
from tests.support.people import Member

BODY = {"name": "Printer", "scopes": ["read", "projects.write"]}


@pytest.fixture
async def owner_of(app: FastAPI) -> Member:
    return await people.make_member(app)


async def make_key(member: Member, **fields: object) -> dict[str, Any]:
    answer = await member.post("/api-keys", json=BODY | fields)
    assert 201 == answer.status_code, answer.text
    return answer.json()


def with_key(app: FastAPI, token: str) -> httpx.AsyncClient:
    client = people.client_of(app)
    client.headers["Authorization"] = f"Bearer {token}"
    return client


async def status_with(app: FastAPI, member: Member, token: str) -> tuple[int, str | None]:
    answer = await with_key(app, token).get(member.path("/projects"))
    return answer.status_code, answer.json().get("code")


async def test_a_token_is_shown_once_and_kept_as_a_hash(owner_of: Member) -> None:
    """Neither list, nor key, nor table has it again."""
    made = await make_key(owner_of)

    assert tokens.FORM.fullmatch(made["token"])
    assert made["token"] not in (await owner_of.get("/api-keys")).text
    assert made["token"] not in (await owner_of.get(f"/api-keys/{made['id']}")).text
    async with session_scope() as session:
        key = await session.get_one(ApiKey, UUID(made["id"]))
    assert made["token"].encode() not in key.token_sha256


async def test_a_key_works_in_its_company_within_its_scopes(app: FastAPI, owner_of: Member) -> None:
    """It reads and writes what its scopes say, without a session or a browser's headers."""
    client = with_key(app, (await make_key(owner_of))["token"])

    made = await client.post(owner_of.path("/projects"), json={"name": "Album"})
    listed = await client.get(owner_of.path("/projects"))
    renamed = await client.patch(owner_of.path(""), json={"name": "Mine now"})

    assert (201, 200) == (made.status_code, listed.status_code)
    assert ["Album"] == [project["name"] for project in listed.json()["items"]]
    assert (403, "forbidden") == (renamed.status_code, renamed.json()["code"])


async def test_reading_takes_the_scope_read(app: FastAPI, owner_of: Member) -> None:
    """A key that only writes reads nothing."""
    made = await make_key(owner_of, scopes=["projects.write"])

    assert (403, "forbidden") == await status_with(app, owner_of, made["token"])


async def test_another_company_looks_like_none(app: FastAPI, owner_of: Member) -> None:
    """A key sees of the neighbour what a made-up id shows."""
    client = with_key(app, (await make_key(owner_of))["token"])
    neighbour = await people.make_member(app)

    foreign = await client.get(neighbour.path("/projects"))
    made_up = await client.get(f"/api/v1/companies/{uuid7()}/projects")

    assert 404 == foreign.status_code
    assert foreign.json()["detail"] == made_up.json()["detail"]
    assert foreign.json()["code"] == made_up.json()["code"]


async def test_a_key_opens_nothing_for_people(app: FastAPI, owner_of: Member) -> None:
    """Session routes want a session, and a cookie beside the key is not looked at."""
    token = (await make_key(owner_of))["token"]

    alone = await with_key(app, token).get("/api/v1/auth/me")
    beside = await owner_of.client.get(
        "/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"}
    )

    assert (401, 401) == (alone.status_code, beside.status_code)


@pytest.mark.parametrize("scope", sorted(PEOPLE_ONLY))
async def test_no_key_holds_what_only_people_may(owner_of: Member, scope: str) -> None:
    """Members, keys and the end of a company are out of a key's reach."""
    answer = await owner_of.post("/api-keys", json={"name": "K", "scopes": ["read", scope]})

    assert 422 == answer.status_code


def test_the_documented_scopes_are_those_there_are() -> None:
    """The API's list and the roles' agree."""
    assert KEY_SCOPES == set(get_args(Scope))


async def test_an_editor_makes_no_keys(app: FastAPI) -> None:
    """Only who manages keys does."""
    editor = await people.make_member(app, role="editor")

    assert 403 == (await editor.post("/api-keys", json=BODY)).status_code
    assert 403 == (await editor.get("/api-keys")).status_code


async def test_after_its_time_a_key_is_invalid(app: FastAPI, owner_of: Member) -> None:
    """An expired key is refused like one that never was."""
    made = await make_key(owner_of, expires_at=(utcnow() + timedelta(hours=1)).isoformat())
    assert (200, None) == await status_with(app, owner_of, made["token"])

    async with session_scope() as session:
        await session.execute(update(ApiKey).values(expires_at=utcnow() - timedelta(seconds=1)))

    assert (401, "invalid_api_key") == await status_with(app, owner_of, made["token"])


async def test_a_time_that_is_past_is_refused(owner_of: Member) -> None:
    """No key is born expired."""
    answer = await owner_of.post("/api-keys", json=BODY | {"expires_at": "2020-01-01T00:00:00Z"})

    assert (422, "#/expires_at") == (answer.status_code, answer.json()["errors"][0]["pointer"])


async def test_a_revoked_key_is_invalid_at_once(app: FastAPI, owner_of: Member) -> None:
    """And it is gone from the list."""
    made = await make_key(owner_of)

    answer = await owner_of.delete(f"/api-keys/{made['id']}")

    assert 204 == answer.status_code
    assert (401, "invalid_api_key") == await status_with(app, owner_of, made["token"])
    assert [] == (await owner_of.get("/api-keys")).json()["items"]


async def test_rotation_ends_the_old_token(app: FastAPI, owner_of: Member) -> None:
    """The same key, another token."""
    made = await make_key(owner_of)

    rotated = (await owner_of.post(f"/api-keys/{made['id']}/rotate")).json()

    assert made["id"] == rotated["id"]
    assert (401, "invalid_api_key") == await status_with(app, owner_of, made["token"])
    assert (200, None) == await status_with(app, owner_of, rotated["token"])


@pytest.mark.parametrize("change", ["another secret", "no checksum", "another id", "nonsense"])
async def test_a_made_up_key_is_invalid(app: FastAPI, owner_of: Member, change: str) -> None:
    """Whatever is wrong with it, the answer is the same."""
    token = (await make_key(owner_of))["token"]
    key_id = UUID(re.sub("_.*", "", token.removeprefix("arv_")))
    made_up = {
        "another secret": tokens.new_token(key_id).text,
        "no checksum": token[:-6] + "000000",
        "another id": tokens.new_token(uuid7()).text,
        "nonsense": "let me in",
    }

    assert (401, "invalid_api_key") == await status_with(app, owner_of, made_up[change])


async def test_a_key_can_ask_what_it_is(app: FastAPI, owner_of: Member) -> None:
    """A program finds out which company it works for and what it may."""
    made = await make_key(owner_of)

    told = (await with_key(app, made["token"]).get("/api/v1/api-key")).json()

    assert (made["id"], str(owner_of.company_id)) == (told["id"], told["company"]["id"])
    assert ["projects.write", "read"] == told["scopes"]
    assert 401 == (await owner_of.client.get("/api/v1/api-key")).status_code


async def test_use_is_noted(app: FastAPI, owner_of: Member) -> None:
    """An owner sees which keys nobody uses."""
    made = await make_key(owner_of)
    assert made["last_used_at"] is None

    await status_with(app, owner_of, made["token"])

    assert (await owner_of.get(f"/api-keys/{made['id']}")).json()["last_used_at"] is not None


async def test_a_company_has_only_so_many_keys(owner_of: Member) -> None:
    """The next one is refused until one is revoked."""
    async with session_scope() as session:
        session.add_all(
            ApiKey(company_id=owner_of.company_id, name="K", token_sha256=b"", scopes=["read"])
            for _ in range(MOST_KEYS)
        )

    answer = await owner_of.post("/api-keys", json=BODY)

    assert (409, "too_many_api_keys") == (answer.status_code, answer.json()["code"])


async def test_the_log_tells_of_keys_and_of_what_they_did(app: FastAPI, owner_of: Member) -> None:
    """Making, rotating and revoking a key; and the key by name where it acted."""
    made = await make_key(owner_of)
    await with_key(app, made["token"]).post(owner_of.path("/projects"), json={"name": "Album"})
    await owner_of.post(f"/api-keys/{made['id']}/rotate")
    await owner_of.delete(f"/api-keys/{made['id']}")

    async with session_scope() as session:
        mine = select(Event).where(Event.company_id == owner_of.company_id)
        found = {event.name: event for event in await session.scalars(mine)}
    assert {"api_key.created", "api_key.rotated", "api_key.revoked"} <= set(found)
    acted = found["project.created"]
    assert ("api_key", UUID(made["id"]), "Printer") == (
        acted.actor_kind,
        acted.api_key_id,
        acted.actor_label,
    )
    assert made["token"] not in str([event.data for event in found.values()])
