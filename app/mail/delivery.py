"""Handing a mail to the SMTP server (RFC 5321), over TLS whenever a password travels."""

import asyncio
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from app.core.config import MailSettings
from app.mail.models import MailMessage
from app.mail.rendering import LOGO_ID

# A mail has so many times the time-out of one step: connecting, signing in and handing over are steps.
STEPS: Final = 3
SUBMISSION_PORT: Final = 587
SUBMISSIONS_PORT: Final = 465
# `?starttls=` of an smtp:// address; without it a password asks for TLS, and else TLS is taken where offered.
STARTTLS: Final = {"always": True, "never": False, "offered": None}


class ServerAway(Exception):
    """It may go well another time: no connection, a 4xx answer, or settings only the operator can mend."""


class ServerSilent(ServerAway):
    """It did not answer at all, so other mails need not wait for it either."""


class MailRefused(Exception):
    """The server will never take this mail (a 5xx answer)."""


@dataclass(frozen=True, slots=True)
class Server:
    """An SMTP server and how to speak to it."""

    host: str
    port: int
    username: str | None
    password: str | None
    use_tls: bool
    start_tls: bool | None


def server_of(url: str) -> Server:
    """What an `smtp://` or `smtps://` address says."""
    parts = urlsplit(url)
    use_tls = parts.scheme == "smtps"
    username = unquote(parts.username) if parts.username else None
    wish = parse_qs(parts.query).get("starttls", ["always" if username else "offered"])[0]
    return Server(
        host=parts.hostname or "",
        port=parts.port or (SUBMISSIONS_PORT if use_tls else SUBMISSION_PORT),
        username=username,
        password=unquote(parts.password) if parts.password else None,
        use_tls=use_tls,
        start_tls=False if use_tls else STARTTLS[wish],
    )


def compose(mail: MailMessage, *, sender: str, logo: bytes | None = None) -> EmailMessage:
    """The mail as it travels, with the logo its HTML names. The library refuses a line break in a header."""
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(addr_spec=mail.recipient)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday notices do not answer
    message["Content-Language"] = mail.language
    if mail.one_click_url:
        _end_by_one_click(message, mail.one_click_url)
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if logo is not None and f"cid:{LOGO_ID}" in mail.html:
        _carry(message, logo)
    return message


def _end_by_one_click(message: EmailMessage, url: str) -> None:
    """The mail program's own button. One click takes https (RFC 8058); elsewhere the address is a page's."""
    message["List-Unsubscribe"] = f"<{url}>"
    if url.startswith("https://"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _carry(message: EmailMessage, logo: bytes) -> None:
    html = message.get_body(("html",))
    assert html is not None
    html.add_related(
        logo, "image", "png", cid=f"<{LOGO_ID}>", filename="logo.png", disposition="inline"
    )


async def deliver(message: EmailMessage, settings: MailSettings) -> None:
    """Back when the server has taken the mail. Raises `ServerAway` or `MailRefused`."""
    assert settings.smtp_url is not None
    server = server_of(settings.smtp_url.get_secret_value())
    try:
        async with asyncio.timeout(STEPS * settings.timeout_seconds):
            await aiosmtplib.send(
                message,
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.use_tls,
                start_tls=server.start_tls,
                local_hostname=parseaddr(settings.sender)[1].rpartition("@")[2],
                timeout=settings.timeout_seconds,
            )
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise _judged(error) from None


def _judged(error: Exception) -> ServerAway | MailRefused:
    """Only an answer about this mail is final: a wrong password or an expired certificate can be mended."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    about_the_mail = (
        aiosmtplib.SMTPRecipientRefused,
        aiosmtplib.SMTPSenderRefused,
        aiosmtplib.SMTPDataError,
    )
    if isinstance(error, about_the_mail) and error.code >= 500:
        return MailRefused(f"The mail server refused it: {error.code} {_brief(error.message)}")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return ServerAway(f"The mail server answered {error.code} {_brief(error.message)}")
    # The library's time-outs and lost connections are OSErrors too.
    kind = ServerSilent if isinstance(error, OSError) else ServerAway
    return kind(f"The mail server could not be used: {type(error).__name__}")


def _brief(words: str) -> str:
    return " ".join(words.split())[:200]
