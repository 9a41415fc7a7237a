"""Inviting somebody: what is written, what is refused, what the log keeps."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app.core.clock import utcnow
from app.core.database import session_scope
from app.members import invitations
from app.members.models import Invitation
from tests.members.conftest import events_about, invited, mails_to, preview, token_for
from tests.support import people
from tests.support.jobs import run_queued_jobs

BORIS = "boris@example.com"


async def age(invitation: dict[str, Any], **values: object) -> None:
    async with session_scope(system="test") as session:
        await session.execute(
            update(Invitation).where(Invitation.id == invitation["id"]).values(**values)
        )


async def test_an_invitation_is_a_mail(app: FastAPI) -> None:
    """In the language asked for, with the company's name, a link, and who invites."""
    owner = await people.make_member(app)

    made = await owner.post(
        "/invitations", json={"email": " Boris@Example.com ", "role": "viewer", "language": "ru"}
    )

    (mail,) = await mails_to(BORIS)
    listed = (await owner.get("/invitations")).json()["items"]
    assert 201 == made.status_code
    assert [made.json()] == listed
    assert (BORIS, "viewer", "open", "queued") == tuple(
        made.json()[key] for key in ("email", "role", "state", "mail_state")
    )
    assert ("ru", owner.company_id) == (mail.language, mail.company_id)
    assert "приглашает вас в ARV" in mail.subject
    assert owner.email in mail.text
    assert "http://testserver/invitations#" in mail.text


async def test_the_list_tells_what_became_of_the_mail(app: FastAPI) -> None:
    """After the worker has run, the owner sees it."""
    owner = await people.make_member(app)
    await invited(owner, BORIS)

    await run_queued_jobs()

    (listed,) = (await owner.get("/invitations")).json()["items"]
    assert "kept" == listed["mail_state"]


async def test_the_token_is_nowhere_but_in_the_mail(app: FastAPI) -> None:
    """Neither the answer nor the log holds it; the table holds its hash."""
    owner = await people.make_member(app)
    made = await invited(owner, BORIS)
    token = await token_for(BORIS)

    (event,) = await events_about(made["id"])
    async with session_scope(system="test") as session:
        row = await session.get_one(Invitation, made["id"])

    assert token not in str(made)
    assert token not in str((event.data, event.changes))
    assert invitations.sha256_of(token) == row.token_sha256
    assert ("invitation.sent", {"email": BORIS, "role": "editor"}) == (event.name, event.data)


async def test_nobody_is_invited_twice(app: FastAPI) -> None:
    """409 for who is invited already, and for who is a member; of another company they may be one."""
    owner = await people.make_member(app)
    stranger = await people.make_member(app)
    await invited(owner, BORIS)

    again = await owner.post("/invitations", json={"email": BORIS.upper(), "role": "viewer"})
    member = await owner.post("/invitations", json={"email": owner.email, "role": "viewer"})

    assert (409, "already_invited") == (again.status_code, again.json()["code"])
    assert (409, "already_member") == (member.status_code, member.json()["code"])
    await invited(owner, stranger.email)
    await invited(stranger, BORIS)


async def test_an_expired_invitation_is_renewed(app: FastAPI) -> None:
    """Inviting again after a week without an answer works, and in the new role."""
    owner = await people.make_member(app)
    old = await invited(owner, BORIS)
    await age(old, expires_at=utcnow() - timedelta(seconds=1))
    (expired,) = (await owner.get("/invitations")).json()["items"]

    new = await invited(owner, BORIS, "viewer")

    assert "expired" == expired["state"]
    assert (old["id"], "viewer", "open") == (new["id"], new["role"], new["state"])


async def test_sending_again_makes_a_new_link(app: FastAPI) -> None:
    """The old one is dead; the new one works for another week."""
    owner = await people.make_member(app)
    made = await invited(owner, BORIS)
    old_token = await token_for(BORIS)
    moment = utcnow() - timedelta(days=3)
    await age(made, sent_at=moment, expires_at=moment)

    sent = await owner.post(f"/invitations/{made['id']}/resend")

    anybody = people.client_of(app)
    assert (200, "open") == (sent.status_code, sent.json()["state"])
    assert 404 == (await preview(anybody, old_token)).status_code
    assert "open" == (await preview(anybody, await token_for(BORIS))).json()["state"]
    assert "invitation.resent" == (await events_about(made["id"]))[-1].name


async def test_a_mail_is_not_sent_every_second(app: FastAPI) -> None:
    """Nobody's mailbox is filled by pressing a button: 429 with the seconds to wait."""
    owner = await people.make_member(app)
    made = await invited(owner, BORIS)

    answer = await owner.post(f"/invitations/{made['id']}/resend")

    assert 429 == answer.status_code
    assert 0 < int(answer.headers["retry-after"]) <= 61
    assert 1 == len(await mails_to(BORIS))


async def test_a_revoked_invitation_is_closed(app: FastAPI) -> None:
    """Its link says so, the list no longer has it, and the address may be invited anew."""
    owner = await people.make_member(app)
    made = await invited(owner, BORIS)
    token = await token_for(BORIS)

    gone = await owner.delete(f"/invitations/{made['id']}")
    again = await owner.delete(f"/invitations/{made['id']}")

    told = (await preview(people.client_of(app), token)).json()
    assert [204, 404] == [gone.status_code, again.status_code]
    assert ("revoked", None) == (told["state"], told["email"])
    assert [] == (await owner.get("/invitations")).json()["items"]
    assert made["id"] != (await invited(owner, BORIS))["id"]


async def test_a_company_can_not_write_to_the_world(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many wait for an answer, so many are made a day, and no more."""
    owner = await people.make_member(app)
    monkeypatch.setattr(invitations, "MOST_WAITING", 2)
    monkeypatch.setattr(invitations, "MOST_A_DAY", 3)
    made = [await invited(owner, f"person{n}@example.org") for n in range(2)]
    body = {"email": BORIS, "role": "viewer"}

    full = await owner.post("/invitations", json=body)
    for each in made:
        await owner.delete(f"/invitations/{each['id']}")
    await invited(owner, "person3@example.org")
    enough = await owner.post("/invitations", json=body)

    assert (409, "too_many_invitations") == (full.status_code, full.json()["code"])
    assert 429 == enough.status_code
    assert [] == await mails_to(BORIS)


async def test_values_that_make_no_sense_are_refused(app: FastAPI) -> None:
    """No address, two addresses, no such role or language, a field nobody knows."""
    owner = await people.make_member(app)
    bodies = [
        {"email": "no address", "role": "viewer"},
        {"email": "a@example.com\r\nBcc: b@example.com", "role": "viewer"},
        {"email": BORIS, "role": "superadmin"},
        {"email": BORIS, "role": "viewer", "language": "de"},
        {"email": BORIS, "role": "viewer", "company_id": "x"},
        {"role": "viewer"},
    ]

    answers = [await owner.post("/invitations", json=body) for body in bodies]

    assert [422] * len(bodies) == [answer.status_code for answer in answers]


async def test_foreign_invitations_look_like_none(app: FastAPI) -> None:
    """Another company's invitation can neither be sent again nor revoked."""
    owner = await people.make_member(app)
    stranger = await people.make_member(app)
    made = await invited(owner, BORIS)

    answers = [
        await stranger.post(f"/invitations/{made['id']}/resend"),
        await stranger.delete(f"/invitations/{made['id']}"),
    ]

    assert [404, 404] == [answer.status_code for answer in answers]
    assert 1 == len((await owner.get("/invitations")).json()["items"])
