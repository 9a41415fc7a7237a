"""Changing a company's look."""

from collections.abc import AsyncIterable
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app import events, mail
from app.companies import queries as companies
from app.companies.models import Company
from app.companies.roles import MANAGE_COMPANY
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.errors import Invalid, PayloadTooLarge
from app.core.etags import ANY_VERSION, Seen
from app.core.files import stream_to_temporary
from app.look import queries
from app.look.colors import LOWEST_SHAPE_CONTRAST, LOWEST_TEXT_CONTRAST, contrast
from app.look.models import Look
from app.media.logos import MAX_LOGO_BYTES, PreparedLogo, prepare_logo
from app.storage import queries as storage_queries
from app.storage import service as storage
from app.storage.service import StoredContent
from app.subscriptions import service as subscriptions

# What the viewer shows where a company chose nothing: ink on paper.
PAPER: Final = "#FAF7F2"
INK: Final = "#16181D"


class TooLittleContrast(Invalid):
    code = "too_little_contrast"
    title = "The colours are too alike"


async def update_look(
    session: AsyncSession, actor: Actor, *, changes: dict[str, Any], seen: Seen = ANY_VERSION
) -> tuple[Company, Look]:
    """The look with the changes applied. Raises `TooLittleContrast`."""
    actor.require(MANAGE_COMPANY)
    company = await companies.get_company(session, actor, for_update=True)
    look = await queries.lock_look(session, company.id)
    seen.require(look)
    told = _told(company, look, changes)
    if "accent_color" in changes:
        company.accent_color = changes["accent_color"]
    for field in ("background_color", "ink_color"):
        if field in changes:
            setattr(look, field, changes[field])
    if "texts" in changes:
        look.texts = changes["texts"] or {}
    _refuse_unreadable(company, look)
    look.updated_at = utcnow()
    await session.flush()
    await mail.set_letterhead(
        session, company.id, background_color=look.background_color, ink_color=look.ink_color
    )
    events.record(session, "look.updated", actor=actor, subject_id=company.id, changes=told)
    return company, look


def _told(company: Company, look: Look, changes: dict[str, Any]) -> dict[str, Any]:
    own = {field: value for field, value in changes.items() if field != "accent_color"}
    accent = {field: value for field, value in changes.items() if field == "accent_color"}
    return events.changes_of(company, accent) | events.changes_of(look, own)


def _refuse_unreadable(company: Company, look: Look) -> None:
    background = look.background_color or PAPER
    if look.background_color or look.ink_color:
        _require(look.ink_color or INK, background, LOWEST_TEXT_CONTRAST, "#/ink_color")
    if look.background_color and company.accent_color:
        _require(company.accent_color, background, LOWEST_SHAPE_CONTRAST, "#/accent_color")


def _require(color: str, background: str, lowest: float, pointer: str) -> None:
    found = contrast(color, background)
    if found < lowest:
        raise TooLittleContrast(
            f"{color} on {background} has a contrast of {found:.1f}; at least {lowest:g} is needed to be "
            "read. Choose a lighter or darker one.",
            pointer=pointer,
        )


async def replace_logo(
    actor: Actor, *, declared_size: int | None, chunks: AsyncIterable[bytes]
) -> None:
    """Receive a picture, re-encode it, and make it the logo. Nothing is open while bytes arrive."""
    actor.require(MANAGE_COMPANY)
    assert actor.company_id is not None
    if declared_size is not None and declared_size > MAX_LOGO_BYTES:
        raise _too_large()
    incoming = storage.incoming_folder()
    try:
        received = await stream_to_temporary(chunks, incoming, max_bytes=MAX_LOGO_BYTES)
    except PayloadTooLarge as error:
        raise _too_large() from error
    try:
        logo = await prepare_logo(received.path, received.media_type)
    finally:
        received.path.unlink(missing_ok=True)
    await _keep_logo(actor, logo)


def _too_large() -> PayloadTooLarge:
    return PayloadTooLarge(
        f"A logo has at most {MAX_LOGO_BYTES // 1024**2} MB.", max_bytes=MAX_LOGO_BYTES
    )


async def _keep_logo(actor: Actor, logo: PreparedLogo) -> None:
    assert actor.company_id is not None
    async with session_scope(company_id=actor.company_id) as session:
        await subscriptions.check(session, actor, "storage_bytes", len(logo.data))
        company = await companies.get_company(session, actor)
        place = await storage.storage_of(session, company.id)
    stored = await storage.store_bytes(
        place,
        logo.data,
        storage_path=company.storage_path,
        folder="thumbnails",
        media_type="image/webp",
    )
    async with session_scope(company_id=actor.company_id) as session:
        await _use_logo(session, actor, stored, logo)


async def _use_logo(
    session: AsyncSession, actor: Actor, stored: StoredContent, logo: PreparedLogo
) -> None:
    assert actor.company_id is not None
    await companies.get_company(session, actor, for_update=True)
    look = await queries.lock_look(session, actor.company_id)
    before = look.logo_key
    await storage.register(session, actor.company_id, stored)
    look.logo_key, look.logo_width, look.logo_height = stored.key, logo.width, logo.height
    look.updated_at = utcnow()
    await session.flush()
    await mail.set_letterhead(
        session,
        actor.company_id,
        logo=logo.mail_png,
        logo_width=logo.mail_width,
        logo_height=logo.mail_height,
    )
    await _release(session, actor, before, kept=stored.key)
    events.record(
        session,
        "look.logo_replaced",
        actor=actor,
        subject_id=actor.company_id,
        changes={"logo_key": [before, stored.key]},
    )


async def _release(
    session: AsyncSession, actor: Actor, key: str | None, *, kept: str | None
) -> None:
    """The old logo's file is free; the same picture chosen again stays."""
    assert actor.company_id is not None
    if key and key != kept:
        await storage_queries.release_files(session, actor.company_id, {key}, now=utcnow())


async def remove_logo(session: AsyncSession, actor: Actor, *, seen: Seen = ANY_VERSION) -> None:
    """Without a logo the viewer shows the company's name; twice is the same as once."""
    actor.require(MANAGE_COMPANY)
    company = await companies.get_company(session, actor, for_update=True)
    look = await queries.lock_look(session, company.id)
    seen.require(look)
    before = look.logo_key
    if before is None:
        return
    look.logo_key = look.logo_width = look.logo_height = None
    look.updated_at = utcnow()
    await session.flush()
    await mail.set_letterhead(session, company.id, logo=None, logo_width=None, logo_height=None)
    await _release(session, actor, before, kept=None)
    events.record(
        session,
        "look.logo_removed",
        actor=actor,
        subject_id=company.id,
        changes={"logo_key": [before, None]},
    )
