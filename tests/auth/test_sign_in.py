"""Signing in: the cookie, what is stored, and what guessing meets."""

import asyncio
import statistics
import time
from datetime import timedelta
from hashlib import sha256

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.models import UserSession
from app.auth.service import IDLE_LIMIT
from app.auth.throttle import FREE_ATTEMPTS, LONGEST_WAIT, wait_after
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.users.models import User
from tests.support import people


async def _sign_in(
    client: httpx.AsyncClient, email: str, password: str = people.PASSWORD
) -> httpx.Response:
    return await client.post("/api/v1/auth/sign-in", json={"email": email, "password": password})


async def _change_session(**values: object) -> None:
    async with session_scope() as session:
        await session.execute(update(UserSession).values(**values))


async def test_the_right_password_opens_a_session(client: httpx.AsyncClient) -> None:
    """Signing in answers who it is, and the cookie opens /auth/me."""
    email = await people.make_user()

    signed_in = await _sign_in(client, email.upper())
    me = await client.get("/api/v1/auth/me")

    assert 200 == signed_in.status_code
    assert email == me.json()["user"]["email"]
    assert signed_in.json() == me.json()


async def test_scripts_and_other_sites_can_not_use_the_cookie(client: httpx.AsyncClient) -> None:
    """The cookie is HttpOnly and SameSite; over plain http, in development, it is not Secure."""
    answer = await _sign_in(client, await people.make_user())

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("arv_session=")
    assert {"httponly", "samesite=lax", "path=/"} <= set(cookie.lower().split("; "))


