"""The look of a company."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utcnow
from app.look.models import Look


async def look_of(session: AsyncSession, company_id: UUID) -> Look:
    """The company's look; a plain one, not in the session, when nobody chose any."""
    found = await session.scalar(select(Look).where(Look.company_id == company_id))
    return found or Look(company_id=company_id, texts={}, version=0)


async def lock_look(session: AsyncSession, company_id: UUID) -> Look:
    """The company's look for a change, made if there was none."""
    await session.execute(
        insert(Look)
        .values(company_id=company_id, texts={}, updated_at=utcnow(), version=0)
        .on_conflict_do_nothing()
    )
    statement = select(Look).where(Look.company_id == company_id).with_for_update()
    return (await session.scalars(statement)).one()
