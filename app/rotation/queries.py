"""Schedules of contents."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.rotation.models import Schedule


async def find_schedule(
    session: AsyncSession, company_id: UUID, content_id: UUID
) -> Schedule | None:
    """The content's schedule; None when nobody has made one."""
    return await session.scalar(
        select(Schedule).where(Schedule.company_id == company_id, Schedule.content_id == content_id)
    )
