"""Answering an invitation."""

import asyncio
from datetime import timedelta

from fastapi import FastAPI
from sqlalchemy import func, select, update

from app.auth.cookies import PLAIN_NAME
from app.auth.models import UserSession
from app.companies.models import Company
from app.companies.service import set_role
from app.core.clock import utcnow
from app.core.database import session_scope
from app.members.models import Invitation
from app.users.models import User
from tests.members.conftest import (
    PASSWORD,
    accept,
    accept_as_new,
    events_about,
    invited,
    preview,
    token_for,
)
from tests.support import people

BORIS = "boris@example.com"


async def test_a_link_says_what_it_is(app: FastAPI) -> None:
    """Company, role, for whom, and whether there is an account already."""
    owner = await people.make_member(app)
    await invited(owner, BORIS, "viewer")
    known = await people.make_member(app)
    await invited(owner, known.email)
    anybody = people.client_of(app)

    new = (await preview(anybody, await token_for(BORIS))).json()
    old = (await preview(anybody, await token_for(known.email))).json()

    company = (await owner.get("")).json()
    assert company["name"] == new["company_name"]
    assert ("viewer", "open", BORIS, False) == tuple(
        new[key] for key in ("role", "state", "email", "has_account")
    )
    assert (known.email, True) == (old["email"], old["has_account"])


async def test_an_unknown_person_gets_an_account(app: FastAPI) -> None:
    """A name and a password, and they are signed in, in the company, in the invitation's language."""
    owner = await people.make_member(app)
    made = await invited(owner, BORIS)

    client = await accept_as_new(app, BORIS)

    me = (await client.get("/api/v1/auth/me")).json()
    assert (BORIS, "Boris") == (me["user"]["email"], me["user"]["name"])
    assert [(str(owner.company_id), "editor")] == [
        (each["company"]["id"], each["role"]) for each in me["memberships"]
    ]
    accepted = [event.name for event in await events_about(made["id"])]
    joined = [
        event for event in await events_about(me["user"]["id"]) if event.name == "member.joined"
    ]
    assert ["invitation.sent", "invitation.accepted"] == accepted
    assert [{"role": [None, "editor"]}] == [event.changes for event in joined]
    assert [owner.company_id] == [event.company_id for event in joined]


async def test_who_is_signed_in_accepts_with_one_click(app: FastAPI) -> None:
    """The token is enough; now they work in two companies."""
    owner = await people.make_member(app)
    known = await people.make_member(app, role="viewer")
    await invited(owner, known.email)

    answer = await accept(known.client, await token_for(known.email))

    roles = {each["company"]["id"]: each["role"] for each in answer.json()["memberships"]}
    assert 200 == answer.status_code
    assert {str(known.company_id): "viewer", str(owner.company_id): "editor"} == roles


async def test_another_persons_invitation_is_not_taken(app: FastAPI) -> None:
    """Signed in as somebody else: a clear answer that does not tell the invited address."""
    owner = await people.make_member(app)
    other = await people.make_member(app)
    await invited(owner, BORIS)

    answer = await accept(other.client, await token_for(BORIS))

    assert (403, "invited_somebody_else") == (answer.status_code, answer.json()["code"])
    assert other.email in answer.json()["detail"]
    assert BORIS not in answer.text
    assert 1 == len((await owner.get("/members")).json()["items"])


async def test_who_has_an_account_signs_in_first(app: FastAPI) -> None:
    """A link from the mail does not set the password of an account that is there."""
    owner = await people.make_member(app)
    known = await people.make_member(app)
    await invited(owner, known.email)

    answer = await accept(
        people.client_of(app), await token_for(known.email), name="Eve", password=PASSWORD
    )

    assert (401, "sign_in_to_accept") == (answer.status_code, answer.json()["code"])
    assert not answer.cookies


async def test_an_account_takes_a_name_and_a_good_password(app: FastAPI) -> None:
    """The same rules as everywhere; the invitation stays open."""
    owner = await people.make_member(app)
    await invited(owner, BORIS)
    token = await token_for(BORIS)
    refusals: list[tuple[dict[str, str], str]] = [
        ({}, "#/name"),
        ({"name": "  ", "password": PASSWORD}, "#/name"),
        ({"name": "Boris"}, "#/password"),
        ({"name": "Boris", "password": "short"}, "#/password"),
        ({"name": "Boris", "password": "password12"}, "#/password"),
    ]

    for body, pointer in refusals:
        answer = await accept(people.client_of(app), token, **body)
        assert 422 == answer.status_code
        assert [pointer] == [error["pointer"] for error in answer.json()["errors"]]

    assert "open" == (await preview(people.client_of(app), token)).json()["state"]


async def test_a_link_works_once(app: FastAPI) -> None:
    """The second time it says that it was used, and tells no address."""
    owner = await people.make_member(app)
    await invited(owner, BORIS)
    token = await token_for(BORIS)
    await accept_as_new(app, BORIS)

    again = await accept(people.client_of(app), token, name="Eve", password=PASSWORD)
    told = (await preview(people.client_of(app), token)).json()

    assert (410, "invitation_used") == (again.status_code, again.json()["code"])
    assert ("accepted", None, False) == (told["state"], told["email"], told["has_account"])


