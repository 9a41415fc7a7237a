"""Making, changing and ending a company's storage connections.

Whatever asks a provider happens outside of any transaction, and before the one that writes.
"""

import contextlib
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies import queries as companies
from app.companies.roles import MANAGE_STORAGE
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.errors import Conflict, Forbidden
from app.core.etags import ANY_VERSION, Seen
from app.core.ids import uuid7
from app.core.outbound import AddressRefused
from app.storage import addresses, keeping_queries, moving, queries
from app.storage.models import StorageConnection
from app.storage.opening import make_storage, open_storage, sealed, secrets_of
from app.storage.port import Storage, StorageRefused
from app.storage.proving import Proof, prove

# While files lie there, another bucket or folder would be another place: that takes a move.
PLACE: Final = ("bucket", "prefix", "folder")


class ConnectionShared(Forbidden):
    code = "connection_shared"
    title = "This connection belongs to the installation"


class ConnectionInUse(Conflict):
    code = "connection_in_use"
    title = "The company's files are in this storage"


class ConnectionNotWorking(Conflict):
    code = "connection_not_working"
    title = "The storage did not pass its test"


class ConnectionArchived(Conflict):
    code = "connection_archived"
    title = "The connection is archived"


class FilesElsewhere(Conflict):
    code = "files_elsewhere"
    title = "The company's files are in another storage"


@dataclass(frozen=True, slots=True)
class Tested:
    """A proof, and the connection it was made of."""

    connection: StorageConnection
    proof: Proof


async def create_connection(
    session: AsyncSession,
    actor: Actor,
    *,
    name: str,
    kind: str,
    settings: dict[str, Any],
    secrets: dict[str, str],
) -> StorageConnection:
    """A new connection of the company; no file goes there yet. Raises `AddressRefused`."""
    actor.require(MANAGE_STORAGE)
    await addresses.require_reachable(settings)
    connection_id = uuid7()
    connection = StorageConnection(
        id=connection_id,
        company_id=actor.company_id,
        name=name,
        kind=kind,
        settings=settings,
        secret=sealed(connection_id, secrets) if secrets else None,
    )
    session.add(connection)
    await session.flush()
    events.record(
        session,
        "storage.connection_created",
        actor=actor,
        subject_id=connection_id,
        data={"name": name, "kind": kind},
    )
    return connection


async def update_connection(
    session: AsyncSession,
    actor: Actor,
    connection_id: UUID,
    *,
    name: str | None = None,
    settings: dict[str, Any],
    secrets: dict[str, str],
    seen: Seen = ANY_VERSION,
) -> StorageConnection:
    """The connection with the changes; the active one is only changed to something that works.

    Raises `NotFound`, `ConnectionShared`, `PreconditionFailed`, `AddressRefused`, `ConnectionInUse` when the
    change would lead to another place than where the files are, or `ConnectionNotWorking`.
    """
    before, storage_path = await _own(actor, connection_id)
    seen.require(before)
    changed = {k: v for k, v in settings.items() if before.settings.get(k) != v}
    if before.is_default and any(field in changed for field in PLACE):
        raise ConnectionInUse("Add the other place as a new connection, and move the files there.")
    merged = {**before.settings, **changed}
    if changed or secrets:
        await addresses.require_reachable(changed)
    known = _known_secrets(before, secrets) if secrets else {}
    if before.is_default and (changed or secrets):
        await _require_working_with(before, merged, secrets, storage_path)
    row = await queries.get_connection(session, actor, connection_id, for_update=True)
    Seen(frozenset({before.version})).require(row)
    told = events.changes_of(row, {"name": name or row.name, "settings": merged})
    row.name, row.settings = name or row.name, merged
    if secrets:
        row.secret = sealed(row.id, known)
        told["secret"] = ["***", "***"]
    await session.flush()
    events.record(
        session, "storage.connection_updated", actor=actor, subject_id=row.id, changes=told
    )
    return row


def _known_secrets(row: StorageConnection, given: dict[str, str]) -> dict[str, str]:
    """The secrets kept and those given; those kept are no loss when they can not be read any more."""
    with contextlib.suppress(StorageRefused):
        return secrets_of(row) | given
    return given


async def _require_working_with(
    row: StorageConnection, settings: dict[str, Any], given: dict[str, str], storage_path: str
) -> None:
    storage = make_storage(row.kind, row.id, settings, _known_secrets(row, given))
    await _require_working(storage, storage_path)


async def set_archived(
    session: AsyncSession,
    actor: Actor,
    connection_id: UUID,
    *,
    archived: bool,
    seen: Seen = ANY_VERSION,
) -> StorageConnection:
    """Out of the way, or back. Raises `ConnectionInUse` for the active one."""
    row = await _locked(session, actor, connection_id, seen)
    if (row.archived_at is not None) == archived:
        return row
    if archived and row.is_default:
        raise ConnectionInUse("New files go there. Move them to another connection first.")
    if archived and await keeping_queries.is_in_open_move(session, row.id):
        raise ConnectionInUse("Files are being moved there. Wait, or cancel the move.")
    moment = utcnow() if archived else None
    changed = events.changes_of(row, {"archived_at": moment})
    row.archived_at = moment
    await session.flush()
    name = "storage.connection_archived" if archived else "storage.connection_restored"
    events.record(session, name, actor=actor, subject_id=row.id, changes=changed)
    return row


