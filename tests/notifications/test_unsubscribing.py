"""Ending mails of a kind: by the page in a mail, or by the mail program's own button (RFC 8058)."""

from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from app.core.database import session_scope
from app.mail.models import MailMessage
from app.notifications.kinds import KINDS, in_digest
from app.notifications.unsubscribing import one_click_link
from tests.mail.conftest import settings_of
from tests.notifications.conftest import deliveries, say
from tests.support.jobs import run_queued_jobs
from tests.support.people import client_of, make_member
from tests.support.smtp import Sink

PREFERENCES = "/api/v1/notifications/preferences"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


async def test_one_click_ends_mails_of_the_kind(
    app: FastAPI, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address in the header takes the form RFC 8058 names, from somebody without a session, twice."""
    member = await make_member(app)
    with settings_of(monkeypatch, PUBLIC_URL="https://ar.example.com"):
        await say(member.company_id, title="A", once_key="a")
        await run_queued_jobs()
    (mail,) = sink.mails
    address = urlsplit(mail["List-Unsubscribe"].strip("<>"))
    stranger = client_of(app)
    path = f"{address.path}?{address.query}"
    read = await stranger.get(path)
    still = (await member.client.get(PREFERENCES)).json()["kinds"]
    clicked = [(await stranger.post(path, data=ONE_CLICK)).status_code for _ in range(2)]
    await say(member.company_id, title="B", once_key="b")
    await run_queued_jobs()

    assert "List-Unsubscribe=One-Click" == mail["List-Unsubscribe-Post"]
    assert ("https", "ar.example.com") == (address.scheme, address.netloc)
    assert (303, True) == (read.status_code, "/unsubscribe#" in read.headers["location"])
    assert all(each["email"] for each in still if each["kind"] == "content.expiring")
    assert ([200, 200], 1) == (clicked, len(sink.mails))


async def test_one_click_in_a_digest_ends_what_waits_for_it(app: FastAPI) -> None:
    """And nothing else: what is urgent still comes."""
    member = await make_member(app)
    path = one_click_link(member.user_id, "digest").removeprefix("http://testserver")
    answer = await client_of(app).post(path, data=ONE_CLICK)
    kinds = (await member.client.get(PREFERENCES)).json()["kinds"]

    assert {"kind": "digest"} == answer.json()
    off = {each["kind"] for each in kinds if not each["email"]}
    assert set(in_digest()) == off
    assert {"target.failed", "video.failed", "storage.moved"} <= off


async def test_essential_mails_name_no_way_out(app: FastAPI, sink: Sink) -> None:
    """A storage that fails and a new password are told in any case; so no header says otherwise."""
    member = await make_member(app)
    await say(member.company_id, "storage.failing", connection="Archive")
    await member.post("/invitations", json={"email": "bob@example.com", "role": "editor"})
    await run_queued_jobs()

    assert KINDS["storage.failing"].is_essential
    assert 2 == len(sink.mails)
    assert [None, None] == [mail["List-Unsubscribe"] for mail in sink.mails]


@pytest.mark.parametrize("change", ["kind", "person", "signature", "essential"])
async def test_a_forged_token_ends_nothing(app: FastAPI, change: str) -> None:
    """Another kind, another person or another signature is not known."""
    member, other = await make_member(app), await make_member(app)
    path = one_click_link(member.user_id, "content.expiring").removeprefix("http://testserver")
    forged = {
        "kind": path.replace("content.expiring", "content.expired"),
        "person": path.replace(str(member.user_id), str(other.user_id)),
        "signature": path[:-1] + ("A" if path[-1] != "A" else "B"),
        "essential": one_click_link(member.user_id, "nothing").removeprefix("http://testserver"),
    }[change]

    answer = await client_of(app).post(forged, data=ONE_CLICK)

    assert 404 == answer.status_code


async def test_a_sent_mail_forgets_the_address(app: FastAPI, sink: Sink) -> None:
    """The row holds no token once the server has taken the mail."""
    member = await make_member(app)
    await say(member.company_id, title="A")
    await run_queued_jobs()
    (delivery,) = await deliveries()
    async with session_scope(system="test") as session:
        mail = await session.get_one(MailMessage, delivery.mail_id)

    assert ("sent", None) == (mail.state, mail.one_click_url)
