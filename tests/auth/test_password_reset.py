"""Forgotten passwords: what a stranger learns, and what the link opens."""

import asyncio
import re
import unicodedata
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update

from app.auth.models import PasswordReset
from app.auth.new_password import RESET_TASK
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.errors import Invalid
from app.core.jobs import Job, JobState
from app.events.models import Event
from app.mail.models import MailMessage
from app.tasks.celery_app import celery_app
from app.tasks.runtime import REGISTRY, run_job
from app.users import password_rules
from tests.support import people

NEW = "another fine password"
ASK, CONFIRM = "/api/v1/auth/password-reset", "/api/v1/auth/password-reset/confirm"


async def _ask(app: FastAPI, email: str, address: str = "203.0.113.5") -> httpx.Response:
    return await people.client_of(app, address=address).post(ASK, json={"email": email})


async def _mails(email: str) -> list[str]:
    """The bodies of the links' mails to the address, the oldest first."""
    async with session_scope(system="test") as session:
        statement = select(MailMessage).where(
            MailMessage.recipient == email, MailMessage.template == "password_reset"
        )
        found = list(await session.scalars(statement.order_by(MailMessage.id)))
    return [mail.text for mail in found]


async def _run_reset_jobs() -> None:
    """What the worker does with the questions; the mails themselves stay where they can be read."""
    celery_app.loader.import_default_modules()
    statement = select(Job.id).where(Job.task_name == RESET_TASK, Job.state == JobState.QUEUED)
    async with session_scope(system="test") as session:
        due = list(await session.scalars(statement.order_by(Job.id)))
    for job_id in due:
        await run_job(REGISTRY[RESET_TASK], job_id)


async def _token(app: FastAPI, email: str) -> str:
    """The token in a link just asked for and mailed."""
    await _ask(app, email)
    await _run_reset_jobs()
    found = re.search(r"http://testserver/reset-password#(\S+)", (await _mails(email))[-1])
    assert found
    return found[1]


async def _confirm(client: httpx.AsyncClient, token: str, new: str = NEW) -> httpx.Response:
    return await client.post(CONFIRM, json={"token": token, "new_password": new})


async def _signs_in(app: FastAPI, email: str, password: str) -> int:
    body = {"email": email, "password": password}
    return (await people.client_of(app).post("/api/v1/auth/sign-in", json=body)).status_code


async def test_the_answer_does_not_tell_who_has_an_account(app: FastAPI) -> None:
    """The same words for a known, an unknown, a disabled and an impossible address; the same one job."""
    known = await people.make_user()
    answers = [await _ask(app, email) for email in (known, "nobody@example.com", "no address")]

    async with session_scope(system="test") as session:
        jobs = await session.scalar(select(func.count()).select_from(Job))
    assert [202] * 3 == [answer.status_code for answer in answers]
    assert 1 == len({answer.text for answer in answers})
    assert 3 == jobs


async def test_the_link_sets_the_password_and_ends_every_session(app: FastAPI) -> None:
    """Whoever was signed in is not any more; the new password opens, the old one does not."""
    member = await people.make_member(app)
    token = await _token(app, member.email)

    answer = await _confirm(people.client_of(app), token)

    assert 204 == answer.status_code, answer.text
    assert 401 == (await member.client.get("/api/v1/auth/me")).status_code
    assert (401, 200) == (
        await _signs_in(app, member.email, people.PASSWORD),
        await _signs_in(app, member.email, NEW),
    )


async def test_the_owner_is_told_and_the_log_too(app: FastAPI) -> None:
    """A mail about the change, and events for the question and the change; no token in either."""
    email = await people.make_user()
    token = await _token(app, email)
    await _confirm(people.client_of(app, address="192.0.2.7"), token)

    async with session_scope(system="test") as session:
        names = list(await session.scalars(select(Event.name).order_by(Event.id)))
        told = await session.scalar(
            select(MailMessage.recipient).where(MailMessage.template == "password_changed")
        )
        address = await session.scalar(
            select(Event.address).where(Event.name == "user.password_reset")
        )
    assert email == told
    assert ["user.password_reset_asked", "user.password_reset"] == [
        n for n in names if "reset" in n
    ]
    assert "192.0.2.7" == address


