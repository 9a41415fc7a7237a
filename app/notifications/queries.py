"""People to tell, what they were told, and how they want it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.companies.models import Company, Membership
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.ids import uuid7
from app.core.notices import Notice
from app.core.pagination import PageRequest, fetch_page
from app.notifications.models import Notification, Preference
from app.users.models import User


async def find_notice(session: AsyncSession, notice_id: UUID) -> Notice | None:
    return await session.get(Notice, notice_id)


async def people_in(
    session: AsyncSession, company_id: UUID | None, roles: Collection[str]
) -> list[User]:
    """Who can sign in and has one of the roles there; without a role, the operators."""
    statement = select(User).where(User.disabled_at.is_(None)).order_by(User.id)
    if company_id is None or not roles:
        return list(await session.scalars(statement.where(User.is_superadmin)))
    members = select(Membership.user_id).where(
        Membership.company_id == company_id, Membership.role.in_(roles)
    )
    return list(await session.scalars(statement.where(User.id.in_(members))))


async def find_person(session: AsyncSession, user_id: UUID) -> User | None:
    """The person, unless their account was closed."""
    statement = select(User).where(User.id == user_id, User.disabled_at.is_(None))
    return await session.scalar(statement)


async def language_of(session: AsyncSession, actor: Actor) -> str:
    """The language the actor reads."""
    statement = select(User.language).where(User.id == actor.user_id)
    return await session.scalar(statement) or "en"


async def preferences_of(session: AsyncSession, user_ids: Iterable[UUID]) -> dict[UUID, Preference]:
    """What these people chose; who chose nothing is not in it."""
    statement = select(Preference).where(Preference.user_id.in_(list(user_ids)))
    return {row.user_id: row for row in await session.scalars(statement)}


async def add_notification(
    session: AsyncSession, notice: Notice, user_id: UUID, *, is_for_digest: bool
) -> bool:
    """Whether it is new: one notice is one row for a person, whoever tries it again."""
    statement = (
        insert(Notification)
        .values(
            id=uuid7(),
            notice_id=notice.id,
            company_id=notice.company_id,
            user_id=user_id,
            kind=notice.kind,
            subject_id=notice.subject_id,
            data=notice.data,
            digest_state="waiting" if is_for_digest else "none",
            created_at=utcnow(),
        )
        .on_conflict_do_nothing()
        .returning(Notification.id)
    )
    return await session.scalar(statement) is not None


def _own(actor: Actor) -> Select[Notification]:
    """The actor's notifications, of companies that are still theirs to see."""
    return select(Notification).where(*_visible(actor))


def _visible(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    is_member = exists().where(
        Membership.company_id == Notification.company_id, Membership.user_id == actor.user_id
    )
    is_live = exists().where(Company.id == Notification.company_id, Company.deleted_at.is_(None))
    reach: ColumnElement[bool] = and_(is_member, is_live)
    if actor.is_superadmin:
        reach = or_(Notification.company_id.is_(None), is_live)
    only = actor.only_company_id
    within = true() if only is None else Notification.company_id == only
    return (Notification.user_id == actor.user_id, reach, within)


async def list_notifications(
    session: AsyncSession,
    actor: Actor,
    request: PageRequest,
    *,
    is_unread: bool,
    company_id: UUID | None,
) -> tuple[list[Notification], str | None]:
    """One page of what the actor was told, newest first."""
    statement = _own(actor)
    if is_unread:
        statement = statement.where(Notification.read_at.is_(None))
    if company_id is not None:
        statement = statement.where(Notification.company_id == company_id)
    return await fetch_page(session, statement, key=(Notification.id,), request=request)


async def count_unread(session: AsyncSession, actor: Actor, *, most: int) -> int:
    """How many the actor has not read; counting ends at `most`."""
    unread = (
        select(Notification.id)
        .where(*_visible(actor), Notification.read_at.is_(None))
        .limit(most)
        .subquery()
    )
    return await session.scalar(select(func.count()).select_from(unread)) or 0


async def mark_read(session: AsyncSession, actor: Actor, notification_id: UUID) -> Notification:
    """One notification, read from now on. Raises `NotFound`, for another person's too."""
    statement = (
        _own(actor).where(Notification.id == notification_id).with_for_update(of=Notification)
    )
    found = await session.scalar(statement)
    if found is None:
        raise NotFound("There is no such notification.")
    found.read_at = found.read_at or utcnow()
    await session.flush()
    return found


async def mark_all_read(session: AsyncSession, actor: Actor) -> int:
    """How many became read."""
    statement = (
        update(Notification)
        .where(*_visible(actor), Notification.read_at.is_(None))
        .values(read_at=utcnow())
        .returning(Notification.id)
        .execution_options(synchronize_session=False)
    )
    return len((await session.scalars(statement)).all())


async def slugs_of(session: AsyncSession, company_ids: Iterable[UUID]) -> dict[UUID, Company]:
    """These companies, for the links and names of what happened in them."""
    statement = select(Company).where(Company.id.in_(list(company_ids)))
    return {company.id: company for company in await session.scalars(statement)}


async def roles_of(session: AsyncSession, user_id: UUID) -> dict[UUID, str]:
    """The person's role in each company that was not deleted."""
    statement = (
        select(Membership.company_id, Membership.role)
        .join(Company, Company.id == Membership.company_id)
        .where(Membership.user_id == user_id, Company.deleted_at.is_(None))
    )
    return {row.company_id: row.role for row in await session.execute(statement)}


async def lock_preference(session: AsyncSession, user_id: UUID) -> Preference:
    """The person's choices for a change, made if there were none."""
    values: dict[str, Any] = {"user_id": user_id, "digest": "daily", "choices": {}, "version": 0}
    await session.execute(
        insert(Preference).values(**values, updated_at=utcnow()).on_conflict_do_nothing()
    )
    statement = select(Preference).where(Preference.user_id == user_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one()


async def waiting_for_digest(session: AsyncSession) -> list[UUID]:
    """People something was put aside for."""
    statement = select(Notification.user_id).where(Notification.digest_state == "waiting")
    return list(await session.scalars(statement.distinct()))


async def take_for_digest(session: AsyncSession, user_id: UUID) -> list[Notification]:
    """What was put aside for the person, oldest first, locked: it goes into one digest."""
    statement = (
        select(Notification)
        .where(Notification.user_id == user_id, Notification.digest_state == "waiting")
        .order_by(Notification.id)
        .with_for_update(skip_locked=True)
    )
    return list(await session.scalars(statement))


async def forget_old(
    session: AsyncSession, *, notifications_before: datetime, notices_before: datetime
) -> None:
    """Remove what nobody looks for any more."""
    await session.execute(
        delete(Notification).where(Notification.created_at < notifications_before)
    )
    await session.execute(delete(Notice).where(Notice.created_at < notices_before))
