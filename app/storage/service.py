"""Which storage a company's files are in, and putting files there."""

import asyncio
import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies import queries as companies
from app.companies.models import Company
from app.companies.roles import MANAGE_STORAGE
from app.core.actor import Actor
from app.storage import queries
from app.storage.backends.local import INCOMING
from app.storage.opening import local_storage, open_storage
from app.storage.port import EXTENSIONS, FileMissing, Storage, StorageError, content_key

HASH_CHUNK_BYTES = 1024 * 1024


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
    """The storage that holds the company's files: its own active one, else the installation's."""
    connection = await queries.active_connection(session, company_id)
    return local_storage() if connection is None else open_storage(connection)


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
    """Write bytes into the storage under the key of their content."""
    source = incoming_folder() / f"{uuid4().hex}.bytes"
    try:
        await asyncio.to_thread(source.write_bytes, content)
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
        await queries.register_file(
            session,
            company_id=company_id,
            key=content.key,
            sha256=content.sha256,
            media_type=content.media_type,
            size_bytes=content.size_bytes,
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


async def ensure_default_connections(session: AsyncSession, company: Company) -> None:
    """Local disk for the installation and for its first company, and the company's base folders."""
    await queries.ensure_connection(session, company_id=None, name="Local disk", kind="local")
    await queries.ensure_connection(session, company_id=company.id, name="Local disk", kind="local")
    local_storage().make_base_folders(company.storage_path)


@dataclass(frozen=True, slots=True)
class Tested:
    """Whether a storage took a file and gave it back."""

    works: bool
    detail: str
    milliseconds: float


async def test_connection(session: AsyncSession, actor: Actor, connection_id: UUID) -> Tested:
    """Write a small file, read it and remove it. Raises `NotFound`."""
    actor.require(MANAGE_STORAGE)
    connection = await queries.get_connection(session, actor, connection_id)
    company = await companies.get_company(session, actor)
    started = time.perf_counter()
    detail = await _try(local_storage(), company.storage_path)
    tested = Tested(not detail, detail, round((time.perf_counter() - started) * 1000, 1))
    events.record(
        session,
        "storage.tested",
        actor=actor,
        subject_id=connection.id,
        data={"works": tested.works},
    )
    return tested


async def _try(storage: Storage, storage_path: str) -> str:
    """Nothing when it works, else what does not."""
    content = uuid4().bytes
    try:
        stored = await store_bytes(
            storage,
            content,
            storage_path=storage_path,
            folder="thumbnails",
            media_type="application/octet-stream",
        )
        read = b"".join([chunk async for chunk in storage.open(stored.key)])
        await storage.delete(stored.key)
    except (OSError, StorageError):
        return "The storage did not take the file, or did not give it back."
    return "" if read == content else "The storage gave back other bytes than it was given."


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(HASH_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
