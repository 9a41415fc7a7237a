"""API keys of a company; and the one lookup that finds out whose a key is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.api_keys.models import ApiKey
from app.companies.models import Company
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.pagination import PageRequest, fetch_page


async def list_keys(
    session: AsyncSession, actor: Actor, request: PageRequest
) -> tuple[list[ApiKey], str | None]:
    """One page of the company's keys that are not revoked, newest first, and the next page's cursor."""
    statement = _live(actor)
    if request.q:
        statement = statement.where(ApiKey.name.icontains(request.q, autoescape=True))
    return await fetch_page(session, statement, key=(ApiKey.id,), request=request)


async def get_key(session: AsyncSession, actor: Actor, key_id: UUID) -> ApiKey:
    """The key, unless it is revoked. Raises `NotFound`, for another company's too."""
    return _found(await session.scalar(_live(actor).where(ApiKey.id == key_id)))


async def lock_key(session: AsyncSession, actor: Actor, key_id: UUID) -> ApiKey:
    """The key, locked until the transaction ends: changes to it follow one another."""
    return _found(await session.scalar(_live(actor).where(ApiKey.id == key_id).with_for_update()))


async def count_keys(session: AsyncSession, actor: Actor) -> int:
    """How many the company has. Its row is locked, so that two at once can not both be the last."""
    await session.execute(
        select(Company.id).where(Company.id == actor.company_id).with_for_update(key_share=True)
    )
    live = _live(actor).with_only_columns(func.count())
    return (await session.scalars(live)).one()


def _live(actor: Actor) -> Select[ApiKey]:
    return select(ApiKey).where(ApiKey.company_id == actor.company_id, ApiKey.revoked_at.is_(None))


def _found(key: ApiKey | None) -> ApiKey:
    if key is None:
        raise NotFound("There is no such API key.")
    return key


async def find_usable(session: AsyncSession, key_id: UUID, *, now: datetime) -> ApiKey | None:
    """The key, whosever it is, neither revoked nor expired, and its company not deleted."""
    return await session.scalar(
        select(ApiKey)
        .join(Company, Company.id == ApiKey.company_id)
        .where(
            ApiKey.id == key_id,
            ApiKey.revoked_at.is_(None),
            or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now),
            Company.deleted_at.is_(None),
        )
    )


async def touch_key(session: AsyncSession, key: ApiKey, *, now: datetime) -> None:
    await session.execute(
        update(ApiKey)
        .where(ApiKey.company_id == key.company_id, ApiKey.id == key.id)
        .values(last_used_at=now)
    )


async def company_of(session: AsyncSession, actor: Actor) -> Company:
    """The company the key opens."""
    return (await session.scalars(select(Company).where(Company.id == actor.company_id))).one()
