"""The digest: what may wait, once a day or a week, in the morning where the person is."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app import mail
from app.companies.models import Company
from app.core.config import get_settings
from app.core.database import session_scope
from app.notifications import delivery_queries as deliveries
from app.notifications import queries
from app.notifications.kinds import path_of
from app.notifications.models import Notification, Preference
from app.notifications.words import words_of
from app.users.models import User

log = structlog.get_logger(__name__)

SYSTEM: Final = "digests"
MONDAY: Final = 0
MOST_ITEMS: Final = 50


async def send_due(*, now: datetime) -> int:
    """How many digests were written. One person at a time, each in a transaction of their own."""
    async with session_scope(system=SYSTEM) as session:
        waiting = await queries.waiting_for_digest(session)
    return sum([await _send_to(user_id, now=now) for user_id in waiting])


async def _send_to(user_id: UUID, *, now: datetime) -> int:
    async with session_scope(system=SYSTEM) as session:
        items = await queries.take_for_digest(session, user_id)
        if not items:
            return 0
        person = await queries.find_person(session, user_id)
        preference = (await queries.preferences_of(session, [user_id])).get(user_id)
        found = await queries.slugs_of(session, {i.company_id for i in items if i.company_id})
        local = now.astimezone(_zone(preference, found.values()))
        if person is None or not is_due(preference.digest if preference else "daily", local):
            return 0
        groups: dict[UUID | None, list[Notification]] = {}
        for item in items:
            groups.setdefault(item.company_id, []).append(item)
        written = [
            await _write(
                session, person, found.get(company_id) if company_id else None, group, local
            )
            for company_id, group in groups.items()
        ]
        return sum(written)


def is_due(digest: str, local: datetime) -> bool:
    """Whether the hour has come; what waits for one that was switched off goes out at the next tick."""
    if digest == "off":
        return True
    is_day = digest == "daily" or local.weekday() == MONDAY
    return is_day and local.hour >= get_settings().notifications.digest_hour


def _zone(preference: Preference | None, companies: Iterable[Company]) -> ZoneInfo:
    """The person's zone, else that of the company it is about."""
    chosen = preference.time_zone if preference else None
    name = chosen or next((company.time_zone for company in companies), "UTC")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


async def _write(
    session: AsyncSession,
    person: User,
    company: Company | None,
    items: list[Notification],
    local: datetime,
) -> bool:
    """Whether the digest is new: its key is the person, the company and the local day."""
    company_id = company.id if company else None
    delivery_id = await deliveries.add_delivery(
        session,
        company_id=company_id,
        user_id=person.id,
        channel="email",
        kind="digest",
        once_key=f"digest:{person.id}:{company_id or 'operators'}:{local.date()}",
        target=person.email,
    )
    if delivery_id is None:
        return False
    for item in items:
        item.digest_state = "sent"
    message = await mail.send(
        session,
        "digest",
        to=person.email,
        language=person.language,
        company_id=company_id,
        context={
            "company_name": company.name if company else None,
            "accent_color": company.accent_color if company else None,
            "count": len(items),
            "items": [_told(item, company, person.language) for item in items[-MOST_ITEMS:]],
            "preferences_link": get_settings().web.page("account/notifications"),
        },
    )
    await deliveries.set_mail(session, delivery_id, message.id)
    log.info("digest.written", items=len(items))
    return True


def _told(item: Notification, company: Company | None, language: str) -> dict[str, str]:
    words = words_of(item.kind, item.data, language=language)
    slug = company.slug if company else ""
    path = path_of(item.kind, slug=slug, subject_id=item.subject_id, data=item.data)
    return {"title": words.title, "sentence": words.text, "link": get_settings().web.page(path)}
