"""What people change about themselves."""

from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import update

from app.auth.models import UserSession
from app.core.clock import utcnow
from app.core.database import session_scope
from app.users.models import EmailChange
from tests.members.conftest import events_about, mails_to, token_for
from tests.support import people

NEW = "new@example.com"


async def confirmed(app: FastAPI) -> people.Member:
    """A member who has just entered their password."""
    member = await people.make_member(app)
    answer = await member.client.post("/api/v1/auth/confirm", json={"password": people.PASSWORD})
    assert answer.is_success, answer.text
    return member


async def ask(member: people.Member, new_email: str = NEW) -> httpx.Response:
    return await member.client.post("/api/v1/profile/email", json={"new_email": new_email})


async def confirm(app: FastAPI, token: str) -> httpx.Response:
    """Opened on another device, where nobody is signed in."""
    client = people.client_of(app)
    return await client.post("/api/v1/profile/email/confirm", json={"token": token})


async def email_of(member: people.Member) -> Any:
    return (await member.client.get("/api/v1/profile")).json()["email"]


async def test_name_and_language_are_ones_own(app: FastAPI) -> None:
    """Changed, shown, and in the log with before and after."""
    member = await people.make_member(app)

    answer = await member.client.patch(
        "/api/v1/profile", json={"name": "  Anna  ", "language": "ru"}
    )

    shown = (await member.client.get("/api/v1/auth/me")).json()["user"]
    event = (await events_about(member.user_id))[-1]
    assert ("Anna", "ru") == (answer.json()["name"], shown["language"])
    assert {"name": ["", "Anna"], "language": ["en", "ru"]} == event.changes


async def test_changing_nothing_is_no_event(app: FastAPI) -> None:
    """The log holds changes, not clicks."""
    member = await people.make_member(app)
    before = len(await events_about(member.user_id))

    answer = await member.client.patch("/api/v1/profile", json={"language": "en"})

    assert (200, before) == (answer.status_code, len(await events_about(member.user_id)))


async def test_what_is_not_ones_own_is_refused(app: FastAPI) -> None:
    """Empty values, unknown languages, and what has ways of its own."""
    member = await people.make_member(app)
    bodies: list[dict[str, object]] = [
        {"name": ""},
        {"name": None},
        {"language": "de"},
        {"language": None},
        {"email": NEW},
        {"is_superadmin": True},
    ]

    answers = [await member.client.patch("/api/v1/profile", json=body) for body in bodies]

    assert [422] * len(bodies) == [answer.status_code for answer in answers]


async def test_a_new_address_is_confirmed_by_its_mail(app: FastAPI) -> None:
    """Until the link is opened nothing changes; the old address is told before and after."""
    member = await confirmed(app)

    asked = await ask(member)
    before = await email_of(member)
    changed = await confirm(app, await token_for(NEW))

    templates = [mail.template for mail in await mails_to(member.email)]
    event = next(e for e in await events_about(member.user_id) if e.name == "user.email_changed")
    assert (202, member.email) == (asked.status_code, before)
    assert (200, NEW, NEW) == (
        changed.status_code,
        changed.json()["email"],
        await email_of(member),
    )
    assert ["email_change_asked", "email_changed"] == templates
    assert {"email": [member.email, NEW]} == event.changes


async def test_a_browser_left_open_changes_no_address(app: FastAPI) -> None:
    """The password was not entered lately: 403, and no mail."""
    member = await people.make_member(app)
    async with session_scope(system="test") as session:
        past = utcnow() - timedelta(hours=1)
        await session.execute(update(UserSession).values(authenticated_at=past))

    answer = await ask(member)

    assert (403, "confirmation_required") == (answer.status_code, answer.json()["code"])
    assert [] == await mails_to(NEW)


async def test_a_link_changes_the_address_once(app: FastAPI) -> None:
    """Used, replaced by a newer one, or made up: 404."""
    member = await confirmed(app)
    await ask(member)
    replaced = await token_for(NEW)
    await ask(member)
    token = await token_for(NEW)

    answers = [await confirm(app, each) for each in (replaced, token, token, "made-up")]

    assert [404, 200, 404, 404] == [answer.status_code for answer in answers]


async def test_an_old_link_is_over(app: FastAPI) -> None:
    """After a day: 410, and the address stays."""
    member = await confirmed(app)
    await ask(member)
    async with session_scope(system="test") as session:
        past = utcnow() - timedelta(seconds=1)
        await session.execute(update(EmailChange).values(expires_at=past))

    answer = await confirm(app, await token_for(NEW))

    assert (410, "email_change_expired") == (answer.status_code, answer.json()["code"])
    assert member.email == await email_of(member)


async def test_nobody_learns_who_has_an_account(app: FastAPI) -> None:
    """A taken address gets the same answer as a free one, and no mail."""
    member = await confirmed(app)
    other = await people.make_member(app)

    taken, free = await ask(member, other.email), await ask(member)

    assert (202, taken.json()) == (free.status_code, free.json())
    assert [] == await mails_to(other.email)


async def test_an_address_taken_meanwhile_is_not_taken_twice(app: FastAPI) -> None:
    """Two people ask for one address: the first link wins, the second gets 409."""
    first, second = await confirmed(app), await confirmed(app)
    await ask(first)
    earlier = await token_for(NEW)
    await ask(second)

    answers = [await confirm(app, token) for token in (await token_for(NEW), earlier)]

    assert [200, 409] == [answer.status_code for answer in answers]
    assert (NEW, first.email) == (await email_of(second), await email_of(first))


async def test_ones_own_address_is_no_change(app: FastAPI) -> None:
    """Also in capital letters."""
    member = await confirmed(app)

    answer = await ask(member, member.email.upper())

    assert 422 == answer.status_code
