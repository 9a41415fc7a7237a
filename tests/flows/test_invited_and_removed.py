"""From an owner's invitation over a real mail server to work in the company, and out again at once."""

import re
from email.message import EmailMessage

import pytest
from fastapi import FastAPI

from tests.mail.conftest import settings_of
from tests.support import people
from tests.support.jobs import run_queued_jobs
from tests.support.smtp import smtp_sink

GUEST = "guest@example.com"
BODY = {"name": "Guest", "password": "a kettle of quiet otters"}


async def delivered(monkeypatch: pytest.MonkeyPatch) -> EmailMessage:
    """The one mail on its way, as a real server gets it."""
    async with smtp_sink() as sink:
        with settings_of(monkeypatch, SMTP_URL=f"smtp://127.0.0.1:{sink.port}"):
            await run_queued_jobs()
    (mail,) = sink.mails
    return mail


def token_in(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    (token,) = re.findall(r"http://testserver/invitations#(\S+)", body.get_content())
    return str(token)


async def test_from_the_invitation_to_the_door(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invited, written to, accepted with a new account, works; removed, and the next request is 404."""
    owner = await people.make_member(app)
    made = await owner.post("/invitations", json={"email": GUEST, "role": "editor"})
    mail = await delivered(monkeypatch)
    assert (201, GUEST) == (made.status_code, mail["To"])

    browser = people.client_of(app)
    joined = await browser.post(
        "/api/v1/invitations/accept", json={"token": token_in(mail), **BODY}
    )
    guest = people.Member(joined.json()["user"]["id"], GUEST, owner.company_id, browser)
    project = await guest.post("/projects", json={"name": "The guest's album"})
    managing = await guest.patch("", json={"name": "Mine now"})
    assert [200, 201, 403] == [joined.status_code, project.status_code, managing.status_code]

    removed = await owner.delete(f"/members/{guest.user_id}")
    after = [
        await guest.get("/projects"),
        await guest.post("/projects", json={"name": "Another"}),
        await guest.get(f"/projects/{project.json()['id']}"),
        await guest.get(""),
    ]
    assert [204, 404, 404, 404, 404] == [a.status_code for a in (removed, *after)]
    assert [] == (await browser.get("/api/v1/auth/me")).json()["memberships"]
    kept = await owner.get(f"/projects/{project.json()['id']}")
    assert "The guest's album" == kept.json()["name"]


async def test_one_person_works_in_two_companies(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Owner in one, viewer in the other: each company is as open as the role there says."""
    anna = await people.make_member(app)
    boris = await people.make_member(app)
    made = await boris.post("/invitations", json={"email": anna.email, "role": "viewer"})
    assert 201 == made.status_code
    token = token_in(await delivered(monkeypatch))
    await anna.client.post("/api/v1/invitations/accept", json={"token": token})

    visiting = people.Member(anna.user_id, anna.email, boris.company_id, anna.client)
    statuses = [
        (await anna.post("/projects", json={"name": "Own"})).status_code,
        (await visiting.get("/projects")).status_code,
        (await visiting.post("/projects", json={"name": "Guest's"})).status_code,
    ]

    assert [201, 200, 403] == statuses
