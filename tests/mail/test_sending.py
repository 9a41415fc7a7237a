"""A mail's way from the caller's transaction to a real SMTP server."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import mail
from app.core.clock import utcnow
from app.core.config import MailSettings
from app.core.database import session_scope
from app.core.errors import Invalid
from app.core.jobs import Job, enqueue
from app.mail.models import MailMessage
from app.mail.tasks import MAX_ATTEMPTS, sweep_mail
from tests.mail.conftest import INVITATION, reread, settings_of, try_again, written
from tests.support.jobs import run_queued_jobs
from tests.support.smtp import Sink, smtp_sink


async def test_a_mail_arrives_whole(sink: Sink) -> None:
    """Both bodies, the right addresses, and the subject in Cyrillic reach the server; the row says so."""
    mail_id = await written(language="ru")

    (job,) = await run_queued_jobs()

    (arrived,) = sink.mails
    message = await reread(mail_id)
    assert ("succeeded", "sent") == (job.state, message.state)
    assert "bob@example.com" == arrived["To"]
    assert "ARV <arv@localhost>" == arrived["From"]
    assert "North Light приглашает вас в ARV" == arrived["Subject"]
    assert "auto-generated" == arrived["Auto-Submitted"]
    assert message.message_id == arrived["Message-ID"]
    for kind in ("plain", "html"):
        body = arrived.get_body((kind,))
        assert body is not None
        assert INVITATION["link"] in body.get_content()


async def test_a_sent_mail_forgets_its_links(sink: Sink) -> None:
    """The body, which held a token, is blank once the server has taken it."""
    mail_id = await written()

    await run_queued_jobs()

    message = await reread(mail_id)
    assert ("", "") == (message.text, message.html)
    assert message.finished_at is not None


async def test_a_temporary_refusal_is_tried_again(sink: Sink) -> None:
    """4xx means later: the mail waits, then goes under the same Message-ID, once."""
    sink.on_data = "451 Greylisted, come back later"
    mail_id = await written()
    (job,) = await run_queued_jobs()
    waiting = await reread(mail_id)
    sink.on_data = "250 OK"

    again = await try_again(job)

    assert ("queued", 1, "queued") == (job.state, job.attempts, waiting.state)
    assert ("succeeded", "sent") == (again.state, (await reread(mail_id)).state)
    assert [waiting.message_id] == [arrived["Message-ID"] for arrived in sink.mails]


@pytest.mark.parametrize("refusal", ["on_recipient", "on_data"])
async def test_a_final_refusal_is_final(refusal: str, sink: Sink) -> None:
    """5xx about the mail is not tried twice; the reason stays, the body goes."""
    setattr(sink, refusal, "550 No such person here")
    mail_id = await written()

    (job,) = await run_queued_jobs()

    message = await reread(mail_id)
    assert ("failed", 1) == (job.state, job.attempts)
    assert ("failed", "") == (message.state, message.text)
    assert message.failure is not None
    assert "mail_refused" == message.failure["code"]
    assert "550 No such person here" in message.failure["detail"]


async def test_a_server_that_is_down_is_waited_for(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens: the pause grows, and only the last attempt gives the mail up."""
    async with smtp_sink() as gone:
        port = gone.port
    with settings_of(monkeypatch, SMTP_URL=f"smtp://127.0.0.1:{port}"):
        mail_id = await written()
        (job,) = await run_queued_jobs()
        first_pause = (job.run_after - job.started_at).total_seconds()  # type: ignore[operator]
        async with session_scope(system="test") as session:
            (await session.get_one(Job, job.id)).attempts = MAX_ATTEMPTS - 1
        last = await try_again(job)

    message = await reread(mail_id)
    assert ("queued", True) == (job.state, 14 < first_pause < 20)
    assert ("failed", "failed") == (last.state, message.state)
    assert message.failure is not None
    assert "mail_server_away" == message.failure["code"]