async def delete_connection(
    session: AsyncSession, actor: Actor, connection_id: UUID, *, seen: Seen = ANY_VERSION
) -> None:
    """Forget the connection and its secret. Raises `ConnectionInUse` while it is, or a move knows it."""
    row = await _locked(session, actor, connection_id, seen)
    if row.is_default:
        raise ConnectionInUse("The company's files are there. Move them to another one first.")
    if await queries.is_in_moves(session, row.id):
        raise ConnectionInUse("The story of a move names it. Archive it instead.")
    await session.delete(row)
    await session.flush()
    events.record(
        session,
        "storage.connection_deleted",
        actor=actor,
        subject_id=connection_id,
        data={"name": row.name},
    )


async def activate_connection(
    session: AsyncSession, actor: Actor, connection_id: UUID
) -> StorageConnection:
    """From now on the company's files go there, for a company that has none yet.

    Raises `ConnectionArchived`, `FilesElsewhere` when they must be moved, `ConnectionNotWorking`.
    """
    actor.require(MANAGE_STORAGE)
    assert actor.company_id is not None
    found, storage_path = await _visible(actor, connection_id)
    if found.archived_at is not None:
        raise ConnectionArchived("Take it out of the archive first.")
    await _require_working(open_storage(found), storage_path)
    await queries.lock_active(session, actor.company_id)
    await moving.require_at_rest(session, actor.company_id)
    row = await queries.get_connection(
        session, actor, connection_id, for_update=found.company_id is not None
    )
    active = await queries.active_connection(session, actor.company_id)
    if active is not None and active.id == row.id:
        return row
    if await queries.has_files(session, actor.company_id):
        raise FilesElsewhere(
            "Move the files: they are copied, proved, and then the storage changes."
        )
    await queries.switch_active(session, actor.company_id, row)
    await session.refresh(row)
    events.record(
        session,
        "storage.connection_activated",
        actor=actor,
        subject_id=row.id,
        data={"name": row.name},
    )
    return row


async def test_connection(session: AsyncSession, actor: Actor, connection_id: UUID) -> Tested:
    """Use the connection once in every way, and note how it went. Raises `NotFound`."""
    actor.require(MANAGE_STORAGE)
    found, storage_path = await _visible(actor, connection_id)
    proof = await prove_connection(found, storage_path)
    result = {"works": proof.works, "code": proof.code, "detail": proof.detail}
    await queries.note_test(session, actor, connection_id, now=utcnow(), result=result)
    events.record(
        session,
        "storage.tested",
        actor=actor,
        subject_id=connection_id,
        data={"works": proof.works, "code": proof.code},
    )
    return Tested(found, proof)


async def prove_connection(connection: StorageConnection, storage_path: str) -> Proof:
    """Whether the connection works; one that can not even be opened does not."""
    try:
        if connection.company_id is not None:
            await addresses.require_reachable(connection.settings)
        storage = open_storage(connection)
    except AddressRefused as error:
        return Proof.failed("address", error.code, error.detail)
    except StorageRefused as error:
        return Proof.failed("open", error.code, str(error))
    return await prove(storage, storage_path)


async def _require_working(storage: Storage, storage_path: str) -> None:
    proof = await prove(storage, storage_path)
    if not proof.works:
        raise ConnectionNotWorking(proof.detail, reason=proof.code)


async def _visible(actor: Actor, connection_id: UUID) -> tuple[StorageConnection, str]:
    """The connection and the company's folder, read in a transaction that is over."""
    async with session_scope(company_id=actor.company_id) as session:
        connection = await queries.get_connection(session, actor, connection_id)
        company = await companies.get_company(session, actor)
        return connection, company.storage_path


async def _own(actor: Actor, connection_id: UUID) -> tuple[StorageConnection, str]:
    actor.require(MANAGE_STORAGE)
    connection, storage_path = await _visible(actor, connection_id)
    _refuse_shared(connection)
    return connection, storage_path


async def _locked(
    session: AsyncSession, actor: Actor, connection_id: UUID, seen: Seen
) -> StorageConnection:
    actor.require(MANAGE_STORAGE)
    _refuse_shared(await queries.get_connection(session, actor, connection_id))
    row = await queries.get_connection(session, actor, connection_id, for_update=True)
    seen.require(row)
    return row


def _refuse_shared(connection: StorageConnection) -> None:
    if connection.company_id is None:
        raise ConnectionShared("The operator looks after it. Add a connection of your own.")
