"""A mail server that is silent, slow or away for long: nothing is held up, and nothing is lost."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.jobs import Job
from app.jobs import service as jobs
from app.mail.models import MailMessage
from app.mail.resting import Rest
from app.mail.tasks import MAX_ATTEMPTS, sweep_mail
from app.tasks.runtime import run_job
from tests.mail.conftest import SEND, reread, settings_of, try_again, written
from tests.support.fault_proxy import FaultProxy
from tests.support.jobs import run_queued_jobs
from tests.support.smtp import Sink, smtp_sink


async def test_a_silent_server_is_left_alone_for_a_while(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five mails for a server that says nothing cost one wait, not five; all go when it speaks."""
    async with smtp_sink() as sink:
        with (
            FaultProxy("127.0.0.1", sink.port) as line,
            settings_of(
                monkeypatch, SMTP_URL=f"smtp://127.0.0.1:{line.port}", SMTP_TIMEOUT_SECONDS="0.3"
            ),
        ):
            line.stall()
            for _ in range(5):
                await written()
            waiting = await run_queued_jobs()
            asked = line.accepted
            line.heal()
            Rest.end()
            for job in waiting:
                await try_again(job)

    assert [("queued", "mail_server_away")] * 5 == [
        (j.state, (j.error or {})["code"]) for j in waiting
    ]
    assert (1, 5) == (asked, len({mail["Message-ID"] for mail in sink.mails}))


async def test_a_dripping_server_has_a_deadline(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step in time, the whole never done: given up after three steps' time."""
    async with smtp_sink() as sink:
        with (
            FaultProxy("127.0.0.1", sink.port) as line,
            settings_of(
                monkeypatch, SMTP_URL=f"smtp://127.0.0.1:{line.port}", SMTP_TIMEOUT_SECONDS="0.3"
            ),
        ):
            line.latency = 0.2
            await written()
            (job,) = await run_queued_jobs()

    assert ("queued", []) == (job.state, sink.mails)
    assert "TimeoutError" in (job.error or {})["detail"]


async def test_a_mail_nobody_took_can_be_begun_again(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given up while the server was away: an operator begins it again and it arrives, once."""
    operator = Actor(UUID(int=0), "operator@example.com", is_superadmin=True)
    mail_id = await written()
    with settings_of(monkeypatch, SMTP_URL="smtp://127.0.0.1:1"):
        (job,) = await run_queued_jobs()
        async with session_scope(system="test") as session:
            (await session.get_one(Job, job.id)).attempts = MAX_ATTEMPTS - 1
        failed = await try_again(job)
    given_up = await reread(mail_id)
    Rest.end()

    async with session_scope(system="test") as session:
        await jobs.retry(session, operator, job.id)
    await run_job(SEND, job.id)

    assert ("failed", "failed", True) == (failed.state, given_up.state, bool(given_up.text))
    assert ("sent", "", 1) == ((sent := await reread(mail_id)).state, sent.text, len(sink.mails))


async def test_given_up_mails_are_forgotten(database: str) -> None:
    """What they said is kept for three days; begun again later, they say so."""
    mail_id = await written()
    async with session_scope(system="test") as session:
        message = await session.get_one(MailMessage, mail_id)
        message.state, message.finished_at = "failed", utcnow() - timedelta(days=4)

    await sweep_mail()

    assert ("failed", "") == ((swept := await reread(mail_id)).state, swept.text)
