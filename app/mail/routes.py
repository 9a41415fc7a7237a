"""`/dev/mailbox`: the mails of a development machine, and nowhere else.

Who reads them can open any account, so besides ENVIRONMENT=development the caller must sit at this machine
and have asked under its name: a page of another site that points its own name at 127.0.0.1 sends that name.
"""

import base64
from ipaddress import ip_address
from typing import Annotated, Final
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.core.config import get_settings
from app.core.database import PublicSessionDep
from app.core.errors import NotFound
from app.mail import queries
from app.mail.models import MailMessage
from app.mail.rendering import LOGO_ID, environment

SHOWN: Final = 100
OWN_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
# The mail itself: no script, no form, nothing loaded, and of no origin.
MAIL_POLICY: Final = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)


async def _only_here(request: Request) -> None:
    settings = get_settings()
    if settings.environment != "development" or not _is_here(request, settings.web.public_url):
        raise NotFound("There is nothing at this address.")


def _is_here(request: Request, public_url: str) -> bool:
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    names = OWN_NAMES | {urlsplit(public_url).hostname}
    return address.is_loopback and request.url.hostname in names


router = APIRouter(
    prefix="/dev/mailbox", include_in_schema=False, dependencies=[Depends(_only_here)]
)


@router.get("", response_class=HTMLResponse)
async def mailbox_page(session: PublicSessionDep) -> HTMLResponse:
    """The newest mails."""
    mails = await queries.newest(session, limit=SHOWN)
    return _page("mailbox/list.html", PAGE_POLICY, mails=mails, shown=SHOWN)


async def _mail(mail_id: UUID, session: PublicSessionDep) -> MailMessage:
    mail = await queries.find_message(session, mail_id)
    if mail is None:
        raise NotFound("There is no such mail.")
    return mail


Mail = Annotated[MailMessage, Depends(_mail)]


@router.get("/{mail_id}", response_class=HTMLResponse)
async def mail_page(mail: Mail) -> HTMLResponse:
    """One mail: its text with links that work, its HTML in a frame without rights."""
    return _page("mailbox/mail.html", PAGE_POLICY, mail=mail)


@router.get("/{mail_id}/html", response_class=HTMLResponse)
async def mail_html(mail: Mail, session: PublicSessionDep) -> HTMLResponse:
    """What the frame shows; a browser finds the logo in the page, where a mail program finds it beside."""
    headers = {"Content-Security-Policy": MAIL_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    letterhead = await queries.letterhead_of(session, mail.company_id)
    html = mail.html
    if letterhead is not None and letterhead.logo is not None:
        picture = base64.b64encode(letterhead.logo).decode()
        html = html.replace(f"cid:{LOGO_ID}", f"data:image/png;base64,{picture}")
    return HTMLResponse(html, headers=headers | {"Cache-Control": "no-store"})


def _page(template: str, policy: str, **values: object) -> HTMLResponse:
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return HTMLResponse(environment.get_template(template).render(**values), headers=headers)
