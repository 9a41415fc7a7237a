"""The digest: what may wait, once a day or a week, in the morning where the person is."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app import mail
from app.companies.models import Company
from app.core.config import get_settings
from app.core.database import session_scope
from app.notifications import delivery_queries as deliveries
from app.notifications import queries
from app.notifications.kinds import DIGEST, KINDS, path_of, wants_mail
from app.notifications.models import Notification, Preference
from app.notifications.unsubscribing import one_click_link, unsubscribe_link
from app.notifications.words import day_of, words_of, zone_of
from app.users.models import User

log = structlog.get_logger(__name__)

SYSTEM: Final = "digests"
DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(weeks=1)
MOST_ITEMS: Final = 50


async def send_due(*, now: datetime) -> int:
    """How many digests were written. One person at a time, each in a transaction of their own."""
    async with session_scope(system=SYSTEM) as session:
        waiting = await queries.waiting_for_digest(session)
    return sum([await _send_to(user_id, now=now) for user_id in waiting])


async def _send_to(user_id: UUID, *, now: datetime) -> int:
    async with session_scope(system=SYSTEM) as session:
        items = await queries.take_for_digest(session, user_id)
        person = await queries.find_person(session, user_id)
        if not items or person is None:
            return 0
        preference = (await queries.preferences_of(session, [user_id])).get(user_id)
        wanted = await _still_wanted(session, person, preference, items)
        companies = await queries.slugs_of(session, {i.company_id for i in wanted if i.company_id})
        groups: dict[UUID | None, list[Notification]] = {}
        for item in wanted:
            groups.setdefault(item.company_id, []).append(item)
        written = [
            await _write_if_due(
                session,
                person,
                companies.get(company_id) if company_id else None,
                group,
                preference=preference,
                now=now,
            )
            for company_id, group in groups.items()
        ]
        return sum(written)


async def _still_wanted(
    session: AsyncSession,
    person: User,
    preference: Preference | None,
    items: list[Notification],
) -> list[Notification]:
    """Without what the person may no longer see, or has refused since; that waits no more."""
    roles = await queries.roles_of(session, person.id)
    wanted = []
    for item in items:
        if wants_mail(item.kind, preference) and _concerns(item, person, roles):
            wanted.append(item)
        else:
            item.digest_state = "none"
    return wanted


def _concerns(item: Notification, person: User, roles: Mapping[UUID, str]) -> bool:
    if item.company_id is None:
        return person.is_superadmin
    return roles.get(item.company_id) in KINDS[item.kind].roles


async def _write_if_due(
    session: AsyncSession,
    person: User,
    company: Company | None,
    items: list[Notification],
    *,
    preference: Preference | None,
    now: datetime,
) -> bool:
    """Whether a digest was written: a moment has passed that the oldest of it has waited for."""
    digest = preference.digest if preference else "daily"
    zone = zone_of(preference.time_zone if preference else None, company)
    hour = get_settings().notifications.digest_hour
    moment = last_moment(digest, now.astimezone(zone), hour=hour)
    if min(item.created_at for item in items) >= moment:
        return False
    return await _write(session, person, company, items, moment=moment)


def last_moment(digest: str, local: datetime, *, hour: int) -> datetime:
    """When a digest was last due where the clock shows `local`; what waits for one that was switched off is
    due at once.

    The hour is that of the wall clock: one that daylight saving leaves out is the next there is, of one that
    comes twice it is the first.
    """
    if digest == "off":
        return local
    step = DAY if digest == "daily" else WEEK
    day = local.date()
    if digest == "weekly":
        day -= DAY * day.weekday()
    if _at(day, hour, local) > local.astimezone(UTC):
        day -= step
    return _at(day, hour, local).astimezone(local.tzinfo)


def _at(day: date, hour: int, local: datetime) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=local.tzinfo).astimezone(UTC)


async def _write(
    session: AsyncSession,
    person: User,
    company: Company | None,
    items: list[Notification],
    *,
    moment: datetime,
) -> bool:
    """Whether the digest is new: its key is the person, the company and the moment's day."""
    company_id = company.id if company else None
    delivery_id = await deliveries.add_delivery(
        session,
        company_id=company_id,
        user_id=person.id,
        channel="email",
        kind=DIGEST,
        once_key=f"digest:{person.id}:{company_id or 'operators'}:{moment.date()}",
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
        context=_context(person, company, items, moment=moment),
        one_click_url=one_click_link(person.id, DIGEST),
    )
    await deliveries.set_mail(session, delivery_id, message.id)
    log.info("digest.written", items=len(items))
    return True


def _context(
    person: User, company: Company | None, items: list[Notification], *, moment: datetime
) -> dict[str, Any]:
    return {
        "company_name": company.name if company else None,
        "accent_color": company.accent_color if company else None,
        "count": len(items),
        "more": max(0, len(items) - MOST_ITEMS),
        "items": [
            _told(item, company, person.language, moment=moment) for item in items[-MOST_ITEMS:]
        ],
        "preferences_link": get_settings().web.page("account/notifications"),
        "unsubscribe_link": unsubscribe_link(person.id, DIGEST),
    }


def _told(
    item: Notification, company: Company | None, language: str, *, moment: datetime
) -> dict[str, str]:
    local = item.created_at.astimezone(moment.tzinfo)
    words = words_of(item.kind, item.data, language=language, zone=moment.tzinfo)
    slug = company.slug if company else ""
    path = path_of(item.kind, slug=slug, subject_id=item.subject_id, data=item.data)
    return {
        "title": words.title,
        "sentence": words.text,
        "link": get_settings().web.page(path),
        "time": f"{day_of(local, language)}, {local:%H:%M}",
    }