async def test_a_link_that_is_over_says_why(app: FastAPI) -> None:
    """Expired and withdrawn, for who is signed in and for who is not."""
    owner = await people.make_member(app)
    known = await people.make_member(app)
    await invited(owner, known.email)
    token = await token_for(known.email)
    over = (("expires_at", "invitation_expired"), ("revoked_at", "invitation_revoked"))

    for column, code in over:
        async with session_scope(system="test") as session:
            moment = utcnow() - timedelta(seconds=1)
            await session.execute(update(Invitation).values({column: moment}))
        answers = [
            await accept(known.client, token),
            await accept(people.client_of(app), token, name="Eve", password=PASSWORD),
        ]
        assert [(410, code)] * 2 == [(a.status_code, a.json()["code"]) for a in answers]


async def test_a_token_nobody_was_given_is_unknown(app: FastAPI) -> None:
    """404, for looking and for accepting, signed in or not."""
    member = await people.make_member(app)
    anybody = people.client_of(app)

    answers = [
        await preview(anybody, "made-up"),
        await accept(anybody, "made-up", name="Eve", password=PASSWORD),
        await accept(member.client, "made-up"),
    ]

    assert [404] * 3 == [answer.status_code for answer in answers]


async def test_two_clicks_at_once_make_one_member(app: FastAPI) -> None:
    """A double click: one account, one membership, one clear refusal."""
    owner = await people.make_member(app)
    await invited(owner, BORIS)
    token = await token_for(BORIS)

    answers = await asyncio.gather(
        *(accept(people.client_of(app), token, name="Boris", password=PASSWORD) for _ in range(3))
    )

    async with session_scope(system="test") as session:
        users = await session.scalar(select(func.count(User.id)).where(User.email == BORIS))
    assert 1 == users
    assert 2 == len((await owner.get("/members")).json()["items"])
    assert {200, 401, 410} >= {answer.status_code for answer in answers}
    assert 1 == sum(answer.status_code == 200 for answer in answers)


async def test_accepting_never_takes_a_role_away(app: FastAPI) -> None:
    """Who became an owner meanwhile stays one, though the invitation said viewer."""
    company = await people.make_company()
    owner = await people.make_member(app, company=company)
    other = await people.make_member(app)
    await invited(owner, other.email, "viewer")
    async with session_scope(system="test") as session:
        await set_role(session, company_id=company.id, user_id=other.user_id, role="owner")

    answer = await accept(other.client, await token_for(other.email))

    roles = {each["company"]["id"]: each["role"] for each in answer.json()["memberships"]}
    assert "owner" == roles[str(company.id)]


async def test_a_deleted_company_invites_nobody(app: FastAPI) -> None:
    """Its links are unknown for as long as it is hidden."""
    owner = await people.make_member(app)
    known = await people.make_member(app)
    await invited(owner, known.email)
    token = await token_for(known.email)
    async with session_scope(system="test") as session:
        statement = update(Company).where(Company.id == owner.company_id)
        await session.execute(statement.values(deleted_at=utcnow()))

    answers = [await preview(known.client, token), await accept(known.client, token)]

    assert [404, 404] == [answer.status_code for answer in answers]


async def test_a_companys_provider_does_not_speak_for_another(app: FastAPI) -> None:
    """Who came through one company's own sign-in can not join a second one by that company's word."""
    owner = await people.make_member(app)
    known = await people.make_member(app)
    await invited(owner, known.email)
    async with session_scope(system="test") as session:
        whose = UserSession.user_id == known.user_id
        await session.execute(
            update(UserSession).where(whose).values(only_company_id=known.company_id)
        )

    answer = await accept(known.client, await token_for(known.email))

    assert (403, "own_sign_in_required") == (answer.status_code, answer.json()["code"])
    assert 1 == len((await owner.get("/members")).json()["items"])


async def test_an_ended_session_is_a_visitor(app: FastAPI) -> None:
    """An old cookie in the browser does not stop a new person from accepting."""
    owner = await people.make_member(app)
    await invited(owner, BORIS)
    client = people.client_of(app, {PLAIN_NAME: "long gone"})

    answer = await accept(client, await token_for(BORIS), name="Boris", password=PASSWORD)

    assert 200 == answer.status_code


async def test_a_full_plan_takes_nobody_in(app: FastAPI) -> None:
    """Neither invites nor accepts above the number of members agreed; the invitation waits."""
    owner = await people.make_member(app)
    operator = await people.make_member(app, is_superadmin=True)
    await invited(owner, BORIS)
    plan = f"/api/v1/companies/{owner.company_id}/subscription"
    limited = await operator.client.patch(plan, json={"members": 1})
    assert 200 == limited.status_code, limited.text
    token = await token_for(BORIS)

    answers = [
        await accept(people.client_of(app), token, name="Boris", password=PASSWORD),
        await owner.post("/invitations", json={"email": "c@example.com", "role": "viewer"}),
    ]

    assert [(409, "quota_exceeded")] * 2 == [(a.status_code, a.json()["code"]) for a in answers]
    assert "open" == (await preview(people.client_of(app), token)).json()["state"]
