"""From one notice to everybody it concerns: rows in the panel, mails, messages to chats.

Runs in one transaction of the notice's job; every row has a key, so a second run adds nothing.
"""

from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app import mail
from app.companies import queries as companies
from app.companies.models import Company
from app.core import jobs, live
from app.core.config import get_settings
from app.core.errors import Conflict
from app.core.notices import Notice
from app.notifications import delivery_queries as deliveries
from app.notifications import queries
from app.notifications.kinds import KINDS, KindSpec, Severity, path_of, wants_mail
from app.notifications.models import ChannelKind, Delivery, Preference
from app.notifications.unsubscribing import one_click_link, unsubscribe_link
from app.notifications.words import words_of, zone_of
from app.users.models import User

log = structlog.get_logger(__name__)

DELIVER_TASK = "notifications.deliver"


async def spread(session: AsyncSession, notice: Notice) -> None:
    """Tell everybody whom the notice concerns and who wants to hear of it."""
    spec = KINDS[notice.kind]
    company = await company_of(session, notice.company_id)
    people = await queries.people_in(session, notice.company_id, spec.roles)
    choices = await queries.preferences_of(session, [person.id for person in people])
    for person in people:
        await _tell(session, notice, spec, company, person, choices.get(person.id))
    if company is not None and spec.roles:
        await _tell_channels(session, notice, company)
    log.info("notice.spread", kind=notice.kind, people=len(people))


async def company_of(session: AsyncSession, company_id: UUID | None) -> Company | None:
    """The company a notice is about; None for what is the operators' affair."""
    return None if company_id is None else await companies.company_by_id(session, company_id)


async def _tell(
    session: AsyncSession,
    notice: Notice,
    spec: KindSpec,
    company: Company | None,
    person: User,
    preference: Preference | None,
) -> None:
    is_mailed = not spec.has_own_mail and wants_mail(notice.kind, preference)
    digest = preference.digest if preference else "daily"
    is_for_digest = is_mailed and spec.severity is Severity.INFO and digest != "off"
    is_new = await queries.add_notification(session, notice, person.id, is_for_digest=is_for_digest)
    if is_new and notice.company_id is not None:
        await live.publish(session, notice.company_id, "notification.created", user_id=person.id)
    if is_new and is_mailed and not is_for_digest:
        zone = zone_of(preference.time_zone if preference else None, company)
        await _write_mail(session, notice, company, person, zone=zone)


async def _write_mail(
    session: AsyncSession,
    notice: Notice,
    company: Company | None,
    person: User,
    *,
    zone: ZoneInfo,
) -> None:
    delivery_id = await deliveries.add_delivery(
        session,
        company_id=notice.company_id,
        notice_id=notice.id,
        user_id=person.id,
        channel="email",
        kind=notice.kind,
        once_key=f"{notice.id}:email:{person.id}",
        target=person.email,
    )
    if delivery_id is None:
        return
    mail_id = await _mail_to(session, notice, company, person, zone=zone)
    await deliveries.set_mail(session, delivery_id, mail_id)


async def _mail_to(
    session: AsyncSession,
    notice: Notice,
    company: Company | None,
    person: User,
    *,
    zone: ZoneInfo,
) -> UUID:
    """The id of a new mail to the person about the notice."""
    is_essential = KINDS[notice.kind].is_essential
    words = words_of(notice.kind, notice.data, language=person.language, zone=zone)
    message = await mail.send(
        session,
        "notification",
        to=person.email,
        language=person.language,
        company_id=notice.company_id,
        context={
            "company_name": company.name if company else None,
            "accent_color": company.accent_color if company else None,
            "title": words.title,
            "sentence": words.text,
            "link": link_of(notice, company),
            "unsubscribe_link": unsubscribe_link(person.id, notice.kind)
            if not is_essential
            else None,
        },
        one_click_url=None if is_essential else one_click_link(person.id, notice.kind),
    )
    return message.id


async def mail_again(session: AsyncSession, delivery: Delivery) -> None:
    """The mail of a delivery once more, written anew: what the first said is not kept.

    Raises `Conflict` for a digest, and when the person is no longer to be told.
    """
    notice = await queries.find_notice(session, delivery.notice_id) if delivery.notice_id else None
    if notice is None or delivery.user_id is None:
        raise Conflict("A digest is not sent again. What it said is at the bell of the panel.")
    people = await queries.people_in(session, notice.company_id, KINDS[notice.kind].roles)
    person = next((each for each in people if each.id == delivery.user_id), None)
    if person is None:
        raise Conflict("This person is no longer told of it.")
    company = await company_of(session, notice.company_id)
    preference = (await queries.preferences_of(session, [person.id])).get(person.id)
    zone = zone_of(preference.time_zone if preference else None, company)
    mail_id = await _mail_to(session, notice, company, person, zone=zone)
    await deliveries.set_mail(session, delivery.id, mail_id)
    await session.refresh(delivery)


async def _tell_channels(session: AsyncSession, notice: Notice, company: Company) -> None:
    for channel in await deliveries.channels_for(session, company.id, notice.kind):
        delivery_id = await deliveries.add_delivery(
            session,
            company_id=company.id,
            notice_id=notice.id,
            channel_id=channel.id,
            channel=ChannelKind(channel.kind).value,
            kind=notice.kind,
            once_key=f"{notice.id}:channel:{channel.id}",
            target=channel.label,
        )
        if delivery_id is not None:
            await jobs.enqueue(
                session, DELIVER_TASK, company_id=company.id, delivery_id=delivery_id
            )


def link_of(notice: Notice, company: Company | None) -> str:
    """The page of the panel a notice leads to."""
    slug = company.slug if company else ""
    path = path_of(notice.kind, slug=slug, subject_id=notice.subject_id, data=notice.data)
    return get_settings().web.page(path)