async def test_signing_in_to_the_server_takes_tls(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password is not sent over a line without TLS, unless the operator says so."""
    async with smtp_sink(auth_require_tls=False) as sink:
        with_password = f"smtp://ann:p%40ss%2Fword@127.0.0.1:{sink.port}"
        with settings_of(monkeypatch, SMTP_URL=with_password):
            await written()
            (job,) = await run_queued_jobs()
            refused = list(sink.sign_ins)
        with settings_of(monkeypatch, SMTP_URL=f"{with_password}?starttls=never"):
            again = await try_again(job)

    assert ("queued", []) == (job.state, refused)
    assert ("succeeded", [(b"ann", b"p@ss/word")]) == (again.state, sink.sign_ins)


async def test_a_wrong_password_can_be_mended(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """535 is about the settings, not about the mail: it is tried again."""
    async with smtp_sink(auth_require_tls=False) as sink:
        url = f"smtp://ann:wrong@127.0.0.1:{sink.port}?starttls=never"
        with settings_of(monkeypatch, SMTP_URL=url):
            await written()
            (job,) = await run_queued_jobs()

    assert ("queued", "mail_server_away") == (job.state, (job.error or {})["code"])


async def test_without_a_server_production_says_so(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No mail is claimed to be sent when none can be."""
    mail_id = await written()
    with settings_of(monkeypatch, ENVIRONMENT="production"):
        await run_queued_jobs()

    message = await reread(mail_id)
    assert ("failed", "") == (message.state, message.text)
    assert "mail_not_configured" == (message.failure or {})["code"]


async def test_a_sent_mail_is_not_sent_again(sink: Sink) -> None:
    """A second job for the same mail finds nothing to do."""
    mail_id = await written()
    await run_queued_jobs()
    async with session_scope(system="test") as session:
        await enqueue(session, "notifications.send_mail", mail_id=mail_id)

    (job,) = await run_queued_jobs()

    assert ("succeeded", 1) == (job.state, len(sink.mails))


async def test_old_mails_are_forgotten(database: str) -> None:
    """After a month nobody knows any more to whom was written."""
    old, new = await written(), await written()
    async with session_scope(system="test") as session:
        message = await session.get_one(MailMessage, old)
        message.created_at = utcnow() - timedelta(days=31)

    await sweep_mail()

    async with session_scope(system="test") as session:
        left = (await session.scalars(select(MailMessage.id))).all()
    assert [new] == list(left)


async def test_a_rolled_back_change_writes_nothing(session: AsyncSession) -> None:
    """The mail is there exactly when the change it tells of is."""
    await mail.send(session, "invitation", to="b@example.com", language="en", context=INVITATION)
    await session.rollback()

    assert 0 == await session.scalar(select(func.count()).select_from(MailMessage))
    assert [] == await run_queued_jobs()


@pytest.mark.parametrize(
    "address",
    [
        "bob@example.com\r\nBcc: all@example.com",
        "bob@example.com, eve@example.com",
        "Bob <bob@example.com>",
        "bob",
        "",
        "b\u0000b@example.com",
    ],
)
async def test_what_is_not_one_address_is_refused(address: str) -> None:
    """No header and no second recipient can be smuggled in; the database is not even asked."""
    session = AsyncSession()
    with pytest.raises(Invalid):
        await mail.send(session, "invitation", to=address, language="en", context=INVITATION)


async def test_a_name_with_a_line_break_makes_no_header(sink: Sink) -> None:
    """A company called "A, line break, Bcc: eve" is written on one line."""
    context = INVITATION | {"company_name": "A\r\nBcc: eve@example.com\r\n\r\nHi"}
    async with session_scope(system="test") as session:
        await mail.send(session, "invitation", to="b@example.com", language="en", context=context)

    await run_queued_jobs()

    (arrived,) = sink.mails
    assert arrived["Bcc"] is None
    assert "A Bcc: eve@example.com Hi invites you to ARV" == arrived["Subject"]


@pytest.mark.parametrize(
    "url", ["http://h", "smtp://", "h:25", "smtp://h?starttls=perhaps", "smtp:h"]
)
def test_an_address_that_is_no_smtp_server_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service does not start with a mail server it can not use, and shows no password."""
    monkeypatch.setenv("SMTP_URL", url.replace("//h", "//ann:hidden@h"))

    with pytest.raises(ValueError, match="SMTP_URL") as refused:
        MailSettings()

    assert "hidden" not in str(refused.value)
