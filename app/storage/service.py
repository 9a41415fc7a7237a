"""Which storage a company's files are in, and putting files there."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import Unavailable
from app.storage import queries
from app.storage.backends.local import INCOMING, unavailable
from app.storage.opening import local_storage, open_storage
from app.storage.port import (
    EXTENSIONS,
    FileMissing,
    Storage,
    StorageRefused,
    StorageUnavailable,
    content_key,
)

HASH_CHUNK_BYTES = 1024 * 1024

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class StoredContent:
    """A file that is on stable storage, to be registered in the transaction that uses it.

    `connection_id` says in which, as the storage itself does.
    """

    key: str
    sha256: str
    media_type: str
    size_bytes: int
    connection_id: UUID | None = None


async def storage_of(session: AsyncSession, company_id: UUID) -> Storage:
    """The storage that holds the company's files: its own active one, else the installation's.

    Raises `Unavailable` when its secret can not be read any more.
    """
    connection = await queries.active_connection(session, company_id)
    try:
        return local_storage() if connection is None else open_storage(connection)
    except StorageRefused as error:
        log.error("storage.not_opened", connection_id=str(connection and connection.id))  # noqa: TRY400
        raise Unavailable(
            "The company's storage can not be opened. Its owner has to mend it."
        ) from error


def incoming_folder() -> Path:
    """Where files lie while they arrive: on the same disk, so that a rename finishes them."""
    folder = local_storage().root / INCOMING
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


async def store(
    storage: Storage, source: Path, *, storage_path: str, folder: str, media_type: str
) -> StoredContent:
    """Move a finished local file into the storage under the key of its content."""
    sha256 = await asyncio.to_thread(_sha256, source)
    size = source.stat().st_size
    key = content_key(storage_path, folder, sha256, EXTENSIONS.get(media_type, "bin"))
    await storage.put(source, key)
    return StoredContent(key, sha256, media_type, size, storage.connection_id)


async def store_bytes(
    storage: Storage, content: bytes, *, storage_path: str, folder: str, media_type: str
) -> StoredContent:
    """Write bytes into the storage under the key of their content.

    Raises the port's errors: `storage_full` also where this machine's disk is what is full.
    """
    source = incoming_folder() / f"{uuid4().hex}.bytes"
    try:
        await asyncio.to_thread(source.write_bytes, content)
    except OSError as error:
        source.unlink(missing_ok=True)
        raise unavailable(error) from error
    try:
        return await store(
            storage, source, storage_path=storage_path, folder=folder, media_type=media_type
        )
    finally:
        source.unlink(missing_ok=True)


async def register(session: AsyncSession, company_id: UUID, *contents: StoredContent) -> None:
    """Note the files as in use by the company.

    A move may have switched the connection since they were put: then they are copied over first.
    """
    await queries.hold_active(session, company_id)
    place = await storage_of(session, company_id)
    for content in contents:
        if content.connection_id != place.connection_id:
            await _carry_over(session, company_id, content, place)
        is_noted = await queries.register_file(
            session,
            company_id=company_id,
            key=content.key,
            sha256=content.sha256,
            media_type=content.media_type,
            size_bytes=content.size_bytes,
        )
        if not is_noted:
            await _take_from_sweep(session, company_id, content.key, place)


async def _take_from_sweep(
    session: AsyncSession, company_id: UUID, key: str, place: Storage
) -> None:
    """The same bytes were being swept. Fine when they were put after that; else they must be put again."""
    if not await queries.revive_swept(session, company_id, key) or not await place.exists(key):
        raise StorageUnavailable(
            "The same file is just being removed for good. Try again in a minute.",
            code="file_being_swept",
        )


async def _carry_over(
    session: AsyncSession, company_id: UUID, content: StoredContent, place: Storage
) -> None:
    """Copy a file from the connection it was put into to the one that is active now."""
    before: Storage = local_storage()
    if content.connection_id is not None:
        connection = await queries.connection_by_id(session, company_id, content.connection_id)
        if connection is None:
            raise FileMissing(content.key)
        before = open_storage(connection)
    copy = incoming_folder() / f"{uuid4().hex}.carried"
    try:
        await before.fetch(content.key, copy)
        await place.put(copy, content.key)
    finally:
        copy.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(HASH_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
