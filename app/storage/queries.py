"""Storage connections and the register of stored files."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.ids import uuid7
from app.core.pagination import PageRequest, fetch_page
from app.storage.models import StorageConnection, StorageMove, StoredFile

# Advisory locks of PostgreSQL: a row lock would make every upload write to the company's row.
_HOLD = text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:company, 0))")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:company, 0))")


async def active_connection(session: AsyncSession, company_id: UUID) -> StorageConnection | None:
    """Where the company's files are: its own active connection, else that of the installation."""
    return await session.scalar(
        select(StorageConnection)
        .where(
            or_(StorageConnection.company_id == company_id, StorageConnection.company_id.is_(None)),
            StorageConnection.is_default,
        )
        .order_by(StorageConnection.company_id.is_(None))
        .limit(1)
    )


async def connection_by_id(
    session: AsyncSession, company_id: UUID, connection_id: UUID
) -> StorageConnection | None:
    """A connection that serves the company, for jobs, which act for nobody."""
    return await session.scalar(
        select(StorageConnection).where(
            or_(StorageConnection.company_id == company_id, StorageConnection.company_id.is_(None)),
            StorageConnection.id == connection_id,
        )
    )


async def any_connection(session: AsyncSession, connection_id: UUID) -> StorageConnection | None:
    """A connection of whichever company, for a file whose address we signed."""
    return await session.get(StorageConnection, connection_id)


async def hold_active(session: AsyncSession, company_id: UUID) -> None:
    """Until the transaction ends no move switches the company's connection (others may hold it too)."""
    await session.execute(_HOLD, {"company": f"storage:{company_id}"})


async def lock_active(session: AsyncSession, company_id: UUID) -> None:
    """Wait for all who hold the active connection, and keep them out until the transaction ends."""
    await session.execute(_LOCK, {"company": f"storage:{company_id}"})


async def switch_active(
    session: AsyncSession, company_id: UUID, connection: StorageConnection
) -> None:
    """From the commit on, this is where the company's files are. Call `lock_active` first."""
    await session.execute(
        update(StorageConnection)
        .where(StorageConnection.company_id == company_id, StorageConnection.is_default)
        .values(is_default=False)
    )
    if connection.company_id is not None:  # The installation's serves whoever has no own.
        await session.execute(
            update(StorageConnection)
            .where(
                StorageConnection.company_id == company_id, StorageConnection.id == connection.id
            )
            .values(is_default=True)
        )


async def list_connections(
    session: AsyncSession, actor: Actor, request: PageRequest, *, archived: bool = False
) -> tuple[list[StorageConnection], str | None]:
    """One page of what serves the company, newest first, and the next page's cursor."""
    is_archived = StorageConnection.archived_at.is_not(None)
    statement = select(StorageConnection).where(_serves(actor), is_archived == archived)
    if request.q:
        statement = statement.where(StorageConnection.name.icontains(request.q, autoescape=True))
    key = (StorageConnection.id,)
    return await fetch_page(session, statement, key=key, request=request)


async def get_connection(
    session: AsyncSession, actor: Actor, connection_id: UUID, *, for_update: bool = False
) -> StorageConnection:
    """A connection that serves the company. Raises `NotFound`, for another company's too."""
    statement = select(StorageConnection).where(
        _serves(actor), StorageConnection.id == connection_id
    )
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = await session.scalar(statement)
    if found is None:
        raise NotFound("There is no such storage connection.")
    return found


async def active_id(session: AsyncSession, actor: Actor) -> UUID | None:
    """Which connection the company's files are in."""
    assert actor.company_id is not None
    active = await active_connection(session, actor.company_id)
    return active.id if active else None


async def note_test(
    session: AsyncSession,
    actor: Actor,
    connection_id: UUID,
    *,
    now: datetime,
    result: dict[str, object],
) -> None:
    """How the company's own connection fared; its version stays, for nothing about it changed."""
    await session.execute(
        update(StorageConnection)
        .where(
            StorageConnection.company_id == actor.company_id, StorageConnection.id == connection_id
        )
        .values(last_tested_at=now, last_test=result)
    )


async def has_files(session: AsyncSession, company_id: UUID) -> bool:
    """Whether any bytes of the company are registered, in use or awaiting the sweep."""
    statement = select(StoredFile.id).where(
        StoredFile.company_id == company_id, StoredFile.swept_at.is_(None)
    )
    return await session.scalar(statement.limit(1)) is not None


