"""The grants of connected accounts. The generation is the fence: who renewed an older one changes nothing."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.storage.models import StorageGrant


async def find_grant(session: AsyncSession, connection_id: UUID) -> StorageGrant | None:
    return await session.get(StorageGrant, connection_id)


async def put_grant(
    session: AsyncSession, connection_id: UUID, company_id: UUID | None, **values: Any
) -> None:
    """The grant of the connection; what was there before is replaced."""
    await session.execute(
        insert(StorageGrant)
        .values(connection_id=connection_id, company_id=company_id, generation=1, **values)
        .on_conflict_do_update(
            index_elements=[StorageGrant.connection_id],
            set_={**values, "generation": StorageGrant.generation + 1},
        )
    )


async def claim_renewal(
    session: AsyncSession, connection_id: UUID, generation: int, *, for_time: timedelta
) -> bool:
    """Whether the renewal is ours; the database's clock counts."""
    statement = (
        update(StorageGrant)
        .where(
            StorageGrant.connection_id == connection_id,
            StorageGrant.generation == generation,
            or_(StorageGrant.renewing_until.is_(None), StorageGrant.renewing_until < func.now()),
        )
        .values(renewing_until=func.now() + for_time)
        .returning(StorageGrant.connection_id)
    )
    return await session.scalar(statement) is not None


async def change_grant(
    session: AsyncSession, connection_id: UUID, seen: int, **values: Any
) -> None:
    """Change the grant, if it is still of the generation that was seen."""
    await session.execute(
        update(StorageGrant)
        .where(StorageGrant.connection_id == connection_id, StorageGrant.generation == seen)
        .values(**values)
    )


async def lock_grants(session: AsyncSession) -> list[StorageGrant]:
    return list(await session.scalars(select(StorageGrant).with_for_update()))
