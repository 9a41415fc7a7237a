"""What the helpers that move, sweep and check look up and mark in the register of files."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    String,
    Table,
    Text,
    cast,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.actor import Actor
from app.core.database import Base
from app.core.errors import NotFound
from app.core.pagination import PageRequest, fetch_page
from app.storage.models import StorageCheck, StorageConnection, StorageMove, StoredFile

OPEN_STATES: Final = ("running", "paused", "failed")
# What arrived and what is kept: naming a file in there is not using it.
_ARRIVALS: Final = ("stored_files", "uploads", "upload_sessions")
_FILE_COLUMN: Final = re.compile(r"(^|_)(?<!once_)(?<!import_)key$")


@dataclass(frozen=True, slots=True)
class Amount:
    """How many files, and how many bytes they have."""

    files: int
    size_bytes: int


async def find_open_move(session: AsyncSession, company_id: UUID) -> StorageMove | None:
    """The company's move that is under way, paused or failed."""
    return await session.scalar(
        select(StorageMove).where(
            StorageMove.company_id == company_id, StorageMove.state.in_(OPEN_STATES)
        )
    )


async def is_in_open_move(session: AsyncSession, connection_id: UUID) -> bool:
    """Whether a move from or to the connection is open."""
    ends = (StorageMove.from_connection_id, StorageMove.to_connection_id)
    found = await session.scalar(
        select(StorageMove.id)
        .where(or_(*(end == connection_id for end in ends)), StorageMove.state.in_(OPEN_STATES))
        .limit(1)
    )
    return found is not None


async def is_being_cleaned(session: AsyncSession, company_id: UUID) -> bool:
    """Whether copies of an earlier move are being removed just now."""
    found = await session.scalar(
        select(StorageMove.id)
        .where(
            StorageMove.company_id == company_id,
            StorageMove.cleaning_at.is_not(None),
            StorageMove.cleaned_at.is_(None),
        )
        .limit(1)
    )
    return found is not None


async def keep_copies(session: AsyncSession, company_id: UUID, connection_id: UUID) -> None:
    """What lies in this connection is wanted again: no earlier move's clean-up is due there any more."""
    for place, state in (
        (StorageMove.from_connection_id, "done"),
        (StorageMove.to_connection_id, "cancelled"),
    ):
        await session.execute(
            update(StorageMove)
            .where(
                StorageMove.company_id == company_id,
                StorageMove.state == state,
                place == connection_id,
                StorageMove.cleaned_at.is_(None),
            )
            .values(clean_up_after=None)
        )


async def list_moves(
    session: AsyncSession, actor: Actor, request: PageRequest
) -> tuple[list[StorageMove], str | None]:
    """One page of the company's moves, newest first, and the next page's cursor."""
    statement = select(StorageMove).where(StorageMove.company_id == actor.company_id)
    return await fetch_page(session, statement, key=(StorageMove.id,), request=request)


async def get_move(
    session: AsyncSession, actor: Actor, move_id: UUID, *, for_update: bool = False
) -> StorageMove:
    """Raises `NotFound`, for another company's too."""
    statement = select(StorageMove).where(
        StorageMove.company_id == actor.company_id, StorageMove.id == move_id
    )
    found = await session.scalar(statement.with_for_update() if for_update else statement)
    if found is None:
        raise NotFound("There is no such move.")
    return found


async def lock_move(session: AsyncSession, move_id: UUID) -> StorageMove | None:
    """The move, for jobs; nobody changes its state until the transaction ends."""
    return await session.scalar(
        select(StorageMove).where(StorageMove.id == move_id).with_for_update()
    )


async def connection_of(session: AsyncSession, connection_id: UUID) -> StorageConnection:
    """A connection a row points at; it can not be gone."""
    return (
        await session.scalars(
            select(StorageConnection).where(StorageConnection.id == connection_id)
        )
    ).one()


async def amount_of_files(session: AsyncSession, company_id: UUID) -> Amount:
    """What a move of the company has before it: released files too, until they are swept."""
    row = (
        await session.execute(
            select(func.count(), func.coalesce(func.sum(StoredFile.size_bytes), 0)).where(
                StoredFile.company_id == company_id, StoredFile.sweeping_at.is_(None)
            )
        )
    ).one()
    return Amount(int(row[0]), int(row[1]))


