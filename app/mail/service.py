"""Writing a mail: the row and its job are there exactly when the caller's change is."""

from email.utils import parseaddr
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import jobs
from app.core.config import get_settings
from app.core.email_addresses import one_spelling
from app.core.errors import Invalid
from app.core.ids import uuid7
from app.mail import queries
from app.mail.models import MailMessage
from app.mail.rendering import LANGUAGES, render

log = structlog.get_logger(__name__)

SEND_TASK = "notifications.send_mail"


async def send(
    session: AsyncSession,
    template: str,
    *,
    to: str,
    language: str,
    company_id: UUID | None = None,
    context: dict[str, Any],
    one_click_url: str | None = None,
) -> MailMessage:
    """A mail to one address, handed over after the commit. Raises `Invalid` for what is no address.

    A POST to `one_click_url` ends mails of this kind; essential mails have none.
    """
    recipient = _address(to)
    letterhead = await queries.letterhead_of(session, company_id)
    rendered = render(template, language=language, context=context, letterhead=letterhead)
    mail_id = uuid7()
    job = await jobs.enqueue(session, SEND_TASK, company_id=company_id, mail_id=mail_id)
    message = MailMessage(
        id=mail_id,
        company_id=company_id,
        job_id=job.id,
        template=template,
        language=language if language in LANGUAGES else LANGUAGES[0],
        recipient=recipient,
        message_id=f"<{mail_id.hex}@{_sending_domain()}>",
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        one_click_url=one_click_url,
    )
    session.add(message)
    await session.flush()
    log.info("mail.queued", mail_id=str(mail_id), template=template)
    return message


def _address(text: str) -> str:
    """One plain address: no second recipient and no header of its own can hide in it."""
    if any(not c.isprintable() for c in text):
        raise Invalid("This is not an e-mail address.", pointer="#/email")
    try:
        return one_spelling(text)
    except ValueError as error:
        raise Invalid(str(error), pointer="#/email") from None


def _sending_domain() -> str:
    return parseaddr(get_settings().mail.sender)[1].rpartition("@")[2]
