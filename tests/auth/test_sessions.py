"""Where one is signed in, and ending it: oneself, an owner, the operator."""

from datetime import timedelta

import httpx
from fastapi import FastAPI
from sqlalchemy import select, update

from app.auth.cookies import PLAIN_NAME
from app.auth.models import UserSession
from app.companies import service as companies
from app.companies.models import Company
from app.companies.queries import company_by_id
from app.core.clock import utcnow
from app.core.database import session_scope
from app.events.models import Event
from tests.support import people

SESSIONS = "/api/v1/auth/sessions"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


async def _sign_in_elsewhere(app: FastAPI, email: str) -> httpx.AsyncClient:
    client = people.client_of(app, address="192.0.2.44")
    await client.post(
        "/api/v1/auth/sign-in",
        json={"email": email, "password": people.PASSWORD},
        headers={"user-agent": FIREFOX},
    )
    assert PLAIN_NAME in client.cookies
    return client


async def test_one_sees_where_one_is_signed_in(app: FastAPI) -> None:
    """Device in words, address, which one this is; nobody else's."""
    member, _other = await people.make_member(app), await people.make_member(app)
    await _sign_in_elsewhere(app, member.email)

    items = (await member.client.get(SESSIONS)).json()["items"]

    assert [("Firefox on Windows", "192.0.2.44", False), ("Unknown device", "", True)] == sorted(
        (item["device"], item["address"], item["current"]) for item in items
    )


async def test_one_ends_a_session_of_one_s_own(app: FastAPI) -> None:
    """It is signed out at once; another person's session is as if there were none."""
    member, other = await people.make_member(app), await people.make_member(app)
    elsewhere = await _sign_in_elsewhere(app, member.email)
    items = (await member.client.get(SESSIONS)).json()["items"]
    session_id = next(item["id"] for item in items if not item["current"])

    foreign = await other.client.delete(f"{SESSIONS}/{session_id}")
    own = await member.client.delete(f"{SESSIONS}/{session_id}")
    again = await member.client.delete(f"{SESSIONS}/{session_id}")

    assert [404, 204, 404] == [a.status_code for a in (foreign, own, again)]
    assert 401 == (await elsewhere.get(SESSIONS)).status_code
    assert 200 == (await member.client.get(SESSIONS)).status_code


async def test_one_ends_all_the_others(app: FastAPI) -> None:
    """This browser stays; the answer says how many ended."""
    member = await people.make_member(app)
    others = [await _sign_in_elsewhere(app, member.email) for _ in range(2)]

    answer = await member.client.post(f"{SESSIONS}/end-others")

    assert {"ended": 2, "complete": True} == answer.json()
    assert [401, 401] == [(await other.get(SESSIONS)).status_code for other in others]
    assert 200 == (await member.client.get(SESSIONS)).status_code


async def test_the_operator_signs_a_person_out_everywhere(app: FastAPI) -> None:
    """Nobody else may; the log says who did."""
    operator = await people.make_member(app, is_superadmin=True)
    owner, member = await people.make_member(app), await people.make_member(app)
    path = f"/api/v1/users/{member.user_id}/sign-out"

    refused = await owner.client.post(path)
    done = await operator.client.post(path)

    assert (403, 200) == (refused.status_code, done.status_code)
    assert 401 == (await member.client.get(SESSIONS)).status_code
    async with session_scope(system="test") as session:
        found = select(Event.actor_label).where(Event.name == "user.signed_out")
        assert operator.email == (await session.scalars(found)).one()


async def test_an_owner_signs_out_who_works_for_this_company_alone(app: FastAPI) -> None:
    """All their sessions end; an editor may not do it, a stranger is no member."""
    owner = await people.make_member(app)
    company = await _company_of(owner)
    editor = await people.make_member(app, role="editor", company=company)
    stranger = await people.make_member(app)

    refused = await editor.post(f"/members/{owner.user_id}/sign-out")
    nobody = await owner.post(f"/members/{stranger.user_id}/sign-out")
    done = await owner.post(f"/members/{editor.user_id}/sign-out")

    assert [403, 404, 200] == [a.status_code for a in (refused, nobody, done)]
    assert {"ended": 1, "complete": True} == done.json()
    assert 401 == (await editor.client.get(SESSIONS)).status_code
    assert 200 == (await stranger.client.get(SESSIONS)).status_code


async def test_an_owner_does_not_sign_people_out_of_other_companies(app: FastAPI) -> None:
    """Only what this company's provider had opened ends, and the answer says that it is not all."""
    owner, elsewhere = await people.make_member(app), await people.make_member(app)
    shared = await people.make_member(app, role="editor", company=await _company_of(owner))
    async with session_scope(system="test") as session:
        await companies.set_role(
            session, company_id=elsewhere.company_id, user_id=shared.user_id, role="editor"
        )
    through_provider = await _sign_in_elsewhere(app, shared.email)
    async with session_scope(system="test") as session:
        await session.execute(
            update(UserSession)
            .where(UserSession.user_agent == FIREFOX)
            .values(only_company_id=owner.company_id)
        )

    answer = await owner.post(f"/members/{shared.user_id}/sign-out")

    assert {"ended": 1, "complete": False} == answer.json()
    assert 401 == (await through_provider.get(SESSIONS)).status_code
    assert 200 == (await shared.client.get(SESSIONS)).status_code


async def test_a_session_is_fresh_for_ten_minutes(app: FastAPI) -> None:
    """Afterwards dangerous changes are refused until the password was entered once more."""
    member = await people.make_member(app)
    async with session_scope(system="test") as session:
        await session.execute(
            update(UserSession).values(authenticated_at=utcnow() - timedelta(minutes=9))
        )
    within = await member.client.delete(member.path("/identity-provider"))
    async with session_scope(system="test") as session:
        await session.execute(
            update(UserSession).values(authenticated_at=utcnow() - timedelta(minutes=11))
        )

    late = await member.client.delete(member.path("/identity-provider"))

    assert (404, 403) == (within.status_code, late.status_code)
    assert "confirmation_required" == late.json()["code"]


async def _company_of(member: people.Member) -> Company:
    async with session_scope(system="test") as session:
        return await company_by_id(session, member.company_id)
