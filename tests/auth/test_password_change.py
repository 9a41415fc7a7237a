"""Changing the password, and what a one-time password opens."""

import httpx
import pytest
from fastapi import FastAPI

from tests.support import people

NEW = "another fine password"


async def _signed_in(
    app: FastAPI, email: str, password: str = people.PASSWORD
) -> httpx.AsyncClient:
    client = people.client_of(app)
    answer = await client.post("/api/v1/auth/sign-in", json={"email": email, "password": password})
    assert 200 == answer.status_code, answer.text
    return client


async def _change(
    client: httpx.AsyncClient, current: str = people.PASSWORD, new: str = NEW
) -> httpx.Response:
    return await client.post(
        "/api/v1/auth/password", json={"current_password": current, "new_password": new}
    )


async def test_a_new_password_ends_the_other_sessions(app: FastAPI) -> None:
    """This browser stays signed in, the others do not, and only the new password opens."""
    email = await people.make_user()
    here, elsewhere = await _signed_in(app, email), await _signed_in(app, email)

    changed = await _change(here)

    assert 204 == changed.status_code
    assert 200 == (await here.get("/api/v1/auth/me")).status_code
    assert 401 == (await elsewhere.get("/api/v1/auth/me")).status_code
    await _signed_in(app, email, NEW)


async def test_a_one_time_password_opens_nothing_but_its_change(app: FastAPI) -> None:
    """Until it is replaced every other route answers 403 password_change_required."""
    client = await _signed_in(app, await people.make_user(must_change_password=True))

    before = await client.get("/api/v1/companies")
    me = await client.get("/api/v1/auth/me")
    await _change(client)
    after = await client.get("/api/v1/companies")

    assert (403, "password_change_required") == (before.status_code, before.json()["code"])
    assert me.json()["user"]["must_change_password"] is True
    assert 200 == after.status_code


async def test_the_present_password_is_asked_for(app: FastAPI) -> None:
    """A session left open does not let somebody else take the account over."""
    client = await _signed_in(app, await people.make_user())

    answer = await _change(client, current="not it")

    assert 422 == answer.status_code
    assert "#/current_password" == answer.json()["errors"][0]["pointer"]


@pytest.mark.usefixtures("still_clock")
async def test_guessing_the_present_password_is_slowed_down(app: FastAPI) -> None:
    """The same back-off as for signing in."""
    client = await _signed_in(app, await people.make_user())

    answers = [(await _change(client, current="guess")).status_code for _ in range(6)]

    assert [422] * 5 + [429] == answers


async def test_short_and_unchanged_passwords_are_refused(app: FastAPI) -> None:
    """Ten characters at least, and another one than before."""
    client = await _signed_in(app, await people.make_user())

    for new in ("too short", people.PASSWORD):
        answer = await _change(client, new=new)
        assert 422 == answer.status_code
        assert "#/new_password" == answer.json()["errors"][0]["pointer"]