async def is_in_moves(session: AsyncSession, connection_id: UUID) -> bool:
    """Whether a move, also one long over, went from or to the connection."""
    ends = (StorageMove.from_connection_id, StorageMove.to_connection_id)
    statement = select(StorageMove.id).where(or_(*(end == connection_id for end in ends)))
    return await session.scalar(statement.limit(1)) is not None


def _serves(actor: Actor) -> ColumnElement[bool]:
    return or_(
        StorageConnection.company_id == actor.company_id, StorageConnection.company_id.is_(None)
    )


async def installation_connection(
    session: AsyncSession, *, for_update: bool = False
) -> StorageConnection | None:
    """The installation's default connection."""
    statement = select(StorageConnection).where(
        StorageConnection.company_id.is_(None), StorageConnection.is_default
    )
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(statement)


async def installation_has_files(session: AsyncSession) -> bool:
    """Whether any company without an active connection of its own has files."""
    own = select(StorageConnection.id).where(
        StorageConnection.company_id == StoredFile.company_id, StorageConnection.is_default
    )
    statement = select(StoredFile.id).where(StoredFile.swept_at.is_(None), ~own.exists())
    return await session.scalar(statement.limit(1)) is not None


async def ensure_connection(
    session: AsyncSession, *, company_id: UUID | None, name: str, kind: str
) -> None:
    """The default connection, made if there is none; safe from several processes at once."""
    await session.execute(
        insert(StorageConnection)
        .values(
            id=uuid7(), company_id=company_id, name=name, kind=kind, settings={}, is_default=True
        )
        .on_conflict_do_nothing()
    )


async def register_file(
    session: AsyncSession,
    *,
    company_id: UUID,
    key: str,
    sha256: str,
    media_type: str,
    size_bytes: int,
) -> bool:
    """Note a file that is in use; one that was released is in use again.

    False when the sweep has it: the row stays as it is, and the bytes are going or gone.
    """
    noted = await session.scalar(
        insert(StoredFile)
        .values(
            id=uuid7(),
            company_id=company_id,
            key=key,
            sha256=sha256,
            media_type=media_type,
            size_bytes=size_bytes,
        )
        .on_conflict_do_update(
            index_elements=[StoredFile.company_id, StoredFile.key],
            set_={"released_at": None, "missing_since": None},
            where=StoredFile.sweeping_at.is_(None),
        )
        .returning(StoredFile.id)
    )
    return noted is not None


async def revive_swept(session: AsyncSession, company_id: UUID, key: str) -> bool:
    """A file that was swept and put again since is in use; False while its bytes are still going."""
    found = await session.scalar(
        update(StoredFile)
        .where(
            StoredFile.company_id == company_id,
            StoredFile.key == key,
            StoredFile.swept_at.is_not(None),
        )
        .values(
            released_at=None, sweeping_at=None, swept_at=None, missing_since=None, moved_in=None
        )
        .returning(StoredFile.id)
    )
    return found is not None


async def register_unused(session: AsyncSession, *, now: datetime, **values: object) -> None:
    """Note a file nobody uses, for the sweep; one that is registered already stays as it is."""
    await session.execute(
        insert(StoredFile).values(id=uuid7(), released_at=now, **values).on_conflict_do_nothing()
    )


async def hold_files(session: AsyncSession, company_id: UUID, keys: Collection[str]) -> bool:
    """Mark the files as in use. False when one of them is gone, or going."""
    held = await session.scalars(
        update(StoredFile)
        .where(
            StoredFile.company_id == company_id,
            StoredFile.key.in_(keys),
            StoredFile.sweeping_at.is_(None),
        )
        .values(released_at=None)
        .returning(StoredFile.key)
    )
    return set(held) == set(keys)


async def lock_files(session: AsyncSession, company_id: UUID, keys: Collection[str]) -> None:
    """Wait for whoever takes these files into use just now: what they use can be seen afterwards."""
    await session.execute(
        select(StoredFile.id)
        .where(StoredFile.company_id == company_id, StoredFile.key.in_(keys))
        .order_by(StoredFile.key)
        .with_for_update()
    )


async def release_files(
    session: AsyncSession, company_id: UUID, keys: Collection[str], *, now: datetime
) -> None:
    """Nobody uses these files any more: the bytes stay until the sweep."""
    await session.execute(
        update(StoredFile)
        .where(StoredFile.company_id == company_id, StoredFile.key.in_(keys))
        .values(released_at=now)
    )
