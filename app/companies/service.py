"""Changing companies."""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies import queries
from app.companies.models import Company
from app.companies.roles import DELETE_COMPANY, MANAGE_COMPANY
from app.core.actor import Actor
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.etags import ANY_VERSION, Seen

DEFAULT_NAME: Final = "Vertex AR"
DEFAULT_SLUG: Final = "vertex-ar"
DEFAULT_ACCENT: Final = "#FF5B3A"

# The panel and the API own these first path parts, so that a company may one day have its own address.
RESERVED_SLUGS: Final = frozenset({"api", "ar", "storage", "viewer", "assets", "docs", "redoc"})
_CYRILLIC: Final = {
    **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziiklmnoprstufye", strict=True)),
    "ё": "e",
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "iu",
    "я": "ia",
}


# A company that was deleted can be restored for so long; then it is erased.
RESTORE_DAYS: Final = 30
NEVER_NULL: Final = (
    "name",
    "time_zone",
    "language",
    "expiry_warning_days",
    "expiry_grace_days",
    "contact",
)


class ConfirmationDiffers(Invalid):
    code = "confirmation_differs"
    title = "The name typed is not the company's"


class SlugTaken(Conflict):
    code = "slug_taken"
    title = "This short name is taken"


async def create_company(
    session: AsyncSession, actor: Actor, *, name: str, slug: str | None, accent_color: str | None
) -> Company:
    """A new company. Only a superadmin may; raises `SlugTaken`."""
    if not actor.is_superadmin:
        raise Forbidden("Only the operator of this installation adds companies.")
    slug = slug or slug_of(name)
    if not slug or slug in RESERVED_SLUGS:
        raise Invalid("Choose another short name.", pointer="#/slug")
    company = await queries.insert_company(session, name=name, slug=slug, accent_color=accent_color)
    if company is None:
        raise SlugTaken(f"Another company is called “{slug}”. Choose another short name.")
    events.record(
        session,
        "company.created",
        actor=actor,
        company_id=company.id,
        subject_id=company.id,
        data={"name": name, "slug": slug},
    )
    return company


async def update_company(
    session: AsyncSession, actor: Actor, *, changes: dict[str, Any], seen: Seen = ANY_VERSION
) -> Company:
    """The company of the actor with the changes applied."""
    actor.require(MANAGE_COMPANY)
    for field in NEVER_NULL:
        if changes.get(field, "") is None:
            raise Invalid("A company has this.", pointer=f"#/{field}")
    company = await queries.get_company(session, actor, for_update=True)
    seen.require(company)
    told = events.changes_of(company, changes)
    for field, value in changes.items():
        setattr(company, field, value)
    await session.flush()
    events.record(session, "company.updated", actor=actor, subject_id=company.id, changes=told)
    return company


async def delete_company(
    session: AsyncSession, actor: Actor, *, confirm: str, now: datetime, seen: Seen = ANY_VERSION
) -> Company:
    """Hide the company from everybody at once; it can be restored for `RESTORE_DAYS`.

    Its links show that they pause. Raises `ConfirmationDiffers` unless `confirm` is its name.
    """
    actor.require(DELETE_COMPANY)
    company = await queries.get_company(session, actor, for_update=True)
    seen.require(company)
    if confirm.strip() != company.name:
        raise ConfirmationDiffers(
            "Type the company's name exactly as it is.", pointer="query/confirm"
        )
    company.deleted_at = now
    await session.flush()
    events.record(
        session,
        "company.deleted",
        actor=actor,
        subject_id=company.id,
        data={"restorable_until": (now + timedelta(days=RESTORE_DAYS)).isoformat()},
        changes={"deleted_at": [None, now.isoformat()]},
    )
    return company


async def restore_company(
    session: AsyncSession, actor: Actor, company_id: UUID, *, now: datetime
) -> Company:
    """The deleted company as it was. Its owners and the operator may; raises `NotFound` for others."""
    company = await queries.lock_deleted(session, actor, company_id)
    before = company.deleted_at
    assert before is not None, "lock_deleted finds deleted ones"
    if before < now - timedelta(days=RESTORE_DAYS):
        raise NotFound("There is no such company.")  # Its erasure has begun.
    company.deleted_at = None
    await session.flush()
    events.record(
        session,
        "company.restored",
        actor=actor,
        company_id=company.id,
        subject_id=company.id,
        changes={"deleted_at": [before.isoformat(), None]},
    )
    return company


async def set_role(session: AsyncSession, *, company_id: UUID, user_id: UUID, role: str) -> None:
    """Make the user a member with this role."""
    await queries.set_role(session, company_id=company_id, user_id=user_id, role=role)
    events.record(
        session,
        "membership.set",
        company_id=company_id,
        subject_id=user_id,
        data={"role": role},
    )


async def ensure_default_company(session: AsyncSession) -> Company:
    """The company every installation begins with, made if it is not there yet."""
    created = await queries.insert_company(
        session, name=DEFAULT_NAME, slug=DEFAULT_SLUG, accent_color=DEFAULT_ACCENT
    )
    if created is not None:
        events.record(session, "company.created", company_id=created.id, subject_id=created.id)
        return created
    existing = await queries.find_by_slug(session, DEFAULT_SLUG)
    assert existing is not None, "insert met a conflict, so the row is there"
    return existing


def slug_of(name: str) -> str:
    """The name in lower-case Latin letters, digits and hyphens: «Студия Ёж» becomes `studiia-ezh`."""
    latin = "".join(_CYRILLIC.get(letter, letter) for letter in name.lower())
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
