"""Changing the key: what older keys sealed is found in every table and stored under the newest."""

from collections.abc import Iterator
from typing import Final
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import Text

import app.all_models  # noqa: F401  (every table is looked at)
from app.core import crypto
from app.core.config import get_settings
from app.core.database import Base
from app.core.resealing import Sealed, count_sealed, reseal_all, sealed_columns
from app.notifications import delivering as channels
from app.sso import service as sso
from app.storage import grants, opening
from app.two_factor import service as two_factor
from app.webhooks import service as webhooks
from tests.support import people

OLD, NEW, LOST = "old-" + "x" * 40, "new-" + "y" * 40, "lost-" + "z" * 40
SECRET: Final = "swordfish"


@pytest.fixture
def keys(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The old key is the only one."""
    with monkeypatch.context() as own:
        use(own, OLD)
        yield own
    get_settings.cache_clear()


def use(monkeypatch: pytest.MonkeyPatch, key: str, old: str = "") -> None:
    monkeypatch.setenv("SECRET_KEY", key)
    monkeypatch.setenv("OLD_SECRET_KEYS", old)
    get_settings.cache_clear()


async def connect_s3(owner: asyncpg.Connection) -> str:
    """A company's S3 connection whose secret is sealed by the feature itself; its id."""
    company, connection = await people.make_company(), uuid4()
    await owner.execute(
        "INSERT INTO storage_connections (id, company_id, name, kind, settings, secret, is_default, "
        "created_at) VALUES ($1, $2, 'Bucket', 's3', '{}', $3, false, now())",
        connection,
        company.id,
        opening.sealed(connection, {"secret_access_key": SECRET}),
    )
    return str(connection)


async def secret_of(owner: asyncpg.Connection, connection: str) -> str:
    return str(
        await owner.fetchval("SELECT secret FROM storage_connections WHERE id = $1", connection)
    )


async def test_everything_is_stored_under_the_newest_key(
    keys: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    """Before, both keys are needed; after it the new one alone opens it, and nothing is left to do."""
    connection = await connect_s3(owner)
    use(keys, NEW, OLD)

    assert Sealed("storage_connections.secret", outdated=1) in await count_sealed()
    assert Sealed("storage_connections.secret", outdated=1) in await reseal_all()

    use(keys, NEW)
    sealed = await secret_of(owner, connection)
    assert SECRET in crypto.decrypt(sealed, purpose=f"storage:{connection}")
    assert Sealed("storage_connections.secret", current=1) in await reseal_all()


async def test_what_no_key_opens_is_counted_and_left(
    keys: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    """Whoever threw a key away too early learns it, and finding the key again repairs it."""
    connection = await connect_s3(owner)
    before = await secret_of(owner, connection)
    use(keys, LOST)

    assert Sealed("storage_connections.secret", unreadable=1) in await reseal_all()
    assert before == await secret_of(owner, connection)


def test_every_column_of_ciphertexts_is_found() -> None:
    """A column named as one and not marked would be lost with the old key."""
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Text)
        and (column.name.endswith("_encrypted") or column.name == "secret")
    }

    assert named == {f"{column.table.name}.{column.name}" for column in sealed_columns()}


def test_each_column_is_opened_for_what_its_feature_sealed_it() -> None:
    """The words on the column are those the feature encrypts with."""
    row = {name: uuid4() for name in ("id", "company_id", "connection_id", "user_id")}
    expected = {
        "authenticators": two_factor._purpose(row["user_id"]),
        "identity_providers": sso._purpose(row["company_id"]),
        "notification_channels": channels._purpose(row["company_id"]),
        "storage_connections": opening.secret_purpose(row["id"]),
        "storage_grants": grants._purpose(row["connection_id"]),
        "webhook_endpoints": webhooks._purpose(row["company_id"]),
    }

    found = {
        column.table.name: column.info["sealed_for"].format(**row) for column in sealed_columns()
    }
    assert expected == found
