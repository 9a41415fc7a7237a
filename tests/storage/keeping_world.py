"""A company with files, and a second storage to go to: a Yandex Disk."""

import os
import random
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.companies.models import Company
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.ids import uuid7
from app.storage import grants, queries, service
from app.storage.grants import Granted
from app.storage.models import StorageConnection, StoredFile
from app.storage.opening import local_storage
from tests.support import people
from tests.support.yandex import CLIENT_ID, CLIENT_SECRET, Yandex

TEST = "tests"


@dataclass(slots=True)
class World:
    """`company` has its files on the local disk; `target_id` is a connection to `yandex`."""

    company: Company
    yandex: Yandex
    source_id: UUID
    target_id: UUID

    async def add_files(self, count: int, *, seed: int = 1, size: int = 3000) -> list[str]:
        """Files in use, of sizes up to that, in whatever storage is active; their keys."""
        chance, keys = random.Random(seed), []
        async with session_scope(system=TEST) as session:
            place = await service.storage_of(session, self.company.id)
        for _ in range(count):
            stored = await service.store_bytes(
                place,
                chance.randbytes(chance.randint(1, size)),
                storage_path=self.company.storage_path,
                folder=chance.choice(("portraits", "videos", "thumbnails")),
                media_type="image/jpeg",
            )
            async with session_scope(system=TEST) as session:
                await service.register(session, self.company.id, stored)
            keys.append(stored.key)
        return keys

    async def row_of(self, key: str) -> StoredFile | None:
        async with session_scope(system=TEST) as session:
            return await session.scalar(select(StoredFile).where(StoredFile.key == key))

    async def release(self, *keys: str, days_ago: float = 0) -> None:
        async with session_scope(system=TEST) as session:
            await queries.release_files(
                session, self.company.id, keys, now=utcnow() - timedelta(days=days_ago)
            )

    async def change(self, key: str, **values: object) -> None:
        async with session_scope(system=TEST) as session:
            await session.execute(update(StoredFile).where(StoredFile.key == key).values(**values))

    async def active_id(self) -> UUID:
        async with session_scope(system=TEST) as session:
            found = await queries.active_connection(session, self.company.id)
        assert found is not None
        return found.id

    def local_path(self, key: str) -> Path:
        return local_storage().path_of(key)


def set_up_yandex(yandex: Yandex, patch: pytest.MonkeyPatch) -> None:
    """The operator's application, and a client that does not wait long."""
    for name, value in {
        "YANDEX_CLIENT_ID": CLIENT_ID,
        "YANDEX_CLIENT_SECRET": CLIENT_SECRET,
        "YANDEX_API_URL": yandex.url,
        "YANDEX_OAUTH_URL": yandex.url,
    }.items():
        patch.setitem(os.environ, name, value)
    patch.setattr("app.storage.backends.yandex_api.PAUSES_SECONDS", (0.01, 0.01))
    get_settings.cache_clear()


async def make_world(yandex: Yandex) -> World:
    company = await people.make_company()
    async with session_scope(system=TEST) as session:
        await queries.ensure_connection(
            session, company_id=company.id, name="Local disk", kind="local"
        )
        source = await queries.active_connection(session, company.id)
        assert source is not None
    target_id = await connect_disk(yandex, company.id)
    return World(company, yandex, source.id, target_id)


async def connect_disk(yandex: Yandex, company_id: UUID) -> UUID:
    """A connection to the Disk, with tokens as if its holder had consented."""
    connection = StorageConnection(
        id=uuid7(), company_id=company_id, name="Disk", kind="yandex_disk", settings={}
    )
    given = yandex.issue()
    async with session_scope(system=TEST) as session:
        session.add(connection)
        await session.flush()
        expires_at = utcnow() + timedelta(seconds=given["expires_in"])
        granted = Granted(given["access_token"], given["refresh_token"], expires_at)
        await grants.save_grant(session, connection.id, company_id, granted)
    return connection.id
