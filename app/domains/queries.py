"""Hostnames of companies."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.companies.models import Company
from app.core.actor import Actor
from app.core.errors import NotFound
from app.domains.models import CompanyDomain


async def find_domain(session: AsyncSession, company_id: UUID) -> CompanyDomain | None:
    return await session.scalar(select(CompanyDomain).where(CompanyDomain.company_id == company_id))


async def get_domain(
    session: AsyncSession, actor: Actor, *, for_update: bool = False
) -> CompanyDomain:
    """The hostname the actor's company asked for. Raises `NotFound`."""
    statement = select(CompanyDomain).where(CompanyDomain.company_id == actor.company_id)
    if for_update:
        statement = statement.with_for_update()
    found = await session.scalar(statement)
    if found is None:
        raise NotFound("This company has no domain of its own.")
    return found


async def verified_hosts(session: AsyncSession) -> dict[str, UUID]:
    """Whose every verified hostname is."""
    rows = await session.execute(
        select(CompanyDomain.hostname, CompanyDomain.company_id).where(
            CompanyDomain.state == "verified"
        )
    )
    return {row.hostname: row.company_id for row in rows}


async def due_for_recheck(session: AsyncSession, *, before: datetime) -> list[UUID]:
    """Companies whose verified hostname was last looked up before then."""
    statement = (
        select(CompanyDomain.company_id)
        .join(Company, Company.id == CompanyDomain.company_id)
        .where(
            CompanyDomain.state == "verified",
            CompanyDomain.checked_at < before,
            Company.deleted_at.is_(None),
        )
    )
    return list(await session.scalars(statement.order_by(CompanyDomain.checked_at)))
