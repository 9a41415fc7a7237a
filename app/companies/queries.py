"""Companies and memberships."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.companies.models import Company, Membership
from app.companies.roles import OWNER, SUPERADMIN
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.ids import uuid7
from app.core.pagination import PageRequest, fetch_page

_LIVE: Final = Company.deleted_at.is_(None)


async def role_in(session: AsyncSession, actor: Actor, company_id: UUID) -> str | None:
    """What the actor is in the company, or None when it is not theirs or does not exist."""
    if actor.only_company_id not in (None, company_id):
        return None
    if actor.is_superadmin:
        found = await session.scalar(select(exists().where(Company.id == company_id, _LIVE)))
        return SUPERADMIN if found else None
    return await session.scalar(
        select(Membership.role)
        .join(Company, Company.id == Membership.company_id)
        .where(Membership.company_id == company_id, Membership.user_id == actor.user_id, _LIVE)
    )


async def is_member(session: AsyncSession, actor: Actor, user_id: UUID) -> bool:
    """Whether the person works in the company the actor is in."""
    member = exists().where(
        Membership.company_id == actor.company_id, Membership.user_id == user_id
    )
    return bool(await session.scalar(select(member)))


async def list_companies(
    session: AsyncSession, actor: Actor, request: PageRequest
) -> tuple[list[Company], str | None]:
    """One page of the companies open to the actor, by name, and the next page's cursor."""
    statement = _visible_to(actor)
    if request.q:
        statement = statement.where(Company.name.icontains(request.q, autoescape=True))
    return await fetch_page(
        session, statement, key=(Company.name, Company.id), request=request, newest_first=False
    )


def _visible_to(actor: Actor) -> Select[Company]:
    if actor.is_superadmin:
        return select(Company).where(_LIVE)
    mine = select(Company).join(Membership).where(Membership.user_id == actor.user_id, _LIVE)
    only = actor.only_company_id
    return mine if only is None else mine.where(Company.id == only)


async def get_company(session: AsyncSession, actor: Actor, *, for_update: bool = False) -> Company:
    """The company the actor works in, locked for a change. Raises `NotFound`."""
    statement = select(Company).where(Company.id == actor.company_id, _LIVE)
    if for_update:
        statement = statement.with_for_update()
    company = await session.scalar(statement)
    if company is None:
        raise NotFound("There is no such company.")
    return company


async def lock_deleted(session: AsyncSession, actor: Actor, company_id: UUID) -> Company:
    """A deleted company of the actor's (any, for a superadmin), locked. Raises `NotFound`."""
    statement = select(Company).where(Company.id == company_id, Company.deleted_at.is_not(None))
    if not actor.is_superadmin:
        owned = select(Membership.company_id).where(
            Membership.user_id == actor.user_id, Membership.role == OWNER
        )
        statement = statement.where(Company.id.in_(owned))
    company = await session.scalar(statement.with_for_update())
    if company is None:
        raise NotFound("There is no such company.")
    return company


async def deleted_companies(session: AsyncSession, *, before: datetime) -> list[UUID]:
    """Companies whose time to be restored is over."""
    statement = select(Company.id).where(Company.deleted_at < before)
    return list(await session.scalars(statement.order_by(Company.deleted_at)))


async def find_by_slug(session: AsyncSession, slug: str) -> Company | None:
    return await session.scalar(select(Company).where(Company.slug == slug))


async def all_companies(session: AsyncSession) -> list[Company]:
    return list(
        await session.scalars(select(Company).where(_LIVE).order_by(Company.name, Company.id))
    )


async def memberships_of(session: AsyncSession, user_id: UUID) -> list[tuple[Company, str]]:
    """The user's companies with the role in each, by name."""
    rows = await session.execute(
        select(Company, Membership.role)
        .join(Membership, Membership.company_id == Company.id)
        .where(Membership.user_id == user_id, _LIVE)
        .order_by(Company.name, Company.id)
    )
    return [(company, role) for company, role in rows]


async def insert_company(
    session: AsyncSession, *, name: str, slug: str, accent_color: str | None
) -> Company | None:
    """The new company, or None when the slug is taken; safe from several processes at once."""
    return await session.scalar(
        insert(Company)
        .values(id=uuid7(), name=name, slug=slug, storage_path=slug, accent_color=accent_color)
        .on_conflict_do_nothing()
        .returning(Company)
    )


async def set_role(session: AsyncSession, *, company_id: UUID, user_id: UUID, role: str) -> None:
    """Make the user a member with this role, whatever they were before."""
    await session.execute(
        insert(Membership)
        .values(company_id=company_id, user_id=user_id, role=role)
        .on_conflict_do_update(
            index_elements=[Membership.company_id, Membership.user_id], set_={"role": role}
        )
    )


async def company_by_id(session: AsyncSession, company_id: UUID) -> Company:
    """The company, for code that acts for nobody signed in. Raises `NotFound`."""
    company = await session.get(Company, company_id)
    if company is None:
        raise NotFound("There is no such company.")
    return company
