"""The register of backups."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.backups.models import Backup, RestoreCheck
from app.core.errors import NotFound
from app.core.pagination import PageRequest, fetch_page


async def last_success(session: AsyncSession) -> datetime | None:
    """When the newest finished backup began: what is newer is not in any."""
    return await session.scalar(
        select(func.max(func.coalesce(Backup.started_at, Backup.created_at))).where(
            Backup.state == "done"
        )
    )


async def last_verified(session: AsyncSession) -> datetime | None:
    """When a backup was last restored and found whole."""
    return await session.scalar(select(func.max(Backup.verified_at)))


async def list_backups(
    session: AsyncSession, request: PageRequest
) -> tuple[list[Backup], str | None]:
    """One page of backups, newest first."""
    return await fetch_page(session, select(Backup), key=(Backup.id,), request=request)


async def get_backup(session: AsyncSession, backup_id: UUID) -> Backup:
    """Raises `NotFound`."""
    found = await session.get(Backup, backup_id)
    if found is None:
        raise NotFound("There is no such backup.")
    return found


async def newest_done(session: AsyncSession) -> Backup | None:
    return await session.scalar(
        select(Backup).where(Backup.state == "done").order_by(Backup.created_at.desc()).limit(1)
    )


async def open_backup(session: AsyncSession) -> Backup | None:
    return await session.scalar(select(Backup).where(Backup.state.in_(("ordered", "running"))))


async def open_check(session: AsyncSession) -> RestoreCheck | None:
    return await session.scalar(
        select(RestoreCheck).where(RestoreCheck.state.in_(("ordered", "running")))
    )


async def recent_checks(session: AsyncSession) -> Sequence[RestoreCheck]:
    """The last ten, newest first."""
    return (
        await session.scalars(
            select(RestoreCheck).order_by(RestoreCheck.created_at.desc()).limit(10)
        )
    ).all()


async def ensure_backup(session: AsyncSession, backup_id: UUID, *, now: datetime) -> None:
    """A row for a backup the repository knows and this database does not, as after a restore."""
    await session.execute(
        insert(Backup)
        .values(
            id=backup_id,
            kind="manual",
            state="done",
            created_at=now,
            rows=0,
            files=0,
            database_bytes=0,
            files_bytes=0,
            places=1,
            elsewhere=[],
        )
        .on_conflict_do_nothing()
    )


async def mark_pruned(session: AsyncSession, backup_ids: Sequence[UUID]) -> None:
    """Note that the repository keeps these no more."""
    await session.execute(update(Backup).where(Backup.id.in_(backup_ids)).values(state="pruned"))


async def end_running(session: AsyncSession, *, now: datetime, error: str) -> None:
    """Whatever says it runs has failed."""
    for kind in (Backup, RestoreCheck):
        await session.execute(
            update(kind)
            .where(kind.state == "running")
            .values(state="failed", finished_at=now, error=error)
        )