async def test_a_link_opens_once_even_when_used_twice_at_once(app: FastAPI) -> None:
    """Of two tries with one token exactly one sets the password."""
    token = await _token(app, await people.make_user())
    clients = (people.client_of(app), people.client_of(app))

    answers = await asyncio.gather(*(_confirm(client, token) for client in clients))

    assert [204, 410] == sorted(answer.status_code for answer in answers)
    assert 410 == (await _confirm(clients[0], token, "a third fine password")).status_code


async def test_old_made_up_and_superseded_links_are_gone(app: FastAPI) -> None:
    """After an hour, for a token nobody was given, and for every other link once one was used."""
    email = await people.make_user()
    first, second = await _token(app, email), await _token(app, email)
    client = people.client_of(app)
    assert 204 == (await _confirm(client, second)).status_code
    late = await _token(app, email)
    async with session_scope(system="test") as session:
        await session.execute(
            update(PasswordReset).values(expires_at=utcnow() - timedelta(seconds=1))
        )

    answers = [await _confirm(client, token) for token in (first, late, "made-up")]

    assert {(410, "reset_expired")} == {(a.status_code, a.json()["code"]) for a in answers}


async def test_only_the_hash_of_a_token_is_kept(app: FastAPI) -> None:
    """Neither the table nor the job holds what opens the account."""
    token = await _token(app, await people.make_user())

    async with session_scope(system="test") as session:
        stored = (await session.scalars(select(PasswordReset.token_sha256))).one()
        kwargs = list(await session.scalars(select(Job.kwargs)))
    assert token.encode() not in stored
    assert token not in str(kwargs)


async def test_a_mailbox_is_not_flooded_and_earlier_links_stay_good(app: FastAPI) -> None:
    """Ten questions from ten places send three mails, and each of their links opens."""
    email = await people.make_user()
    for number in range(10):
        await _ask(app, email, address=f"198.51.100.{number}")
    await _run_reset_jobs()

    mails = await _mails(email)

    assert 3 == len(mails)
    first = re.search(r"/reset-password#(\S+)", mails[0])
    assert first
    assert 204 == (await _confirm(people.client_of(app), first[1])).status_code


async def test_one_address_can_not_have_mails_sent_without_end(app: FastAPI) -> None:
    """After ten questions from one place no job is made, and the answer is the same."""
    answers = [await _ask(app, f"nobody{number}@example.com") for number in range(12)]

    async with session_scope(system="test") as session:
        jobs = await session.scalar(select(func.count()).select_from(Job))
    assert {202} == {answer.status_code for answer in answers}
    assert 10 == jobs


@pytest.mark.parametrize(
    "password",
    ["short", "qwertyuiop", "P@ssw0rd2026", "password123", "йцукенгшщз", "пароль123456", "x" * 257],
)
async def test_passwords_guessed_first_are_refused(password: str, app: FastAPI) -> None:
    """Short ones, common ones in their disguises, Russian ones, endless ones; the link stays good."""
    token = await _token(app, await people.make_user())
    client = people.client_of(app)

    refused = await _confirm(client, token, password)

    assert 422 == refused.status_code
    assert "#/new_password" == refused.json()["errors"][0]["pointer"]
    assert 204 == (await _confirm(client, token)).status_code


def test_ones_own_name_is_no_password() -> None:
    """The e-mail name, also with a few letters around it."""
    with pytest.raises(Invalid, match="e-mail name"):
        password_rules.refuse_weak("konstantin-99", email="konstantin@example.com", pointer="#/p")


async def test_a_password_is_the_same_from_every_keyboard(app: FastAPI) -> None:
    """Composed and decomposed letters are one password (Unicode NFC)."""
    email = await people.make_user()
    composed = "Übung macht den Meister"
    await _confirm(people.client_of(app), await _token(app, email), composed)

    assert 200 == await _signs_in(app, email, unicodedata.normalize("NFD", composed))
