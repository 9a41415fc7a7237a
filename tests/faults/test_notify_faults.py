"""Mail server, messenger and webhook dead, silent, back again: nothing else disturbed, nothing lost.

A cut line proves that nothing arrived, so all arrives once. A silent one may let through later what was given
up: mails and webhooks are then known by their ids, a chat may show a message twice (ADR 0048).
"""

import time
from typing import Literal

import pytest
from fastapi import FastAPI

from app.core.config import get_settings
from app.mail import delivery
from app.notifications import telegram
from tests.faults.report import recovered
from tests.mail.conftest import settings_of
from tests.notifications.conftest import let_wait_end, say
from tests.support.fault_proxy import FaultProxy
from tests.support.http_sink import http_sink
from tests.support.jobs import run_due_again, run_queued_jobs
from tests.support.people import make_member
from tests.support.smtp import smtp_sink
from tests.support.telegram import CHAT, TOKEN, telegram_stand_in
from tests.webhooks.conftest import happen, let_pauses_end, make_webhook

Fault = Literal["cut", "stall"]
FAULTS: tuple[Fault, ...] = ("cut", "stall")


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time-outs of a second, so that a silent target costs the test no more."""
    monkeypatch.setattr(delivery, "TIMEOUT_SECONDS", 1)
    monkeypatch.setattr(telegram, "TIMEOUT_SECONDS", 1)


def break_line(line: FaultProxy, fault: Fault) -> None:
    line.cut() if fault == "cut" else line.stall()


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_webhook_that_is_away(
    app: FastAPI, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its neighbour hears at once; it hears everything, in order and once, when it is back."""
    member = await make_member(app)
    async with http_sink() as away, http_sink() as well:
        with (
            FaultProxy("127.0.0.1", away.port) as line,
            settings_of(
                monkeypatch, OUTBOUND_ALLOWED_NETWORKS="127.0.0.0/8", WEBHOOK_TIMEOUT_SECONDS="1"
            ),
        ):
            await make_webhook(member, f"http://127.0.0.1:{line.port}/")
            await make_webhook(member, well.url())
            break_line(line, fault)
            await happen(member, "content.created", "content.updated", "content.published")
            begun = time.monotonic()
            await run_queued_jobs()
            seconds = time.monotonic() - begun
            assert 3 == len(well.received)
            assert [] == away.received
            line.heal()
            await let_pauses_end()
            await run_queued_jobs()

    heard = {each.headers["webhook-id"]: each.body for each in away.received}
    assert [each.body for each in well.received] == list(heard.values())
    assert fault == "stall" or len(away.received) == 3
    recovered(
        f"webhook {fault}", condition="others told at once, it in order", seconds=seconds, limit=10
    )


@pytest.mark.parametrize("fault", FAULTS)
async def test_mail_and_messenger_that_are_away(
    app: FastAPI, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bell rings at once; mail and chat arrive once each when their servers are back."""
    member = await make_member(app)
    async with smtp_sink() as mails, telegram_stand_in() as chats:
        with (
            FaultProxy("127.0.0.1", mails.port) as to_mail,
            FaultProxy("127.0.0.1", chats.sink.port) as to_chat,
            settings_of(
                monkeypatch,
                SMTP_URL=f"smtp://127.0.0.1:{to_mail.port}",
                TELEGRAM_API_URL=f"http://127.0.0.1:{to_chat.port}",
                TELEGRAM_BOT_TOKEN=TOKEN,
            ),
        ):
            assert get_settings().mail.smtp_url is not None
            body = {"kind": "telegram", "name": "Workshop", "chat_id": CHAT}
            assert 201 == (await member.post("/notification-channels", json=body)).status_code
            for line in (to_mail, to_chat):
                break_line(line, fault)
            await say(member.company_id, title="Wedding")
            begun = time.monotonic()
            await run_queued_jobs()
            seconds = time.monotonic() - begun
            rung = await member.client.get("/api/v1/notifications/unread")
            assert ({"unread": 1}, 0, 0) == (rung.json(), len(mails.mails), len(chats.messages))
            for line in (to_mail, to_chat):
                line.heal()
            await let_wait_end()
            await run_due_again()

    assert 1 == len({each["Message-ID"] for each in mails.mails})
    assert 1 == len({each["text"] for each in chats.messages})
    assert fault == "stall" or (1, 1) == (len(mails.mails), len(chats.messages))
    recovered(
        f"mail and messenger {fault}",
        condition="the bell rings, both told",
        seconds=seconds,
        limit=10,
    )
