"""The mailbox page of a development machine."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from tests.mail.conftest import reread, settings_of, written
from tests.support import people
from tests.support.jobs import run_queued_jobs

HERE = "127.0.0.1"


@pytest.fixture
def development(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with settings_of(monkeypatch, ENVIRONMENT="development"):
        yield


async def test_development_keeps_mails_and_shows_them(development: None, app: FastAPI) -> None:
    """Without a mail server the letter is in the mailbox, its link can be followed."""
    mail_id = await written()
    (job,) = await run_queued_jobs()
    client = people.client_of(app, address=HERE)

    listed = await client.get("/dev/mailbox")
    opened = await client.get(f"/dev/mailbox/{mail_id}")
    framed = await client.get(f"/dev/mailbox/{mail_id}/html")

    assert ("succeeded", "kept") == (job.state, (await reread(mail_id)).state)
    assert f'href="/dev/mailbox/{mail_id}"' in listed.text
    assert 'href="http://testserver/invitations/secret-token"' in opened.text
    assert 'sandbox=""' in opened.text
    assert "Accept the invitation" in framed.text
    assert framed.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "no-store" == opened.headers["cache-control"]


async def test_an_empty_mailbox_says_what_to_do(development: None, app: FastAPI) -> None:
    """The first look is no riddle."""
    answer = await people.client_of(app, address=HERE).get("/dev/mailbox")

    assert "No mail was written yet" in answer.text


async def test_only_this_machine_sees_the_mailbox(development: None, app: FastAPI) -> None:
    """A phone in the same network, and a site whose name was pointed at this machine, get 404."""
    nearby = await people.client_of(app, address="192.168.1.20").get("/dev/mailbox")
    rebound = await people.client_of(app, address=HERE).get(
        "/dev/mailbox", headers={"host": "evil.example"}
    )

    assert [404, 404] == [nearby.status_code, rebound.status_code]


@pytest.mark.parametrize("environment", ["test", "production"])
async def test_there_is_no_mailbox_elsewhere(
    environment: str, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outside development the page does not exist, wherever the caller sits."""
    mail_id = await written()
    client = people.client_of(app, address=HERE)
    with settings_of(monkeypatch, ENVIRONMENT=environment):
        answers = [
            await client.get(path) for path in ("/dev/mailbox", f"/dev/mailbox/{mail_id}/html")
        ]

    assert [404, 404] == [answer.status_code for answer in answers]