async def files_to_move(
    session: AsyncSession, move: StorageMove, *, after: UUID | None, limit: int
) -> list[StoredFile]:
    """The next files, in the order of their ids, that have no proved copy yet."""
    statement = select(StoredFile).where(*_unmoved(move))
    if after is not None:
        statement = statement.where(StoredFile.id > after)
    return list(await session.scalars(statement.order_by(StoredFile.id).limit(limit)))


async def mark_moved(session: AsyncSession, move: StorageMove, ids: Collection[UUID]) -> Amount:
    """Note proved copies; what was marked already is not counted again."""
    rows = (
        await session.execute(
            update(StoredFile)
            .where(*_unmoved(move), StoredFile.id.in_(ids))
            .values(moved_in=move.id)
            .returning(StoredFile.size_bytes)
        )
    ).all()
    return Amount(len(rows), sum(row.size_bytes for row in rows))


def _unmoved(move: StorageMove) -> tuple[ColumnElement[bool], ...]:
    return (
        StoredFile.company_id == move.company_id,
        StoredFile.sweeping_at.is_(None),
        StoredFile.moved_in.is_distinct_from(move.id),
    )


async def moves_to_clean(session: AsyncSession, *, now: datetime, limit: int) -> list[StorageMove]:
    """Moves whose spare copies are due, and those whose cleaner was cut short."""
    return list(
        await session.scalars(
            select(StorageMove)
            .where(StorageMove.clean_up_after <= now, StorageMove.cleaned_at.is_(None))
            .order_by(StorageMove.clean_up_after)
            .limit(limit)
        )
    )


async def claim_released(
    session: AsyncSession, *, cutoff: datetime, now: datetime, lease: timedelta, each: int
) -> list[StoredFile]:
    """Files to sweep, up to `each` of every company, claimed: from the commit on nobody can use them.

    The update looks at each row again once it has its lock, so a file that was taken into use a moment before
    is not among them.
    """
    due = (
        StoredFile.released_at <= cutoff,
        StoredFile.swept_at.is_(None),
        or_(StoredFile.sweeping_at.is_(None), StoredFile.sweeping_at < now - lease),
    )
    place = func.row_number().over(
        partition_by=StoredFile.company_id, order_by=StoredFile.released_at
    )
    ranked = select(StoredFile.id, place.label("place")).where(*due).subquery()
    chosen = select(ranked.c.id).where(ranked.c.place <= each)
    claimed = await session.scalars(
        update(StoredFile)
        .where(*due, StoredFile.id.in_(chosen))
        .values(sweeping_at=now)
        .returning(StoredFile)
        .execution_options(synchronize_session=False)
    )
    return list(claimed)


