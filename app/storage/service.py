"""Which storage a company's files are in, and putting files there."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from app.companies.models import Company
from app.core.config import get_settings
from app.storage import queries
from app.storage.backends.local import INCOMING, LocalStorage
from app.storage.port import Storage, content_key

HASH_CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredContent:
    """A file that is on stable storage, to be registered in the transaction that uses it."""

    key: str
    sha256: str
    media_type: str
    size_bytes: int


async def storage_of(session: AsyncSession, company_id: UUID) -> Storage:
    """The storage that holds the company's files: its own default, else the installation's."""
    connection = await queries.default_connection(session, company_id)
    if connection is None or connection.kind == "local":
        return local_storage()
    raise ValueError(f"no backend for storage kind {connection.kind}")


def local_storage() -> LocalStorage:
    """The folder of this machine that the settings name."""
    return LocalStorage(get_settings().storage.root.absolute())


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
    key = content_key(storage_path, folder, sha256, _EXTENSIONS[media_type])
    await storage.put(source, key)
    return StoredContent(key, sha256, media_type, size)


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


_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "application/octet-stream": "arvt",
}


async def register(session: AsyncSession, company_id: UUID, *contents: StoredContent) -> None:
    """Note the files as in use by the company."""
    for content in contents:
        await queries.register_file(
            session,
            company_id=company_id,
            key=content.key,
            sha256=content.sha256,
            media_type=content.media_type,
            size_bytes=content.size_bytes,
        )


async def ensure_default_connections(session: AsyncSession, company: Company) -> None:
    """Local disk for the installation and for its first company, and the company's base folders."""
    await queries.ensure_connection(session, company_id=None, name="Local disk", kind="local")
    await queries.ensure_connection(session, company_id=company.id, name="Local disk", kind="local")
    local_storage().make_base_folders(company.storage_path)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(HASH_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
