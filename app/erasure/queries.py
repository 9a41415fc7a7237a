"""Removing a company's rows, in batches, and finding who belonged to nobody else."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, delete, exists, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.companies.models import Company, Membership
from app.core.errors import NotFound
from app.core.ids import uuid7
from app.core.jobs import Job, JobState
from app.core.pagination import PageRequest, fetch_page
from app.erasure.models import Erasure
from app.events.models import Event
from app.exports.models import Export
from app.storage.models import StorageConnection, StoredFile
from app.users.models import User


async def lock_deleted_company(session: AsyncSession, company_id: UUID) -> Company | None:
    """The deleted company, locked; None when it is not deleted, or there is none."""
    return await session.scalar(
        select(Company)
        .where(Company.id == company_id, Company.deleted_at.is_not(None))
        .with_for_update()
    )


async def begin_erasure(session: AsyncSession, company: Company, *, now: datetime) -> Erasure:
    """The erasure of the company, the same one when it was begun before."""
    await session.execute(
        insert(Erasure)
        .values(
            id=uuid7(),
            erased_company_id=company.id,
            storage_path=company.storage_path,
            state="running",
            report={},
            started_at=now,
        )
        .on_conflict_do_nothing(index_elements=[Erasure.erased_company_id])
    )
    return (
        await session.scalars(select(Erasure).where(Erasure.erased_company_id == company.id))
    ).one()


async def is_at_work(session: AsyncSession, erasure_id: UUID, task_name: str) -> bool:
    """Whether a job waits or works for the erasure."""
    statement = select(Job.id).where(
        Job.task_name == task_name,
        Job.state.in_((JobState.QUEUED, JobState.RUNNING)),
        Job.kwargs["erasure_id"].astext == str(erasure_id),
    )
    return await session.scalar(statement.limit(1)) is not None


async def places_of(session: AsyncSession, company_id: UUID) -> list[StorageConnection]:
    """Every connection the company's files may ever have been in: its own, and the installation's."""
    mine = or_(StorageConnection.company_id == company_id, StorageConnection.company_id.is_(None))
    return list(
        await session.scalars(select(StorageConnection).where(mine).order_by(StorageConnection.id))
    )


async def lock_erasure(session: AsyncSession, erasure_id: UUID) -> Erasure:
    return (
        await session.scalars(select(Erasure).where(Erasure.id == erasure_id).with_for_update())
    ).one()


async def list_erasures(
    session: AsyncSession, request: PageRequest
) -> tuple[list[Erasure], str | None]:
    """One page of what was erased, newest first."""
    return await fetch_page(session, select(Erasure), key=(Erasure.id,), request=request)


async def get_erasure(session: AsyncSession, erasure_id: UUID) -> Erasure:
    found = await session.get(Erasure, erasure_id)
    if found is None:
        raise NotFound("There is no such erasure.")
    return found


async def some_files(session: AsyncSession, company_id: UUID, *, limit: int) -> list[StoredFile]:
    statement = select(StoredFile).where(StoredFile.company_id == company_id)
    return list(await session.scalars(statement.order_by(StoredFile.key).limit(limit)))


async def export_ids(session: AsyncSession, company_id: UUID) -> list[UUID]:
    return list(await session.scalars(select(Export.id).where(Export.company_id == company_id)))


async def delete_files(session: AsyncSession, company_id: UUID, ids: Sequence[UUID]) -> None:
    await session.execute(
        delete(StoredFile).where(StoredFile.company_id == company_id, StoredFile.id.in_(ids))
    )


async def delete_some(session: AsyncSession, table: Table, company_id: UUID, *, limit: int) -> int:
    """Remove up to `limit` of the company's rows of the table; how many that were."""
    key = list(table.primary_key.columns)
    chosen = select(*key).where(table.c.company_id == company_id).limit(limit)
    result = await session.execute(
        delete(table)
        .where(table.c.company_id == company_id, tuple_(*key).in_(chosen))
        .returning(*key)
    )
    return len(result.all())


async def users_of_nobody_else(session: AsyncSession, company_id: UUID) -> list[UUID]:
    """Members of the company who work in no other one and do not run the installation."""
    elsewhere = aliased(Membership)
    other = exists().where(elsewhere.user_id == User.id, elsewhere.company_id != company_id)
    statement = (
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.company_id == company_id, User.is_superadmin.is_(False), ~other)
    )
    return list(await session.scalars(statement.order_by(User.id)))


async def delete_users(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """Remove the people; their sessions and factors go with them."""
    await session.execute(delete(User).where(User.id.in_(ids)))


async def delete_events_of(session: AsyncSession, ids: Sequence[UUID]) -> int:
    """Remove what the log tells of these people outside any company, such as their signing in."""
    result = await session.execute(
        delete(Event)
        .where(Event.company_id.is_(None), or_(Event.actor_id.in_(ids), Event.subject_id.in_(ids)))
        .returning(Event.id)
    )
    return len(result.all())


async def delete_company(session: AsyncSession, company_id: UUID) -> None:
    await session.execute(delete(Company).where(Company.id == company_id))
