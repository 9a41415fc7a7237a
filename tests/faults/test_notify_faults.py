"""Mail server, messenger and webhook dead, silent, back again: nothing else disturbed, nothing lost.

A cut line proves that nothing arrived, so all arrives once. A silent one may let through later what was given
up: mails and webhooks are then known by their ids, a chat may show a message twice (ADR 0048).
"""

import asyncio
import time
from collections.abc import Callable
from typing import Literal
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app.core.config import get_settings
from app.core.database import session_scope
from app.core.jobs import Job, JobState
from app.notifications import telegram
from app.tasks.celery_app import celery_app
from app.tasks.runtime import _work_off
from tests.faults.report import recovered
from tests.mail.conftest import settings_of
from tests.notifications.conftest import let_wait_end, say
from tests.support.fault_proxy import FaultProxy
from tests.support.http_sink import http_sink
from tests.support.jobs import run_due_again, run_queued_jobs
from tests.support.people import Member, make_member
from tests.support.smtp import smtp_sink
from tests.support.telegram import CHAT, TOKEN, telegram_stand_in
from tests.webhooks.conftest import happen, let_pauses_end, make_webhook

Fault = Literal["cut", "stall"]
FAULTS: tuple[Fault, ...] = ("cut", "stall")


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time-outs of a second, so that a silent target costs the test no more."""
    monkeypatch.setenv("SMTP_TIMEOUT_SECONDS", "1")
    get_settings.cache_clear()
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


async def test_one_tenants_dead_targets_hold_up_nobody(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight webhooks and six mails of one company go to servers that are silent. Two workers, one queue:
    another company's webhook is told after each worker has waited once, and so is its chat."""
    crowd, single = await make_member(app), await make_member(app)
    celery_app.loader.import_default_modules()
    async with http_sink() as well, smtp_sink() as mails, telegram_stand_in() as chats:
        with (
            FaultProxy("127.0.0.1", mails.port) as to_mail,
            FaultProxy("127.0.0.1", well.port) as dead,
            settings_of(
                monkeypatch,
                OUTBOUND_ALLOWED_NETWORKS="127.0.0.0/8",
                WEBHOOK_TIMEOUT_SECONDS="1",
                SMTP_URL=f"smtp://127.0.0.1:{to_mail.port}",
                TELEGRAM_API_URL=f"http://127.0.0.1:{chats.sink.port}",
                TELEGRAM_BOT_TOKEN=TOKEN,
            ),
        ):
            to_mail.stall()
            dead.stall()
            await crowd_in(crowd, f"http://127.0.0.1:{dead.port}")
            await come_alone(single, well.url())
            seconds = await work_until(lambda: bool(well.received and chats.messages))
            still_waiting = await count_waiting(crowd.company_id)

    assert still_waiting > 0, "the crowd was gone before it could hold anybody up"
    recovered(
        "one tenant's mail server and webhooks silent",
        condition="its neighbour's webhook and chat are told meanwhile",
        seconds=seconds,
        limit=10,
        detail=f"{still_waiting} of its messages still waited",
    )


async def crowd_in(crowd: Member, dead_url: str) -> None:
    """Eight webhooks that go nowhere have something to tell, and six mails too."""
    for number in range(8):
        await make_webhook(crowd, f"{dead_url}/{number}")
    await happen(crowd, "content.created")
    for number in range(6):
        await say(crowd.company_id, title=f"{number}", once_key=f"{number}")


async def come_alone(single: Member, url: str) -> None:
    """One webhook and one chat, after everything of the crowd."""
    await make_webhook(single, url)
    body = {"kind": "telegram", "name": "Workshop", "chat_id": CHAT}
    assert 201 == (await single.post("/notification-channels", json=body)).status_code
    await say(single.company_id, title="Wedding")
    await happen(single, "content.published")


async def work_until(is_done: Callable[[], bool]) -> float:
    """Seconds until it was so, with two workers at the queue."""
    begun = time.monotonic()
    workers = [asyncio.create_task(_work_off("notifications")) for _ in range(2)]
    try:
        while not is_done():
            assert time.monotonic() - begun < 60, "the neighbour was never told"
            await asyncio.sleep(0.02)
        return time.monotonic() - begun
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


async def count_waiting(company_id: UUID) -> int:
    """The company's jobs nobody has begun."""
    async with session_scope(system="test") as session:
        waiting = (Job.company_id == company_id, Job.state == JobState.QUEUED, Job.attempts == 0)
        return await session.scalar(select(func.count()).where(*waiting)) or 0
