"""Sending: the job of each mail, and forgetting old ones."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utcnow
from app.core.config import Settings, get_settings
from app.core.database import session_scope
from app.mail import queries
from app.mail.delivery import MailRefused, ServerAway, ServerSilent, compose, deliver
from app.mail.models import MailMessage, MailState
from app.mail.resting import Rest
from app.mail.service import SEND_TASK
from app.tasks.runtime import Failure, Permanent, Retryable, TaskContext, periodic, task

# After 15 s, 45 s, 2, 7, 20 minutes and then every hour: a server that is away for seven hours loses nothing.
MAX_ATTEMPTS: Final = 12
FIRST_PAUSE_SECONDS: Final = 15.0
LONGEST_PAUSE_SECONDS: Final = 3600.0
TIME_LIMIT_SECONDS: Final = 120
KEPT_FOR: Final = timedelta(days=30)
# A mail that no server took in time may be begun again for so long; its links outlive that anyway.
GIVEN_UP_KEPT_FOR: Final = timedelta(days=3)
AWAY: Final = "mail_server_away"


async def mark_failed(session: AsyncSession, failure: Failure, *, mail_id: UUID) -> None:
    """Runs with the transaction that gives the job up. What the server refused is forgotten, what it never
    heard may be begun again."""
    await queries.finish(
        session,
        mail_id,
        MailState.FAILED,
        now=utcnow(),
        keep_body=failure.code == AWAY or _is_kept(get_settings()),
        failure=failure.as_json(),
    )


async def take_back(session: AsyncSession, *, mail_id: UUID) -> None:
    """A person begins it again: it is on its way as if for the first time."""
    await queries.requeue(session, mail_id)


@task(
    SEND_TASK,
    max_attempts=MAX_ATTEMPTS,
    time_limit=TIME_LIMIT_SECONDS,
    on_failed=mark_failed,
    on_retry=take_back,
)
async def send_mail(context: TaskContext, *, mail_id: UUID) -> None:
    """Hand the mail over once. After a crash between the server's answer and ours it is handed over
    again under the same Message-ID: SMTP knows no better."""
    settings = get_settings()
    async with context.session() as session:
        mail = await queries.find_message(session, mail_id)
        letterhead = await queries.letterhead_of(session, mail.company_id if mail else None)
    if mail is not None and mail.state == MailState.FAILED and not mail.text:
        raise Permanent("mail_forgotten", "What the mail said is no longer kept. Cause it anew.")
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
    server = settings.mail.smtp_url.get_secret_value()
    if Rest.is_on(server):
        raise _later(context, mail, "The mail server did not answer a moment ago.")
    try:
        await deliver(compose(mail, sender=settings.mail.sender, logo=logo), settings.mail)
    except ServerAway as error:
        if isinstance(error, ServerSilent):
            Rest.begin(server)
        raise _later(context, mail, str(error)) from None
    except MailRefused as error:
        raise Permanent("mail_refused", str(error)) from None
    Rest.end(server)
    context.log.info("mail.sent", mail_id=str(mail.id), template=mail.template)
    return MailState.SENT


def _later(context: TaskContext, mail: MailMessage, detail: str) -> Retryable:
    pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 3.0 ** (context.attempt - 1))
    context.log.warning("mail.server_away", mail_id=str(mail.id))
    return Retryable(detail, code=AWAY, after_seconds=pause)


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
    """Forget to whom was written a month ago, and what given-up mails said."""
    now = utcnow()
    async with session_scope() as session:
        await queries.delete_old(session, created_before=now - KEPT_FOR)
        if not _is_kept(get_settings()):
            await queries.blank_given_up(session, finished_before=now - GIVEN_UP_KEPT_FOR)