async def let_live(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Files that were released and yet are used: they are in use again."""
    await session.execute(
        update(StoredFile)
        .where(StoredFile.id.in_(ids))
        .values(sweeping_at=None, released_at=None)
        .execution_options(synchronize_session=False)
    )


async def mark_swept(
    session: AsyncSession, ids: Collection[UUID], *, claimed_at: datetime, now: datetime
) -> int:
    """Note that the bytes are gone, where the claim is still ours; how many rows that were."""
    rows = await session.execute(
        update(StoredFile)
        .where(StoredFile.id.in_(ids), StoredFile.sweeping_at == claimed_at)
        .values(swept_at=now)
        .returning(StoredFile.id)
        .execution_options(synchronize_session=False)
    )
    return len(rows.all())


async def forget_swept(session: AsyncSession, *, before: datetime, limit: int) -> int:
    """Remove rows whose bytes went before that; how many there were."""
    chosen = select(StoredFile.id).where(StoredFile.swept_at < before).limit(limit)
    rows = await session.execute(
        delete(StoredFile)
        .where(StoredFile.id.in_(chosen), StoredFile.swept_at < before)
        .returning(StoredFile.id)
        .execution_options(synchronize_session=False)
    )
    return len(rows.all())


async def used_keys(session: AsyncSession, company_id: UUID, keys: Collection[str]) -> set[str]:
    """Those of the keys that any row of the company names, in whatever table, but an upload's own."""
    used: set[str] = set()
    for column in columns_with_keys():
        found = select(column).where(column.table.c.company_id == company_id, column.in_(keys))
        used.update(await session.scalars(found))
    for column in columns_with_lists():
        for key in set(keys) - used:
            named = cast(column, Text).contains(key, autoescape=True)
            found = select(column.table.c.company_id).where(
                column.table.c.company_id == company_id, named
            )
            if await session.scalar(found.limit(1)) is not None:
                used.add(key)
    return used


@cache
def columns_with_keys() -> tuple[Column[Any], ...]:
    """The columns that name a stored file: of the features' tables, which are all known at run time."""
    return tuple(
        column
        for table in _tables_of_files()
        for column in table.c
        if _FILE_COLUMN.search(column.name) and isinstance(column.type, String)
    )


@cache
def columns_with_lists() -> tuple[Column[Any], ...]:
    """JSON columns of the same tables: renditions name their files in there."""
    tables = {column.table for column in columns_with_keys()}
    return tuple(
        column
        for table in sorted(tables, key=lambda table: table.name)
        for column in table.c
        if isinstance(column.type, JSON)
    )


def _tables_of_files() -> list[Table]:
    return [
        table
        for table in Base.metadata.sorted_tables
        if "company_id" in table.c and table.name not in _ARRIVALS
    ]


async def find_file(
    session: AsyncSession, company_id: UUID, key: str, *, for_update: bool = False
) -> StoredFile | None:
    """The file in the register, as it is now."""
    statement = select(StoredFile).where(StoredFile.company_id == company_id, StoredFile.key == key)
    statement = statement.execution_options(populate_existing=True)
    return await session.scalar(statement.with_for_update() if for_update else statement)


async def files_under(
    session: AsyncSession, company_id: UUID, prefix: str, *, after: str, limit: int
) -> list[StoredFile]:
    """The next files whose key begins with the prefix, in the order of their keys."""
    return list(
        await session.scalars(
            select(StoredFile)
            .where(
                StoredFile.company_id == company_id,
                StoredFile.key.startswith(prefix, autoescape=True),
                StoredFile.key > after,
            )
            .order_by(StoredFile.key)
            .limit(limit)
        )
    )


async def flag_missing(
    session: AsyncSession, company_id: UUID, keys: Collection[str], *, now: datetime | None
) -> None:
    """Note since when the bytes are missing, or with None that they are there."""
    is_flagged = StoredFile.missing_since.is_not(None)
    await session.execute(
        update(StoredFile)
        .where(
            StoredFile.company_id == company_id,
            StoredFile.key.in_(keys),
            ~is_flagged if now is not None else is_flagged,
        )
        .values(missing_since=now)
        .execution_options(synchronize_session=False)
    )


async def companies_with_files(session: AsyncSession) -> list[UUID]:
    """Every company that has a file in the register."""
    return list(
        await session.scalars(
            select(StoredFile.company_id).distinct().order_by(StoredFile.company_id)
        )
    )


async def list_checks(
    session: AsyncSession, actor: Actor, request: PageRequest
) -> tuple[list[StorageCheck], str | None]:
    """One page of the company's checks, newest first, and the next page's cursor."""
    statement = select(StorageCheck).where(StorageCheck.company_id == actor.company_id)
    return await fetch_page(session, statement, key=(StorageCheck.id,), request=request)


async def get_check(session: AsyncSession, actor: Actor, check_id: UUID) -> StorageCheck:
    """Raises `NotFound`, for another company's too."""
    found = await session.scalar(
        select(StorageCheck).where(
            StorageCheck.company_id == actor.company_id, StorageCheck.id == check_id
        )
    )
    if found is None:
        raise NotFound("There is no such check.")
    return found


async def running_check(session: AsyncSession, company_id: UUID) -> StorageCheck | None:
    return await session.scalar(
        select(StorageCheck)
        .where(StorageCheck.company_id == company_id, StorageCheck.state == "running")
        .limit(1)
    )


async def lock_check(session: AsyncSession, check_id: UUID) -> StorageCheck | None:
    return await session.scalar(
        select(StorageCheck).where(StorageCheck.id == check_id).with_for_update()
    )
