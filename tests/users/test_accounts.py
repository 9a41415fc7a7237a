"""What the operator does with accounts."""

import asyncio
from uuid import uuid4

import pytest
from fastapi import FastAPI

from tests.members.conftest import events_about
from tests.support import people

USERS = "/api/v1/users"


async def test_the_operator_sees_everybody(app: FastAPI) -> None:
    """Listed, searched, filtered; one account shows where the person works."""
    operator = await people.make_member(app, is_superadmin=True)
    member = await people.make_member(app, role="viewer")

    everybody = (await operator.client.get(USERS)).json()["items"]
    found = (await operator.client.get(f"{USERS}?q={member.email}")).json()["items"]
    superadmins = (await operator.client.get(f"{USERS}?is_superadmin=true")).json()["items"]
    one = (await operator.client.get(f"{USERS}/{member.user_id}")).json()

    assert [operator.email, member.email] == [each["email"] for each in everybody]
    assert [str(member.user_id)] == [each["id"] for each in found]
    assert [operator.email] == [each["email"] for each in superadmins]
    assert [(str(member.company_id), "viewer")] == [
        (place["company_id"], place["role"]) for place in one["workplaces"]
    ]


async def test_nobody_else_does(app: FastAPI) -> None:
    """An owner gets the same 403 for accounts there are and accounts there are not."""
    owner = await people.make_member(app)
    other = await people.make_member(app)

    answers = [
        await owner.client.get(USERS),
        await owner.client.get(f"{USERS}/{other.user_id}"),
        await owner.client.get(f"{USERS}/{uuid4()}"),
        await owner.client.patch(f"{USERS}/{owner.user_id}", json={"is_superadmin": True}),
    ]

    assert [403] * 4 == [answer.status_code for answer in answers]


async def test_a_closed_account_opens_nothing(app: FastAPI) -> None:
    """Signed out at once, and opened again it still has to sign in."""
    operator = await people.make_member(app, is_superadmin=True)
    member = await people.make_member(app)
    path = f"{USERS}/{member.user_id}"

    closed = await operator.client.patch(path, json={"is_disabled": True})
    during = await member.client.get("/api/v1/auth/me")
    opened = await operator.client.patch(path, json={"is_disabled": False})
    after = await member.client.get("/api/v1/auth/me")

    names = [event.name for event in await events_about(member.user_id)]
    assert (True, False) == (closed.json()["is_disabled"], opened.json()["is_disabled"])
    assert [401, 401] == [during.status_code, after.status_code]
    assert {"user.disabled", "user.enabled", "user.signed_out"} <= set(names)


async def test_a_superadmin_is_made_and_unmade(app: FastAPI) -> None:
    """The rights come and go with the next request, and the log knows."""
    operator = await people.make_member(app, is_superadmin=True)
    member = await people.make_member(app)
    path = f"{USERS}/{member.user_id}"

    await operator.client.patch(path, json={"is_superadmin": True})
    may = await member.client.get(USERS)
    await operator.client.patch(path, json={"is_superadmin": False})
    may_not = await member.client.get(USERS)

    changes = [event.changes for event in await events_about(member.user_id)][-2:]
    assert [200, 403] == [may.status_code, may_not.status_code]
    assert [{"is_superadmin": [False, True]}, {"is_superadmin": [True, False]}] == changes


@pytest.mark.parametrize(
    ("change", "code"),
    [({"is_disabled": True}, "own_account"), ({"is_superadmin": False}, "last_superadmin")],
)
async def test_the_last_superadmin_stays(change: dict[str, bool], code: str, app: FastAPI) -> None:
    """Nobody locks themselves out, and the last one can not resign."""
    operator = await people.make_member(app, is_superadmin=True)

    answer = await operator.client.patch(f"{USERS}/{operator.user_id}", json=change)

    assert (409, code) == (answer.status_code, answer.json()["code"])


async def test_two_superadmins_at_once_leave_one(app: FastAPI) -> None:
    """Each takes the other's rights at the same moment: one is left."""
    first = await people.make_member(app, is_superadmin=True)
    second = await people.make_member(app, is_superadmin=True)

    await asyncio.gather(
        *(
            actor.client.patch(f"{USERS}/{other.user_id}", json={"is_superadmin": False})
            for actor, other in ((first, second), (second, first))
        )
    )

    answers = [await each.client.get(USERS) for each in (first, second)]
    assert [200, 403] == sorted(answer.status_code for answer in answers)


async def test_an_unknown_account_is_unknown(app: FastAPI) -> None:
    """404 for the operator too."""
    operator = await people.make_member(app, is_superadmin=True)

    answers = [
        await operator.client.get(f"{USERS}/{uuid4()}"),
        await operator.client.patch(f"{USERS}/{uuid4()}", json={"is_disabled": True}),
    ]

    assert [404, 404] == [answer.status_code for answer in answers]
