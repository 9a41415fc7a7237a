"""Who works in a company, and as what."""

import asyncio
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app.core.clock import utcnow
from app.core.database import session_scope
from app.users.models import User
from tests.members.conftest import events_about
from tests.support import people


async def two_of(app: FastAPI, role: str) -> tuple[people.Member, people.Member]:
    """An owner, and somebody in this role in the same company."""
    company = await people.make_company()
    owner = await people.make_member(app, company=company)
    return owner, await people.make_member(app, company=company, role=role)


async def test_members_are_listed_page_by_page(app: FastAPI) -> None:
    """By address, searched by words, filtered by role, with a cursor."""
    owner, editor = await two_of(app, "editor")

    first = (await owner.get("/members?limit=1")).json()
    rest = (await owner.get(f"/members?limit=1&cursor={first['next_cursor']}")).json()
    editors = (await owner.get("/members?role=editor")).json()["items"]
    found = (await owner.get(f"/members?q={editor.email.upper()}")).json()["items"]

    listed = [each["email"] for each in (*first["items"], *rest["items"])]
    assert sorted([owner.email, editor.email]) == listed
    assert rest["next_cursor"] is None
    assert editors == found
    assert [(str(editor.user_id), "editor", False)] == [
        (each["user_id"], each["role"], each["is_disabled"]) for each in found
    ]


async def test_a_role_is_changed_and_told(app: FastAPI) -> None:
    """The new role holds at once, and the log knows before and after."""
    owner, member = await two_of(app, "viewer")

    changed = await owner.patch(f"/members/{member.user_id}", json={"role": "editor"})
    made = await member.post("/projects", json={"name": "Album"})

    event = (await events_about(member.user_id))[-1]
    assert (200, "editor") == (changed.status_code, changed.json()["role"])
    assert 201 == made.status_code
    assert ("member.role_changed", {"role": ["viewer", "editor"]}) == (event.name, event.changes)
    assert (owner.user_id, owner.company_id) == (event.actor_id, event.company_id)


async def test_who_is_removed_is_out_at_once(app: FastAPI) -> None:
    """The next request sees no company; the account, its session and other companies stay."""
    owner, member = await two_of(app, "editor")
    before = await member.get("")

    removed = await owner.delete(f"/members/{member.user_id}")
    after = await member.get("")
    unknown = await member.client.get(f"/api/v1/companies/{uuid4()}")
    me = await member.client.get("/api/v1/auth/me")

    assert [200, 204, 404] == [before.status_code, removed.status_code, after.status_code]
    assert unknown.json()["detail"] == after.json()["detail"]
    assert (200, []) == (me.status_code, me.json()["memberships"])
    assert "member.removed" == (await events_about(member.user_id))[-1].name


async def test_one_may_leave(app: FastAPI) -> None:
    """Nobody is kept: a viewer removes themselves, and only themselves."""
    owner, viewer = await two_of(app, "viewer")

    refused = await viewer.delete(f"/members/{owner.user_id}")
    left = await viewer.delete(f"/members/{viewer.user_id}")

    assert [403, 204] == [refused.status_code, left.status_code]
    assert "member.left" == (await events_about(viewer.user_id))[-1].name


@pytest.mark.parametrize("role", ["editor", "viewer"])
async def test_only_owners_manage_members(role: str, app: FastAPI) -> None:
    """Others see who works with them, and change nobody, themselves least of all."""
    owner, member = await two_of(app, role)

    answers = [
        await member.patch(f"/members/{member.user_id}", json={"role": "owner"}),
        await member.delete(f"/members/{owner.user_id}"),
        await member.post("/invitations", json={"email": "x@example.com", "role": "viewer"}),
        await member.get("/invitations"),
    ]

    assert [403] * 4 == [answer.status_code for answer in answers]
    assert 200 == (await member.get("/members")).status_code


async def test_the_last_owner_stays_one(app: FastAPI) -> None:
    """Neither degraded nor removed nor gone, not even by the operator."""
    owner, _ = await two_of(app, "editor")
    operator = await people.make_member(app, is_superadmin=True)
    path = f"/api/v1/companies/{owner.company_id}/members/{owner.user_id}"

    answers = [
        await owner.client.patch(path, json={"role": "editor"}),
        await owner.client.delete(path),
        await operator.client.delete(path),
    ]

    assert [(409, "last_owner")] * 3 == [(a.status_code, a.json()["code"]) for a in answers]


async def test_a_disabled_owner_is_no_owner_left(app: FastAPI) -> None:
    """The one owner who can still sign in may not go."""
    owner, other = await two_of(app, "owner")
    async with session_scope(system="test") as session:
        await session.execute(
            update(User).where(User.id == other.user_id).values(disabled_at=utcnow())
        )

    answer = await owner.delete(f"/members/{owner.user_id}")

    assert (409, "last_owner") == (answer.status_code, answer.json()["code"])


@pytest.mark.parametrize("how", ["remove", "degrade", "leave"])
async def test_two_owners_at_once_leave_one(how: str, app: FastAPI) -> None:
    """Each removes or degrades the other, or both leave, at the same moment: one owner is left."""
    operator = await people.make_member(app, is_superadmin=True)
    for _ in range(3):
        first, second = await two_of(app, "owner")
        pairs = [(first, first), (second, second)] if how == "leave" else None

        answers = await asyncio.gather(
            *(
                actor.patch(f"/members/{other.user_id}", json={"role": "viewer"})
                if how == "degrade"
                else actor.delete(f"/members/{other.user_id}")
                for actor, other in pairs or [(first, second), (second, first)]
            )
        )

        path = f"/api/v1/companies/{first.company_id}/members?role=owner"
        owners = (await operator.client.get(path)).json()["items"]
        assert 1 == len(owners), [answer.text for answer in answers]
        assert 1 == sum(answer.is_success for answer in answers)


async def test_a_member_elsewhere_is_no_member(app: FastAPI) -> None:
    """Another company's person is as unknown here as a made-up one."""
    owner = await people.make_member(app)
    stranger = await people.make_member(app)

    for user_id in (stranger.user_id, uuid4()):
        answers = [
            await owner.get(f"/members/{user_id}"),
            await owner.patch(f"/members/{user_id}", json={"role": "viewer"}),
            await owner.delete(f"/members/{user_id}"),
        ]
        assert [(404, "There is no such member.")] * 3 == [
            (answer.status_code, answer.json()["detail"]) for answer in answers
        ]
    assert 200 == (await stranger.get("")).status_code