async def test_over_https_the_cookie_belongs_to_this_host_only(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The __Host- prefix and Secure keep neighbours and eavesdroppers out."""
    email = await people.make_user()
    monkeypatch.setenv("PUBLIC_URL", "https://ar.example.com")
    get_settings.cache_clear()

    answer = await _sign_in(client, email)

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-arv_session=")
    assert "; Secure" in cookie
    assert "Domain" not in cookie


async def test_only_the_hash_of_a_token_is_stored(
    client: httpx.AsyncClient, session: AsyncSession
) -> None:
    """Whoever reads the table can not sign in with it."""
    answer = await _sign_in(client, await people.make_user())

    stored = (await session.scalars(select(UserSession.token_sha256))).one()
    assert sha256(answer.cookies["arv_session"].encode()).digest() == stored


async def test_a_weak_hash_is_renewed_on_the_way(
    client: httpx.AsyncClient, session: AsyncSession
) -> None:
    """The password's hash follows today's parameters after the next sign-in."""
    await _sign_in(client, await people.make_user())

    stored = (await session.scalars(select(User.password_hash))).one()
    assert stored.startswith("$argon2id$")
    assert people.password_hash() != stored


async def test_unknown_user_wrong_password_and_disabled_account_look_the_same(
    client: httpx.AsyncClient,
) -> None:
    """All three answer 401 with the same words."""
    email, disabled = await people.make_user(), await people.make_user()
    async with session_scope() as session:
        await session.execute(
            update(User).where(User.email == disabled).values(disabled_at=utcnow())
        )

    answers = [
        await _sign_in(client, email, "not the password"),
        await _sign_in(client, "nobody@example.com"),
        await _sign_in(client, disabled),
    ]

    bodies = [{**answer.json(), "request_id": None} for answer in answers]
    assert [401, 401, 401] == [answer.status_code for answer in answers]
    assert bodies[0] == bodies[1] == bodies[2]
    assert "invalid_credentials" == bodies[0]["code"]


async def test_the_time_does_not_tell_whether_a_user_exists(app: FastAPI) -> None:
    """An unknown address costs the same hashing as a known one (without it 20 times less)."""
    email = await people.make_user()
    await _sign_in(people.client_of(app), email)  # renews the hash to full strength

    async def seconds(address: str) -> float:
        taken = []
        for number in range(4):
            client = people.client_of(app, address=f"203.0.113.{number}")
            started = time.perf_counter()
            await _sign_in(client, address, "not the password")
            taken.append(time.perf_counter() - started)
        return statistics.median(taken)

    known, unknown = await seconds(email), await seconds("nobody@example.com")
    assert 0.4 < unknown / known < 2.5


@pytest.mark.usefixtures("still_clock")
async def test_guessing_is_slowed_down_for_the_guesser_only(app: FastAPI) -> None:
    """After five wrong passwords one address waits; the owner at another one does not."""
    email = await people.make_user()
    guesser = people.client_of(app, address="198.51.100.7")
    for _ in range(FREE_ATTEMPTS):
        assert 401 == (await _sign_in(guesser, email, "guess")).status_code

    refused = await _sign_in(guesser, email)  # even the right one has to wait
    owner = await _sign_in(people.client_of(app, address="192.0.2.1"), email)

    assert (429, "too_many_attempts") == (refused.status_code, refused.json()["code"])
    assert 1 == int(refused.headers["retry-after"])
    assert 200 == owner.status_code


@pytest.mark.usefixtures("still_clock")
async def test_guesses_at_once_are_counted_one_by_one(app: FastAPI) -> None:
    """Twenty guesses sent together check five passwords, not twenty."""
    email = await people.make_user()
    guesser = people.client_of(app)

    answers = await asyncio.gather(*(_sign_in(guesser, email, "guess") for _ in range(20)))

    checked = [answer for answer in answers if answer.status_code == 401]
    assert FREE_ATTEMPTS == len(checked)


@pytest.mark.usefixtures("still_clock")
async def test_neighbours_in_one_ipv6_network_count_as_one(app: FastAPI) -> None:
    """A guesser who owns a /64 gains nothing by changing the address within it."""
    email = await people.make_user()
    for number in range(FREE_ATTEMPTS):
        client = people.client_of(app, address=f"2001:db8:1:2::{number}")
        await _sign_in(client, email, "guess")

    refused = await _sign_in(people.client_of(app, address="2001:db8:1:2:ffff::1"), email)
    elsewhere = await _sign_in(people.client_of(app, address="2001:db8:1:3::1"), email)

    assert (429, 200) == (refused.status_code, elsewhere.status_code)


def test_the_wait_doubles_up_to_a_limit() -> None:
    """Nothing for five attempts, then 1, 2, 4 ... seconds, at most five minutes."""
    waits = [wait_after(failures).total_seconds() for failures in (0, 4, 5, 6, 7, 8)]

    assert [0, 0, 1, 2, 4, 8] == waits
    assert LONGEST_WAIT == wait_after(1000)


async def test_signing_out_ends_the_session_for_good(client: httpx.AsyncClient) -> None:
    """The cookie is taken back, and a copy of it opens nothing."""
    copy = (await _sign_in(client, await people.make_user())).cookies["arv_session"]

    answer = await client.post("/api/v1/auth/sign-out")
    client.cookies.set("arv_session", copy)

    assert 204 == answer.status_code
    assert 'arv_session=""' in answer.headers["set-cookie"]
    assert 401 == (await client.get("/api/v1/auth/me")).status_code


@pytest.mark.parametrize(
    "ended",
    [
        {"expires_at": utcnow() - timedelta(seconds=1)},
        {"last_seen_at": utcnow() - IDLE_LIMIT - timedelta(seconds=1)},
        {"revoked_at": utcnow()},
    ],
    ids=["expired", "idle", "revoked"],
)
async def test_an_ended_session_is_refused(
    ended: dict[str, object], client: httpx.AsyncClient
) -> None:
    """Expired, idle for too long, or revoked: sign in again."""
    await _sign_in(client, await people.make_user())
    await _change_session(**ended)

    answer = await client.get("/api/v1/auth/me")

    assert (401, "unauthenticated") == (answer.status_code, answer.json()["code"])


async def test_using_a_session_keeps_it_from_going_idle(
    client: httpx.AsyncClient, session: AsyncSession
) -> None:
    """The last use is noted, even when the request itself fails."""
    await _sign_in(client, await people.make_user())
    before = utcnow() - timedelta(days=1)
    await _change_session(last_seen_at=before)

    await client.get(f"/api/v1/companies/{'0' * 8}-0000-4000-8000-{'0' * 12}")

    assert before < (await session.scalars(select(UserSession.last_seen_at))).one()


async def test_no_cookie_and_a_made_up_cookie_are_not_signed_in(app: FastAPI) -> None:
    """Both answer 401."""
    for cookies in ({}, {"arv_session": "made-up"}):
        answer = await people.client_of(app, cookies).get("/api/v1/auth/me")
        assert 401 == answer.status_code
