"""Sending: the job of each mail, and forgetting old ones."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utcnow
from app.core.config import Settings, get_settings
from app.core.database import session_scope
from app.mail import queries
from app.mail.delivery import MailRefused, ServerAway, compose, deliver
from app.mail.models import MailMessage, MailState
from app.mail.service import SEND_TASK
from app.tasks.runtime import Failure, Permanent, Retryable, TaskContext, periodic, task

# After 15 s, 45 s, 2, 7, 20 minutes and then every hour: a server that is away for seven hours loses nothing.
MAX_ATTEMPTS: Final = 12
FIRST_PAUSE_SECONDS: Final = 15.0
LONGEST_PAUSE_SECONDS: Final = 3600.0
TIME_LIMIT_SECONDS: Final = 120
KEPT_FOR: Final = timedelta(days=30)


async def mark_failed(session: AsyncSession, failure: Failure, *, mail_id: UUID) -> None:
    """Runs with the transaction that gives the job up."""
    await queries.finish(
        session,
        mail_id,
        MailState.FAILED,
        now=utcnow(),
        keep_body=_is_kept(get_settings()),
        failure=failure.as_json(),
    )


@task(SEND_TASK, max_attempts=MAX_ATTEMPTS, time_limit=TIME_LIMIT_SECONDS, on_failed=mark_failed)
async def send_mail(context: TaskContext, *, mail_id: UUID) -> None:
    """Hand the mail over once. After a crash between the server's answer and ours it is handed over
    again under the same Message-ID: SMTP knows no better."""
    settings = get_settings()
    async with context.session() as session:
        mail = await queries.find_message(session, mail_id)
        letterhead = await queries.letterhead_of(session, mail.company_id if mail else None)
    if mail is None or mail.state != MailState.QUEUED:
        context.log.info("mail.not_wanted", mail_id=str(mail_id))
        return
    logo = letterhead.logo if letterhead else None
    state = await _hand_over(context, mail, settings, logo=logo)
    async with context.session(completes=True) as session:
        await queries.finish(
            session, mail_id, state, now=utcnow(), keep_body=_is_kept(settings), failure=None
        )


async def _hand_over(
    context: TaskContext, mail: MailMessage, settings: Settings, *, logo: bytes | None
) -> MailState:
    if settings.mail.smtp_url is None:
        return _keep(context, mail, settings)
    try:
        await deliver(compose(mail, sender=settings.mail.sender, logo=logo), settings.mail)
    except ServerAway as error:
        pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 3 ** (context.attempt - 1))
        context.log.warning("mail.server_away", mail_id=str(mail.id))
        raise Retryable(str(error), code="mail_server_away", after_seconds=pause) from None
    except MailRefused as error:
        raise Permanent("mail_refused", str(error)) from None
    context.log.info("mail.sent", mail_id=str(mail.id), template=mail.template)
    return MailState.SENT


def _keep(context: TaskContext, mail: MailMessage, settings: Settings) -> MailState:
    if settings.is_production:
        raise Permanent("mail_not_configured", "No mail server is set: the operator sets SMTP_URL.")
    where = f"{settings.web.public_url}/dev/mailbox/{mail.id}"
    context.log.info("mail.kept", mail_id=str(mail.id), template=mail.template, where=where)
    return MailState.KEPT


def _is_kept(settings: Settings) -> bool:
    """Bodies hold links that open accounts; only a developer's own machine keeps them."""
    return settings.environment == "development"


@periodic("default.sweep_mail")
async def sweep_mail() -> None:
    """Forget to whom was written a month ago."""
    async with session_scope() as session:
        await queries.delete_old(session, created_before=utcnow() - KEPT_FOR)
