"""The roles of the service on servers where the login is an ordinary one, and where databases share them."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from alembic import command
from app.core.migrations import alembic_config
from tests.core.test_migrations import alembic, differences, on
from tests.support.servers import TestServers

ROW_LEVEL_SECURITY = "20261123_165349_046252"
LOGIN, PASSWORD = "ordinary", "for-tests-only"


@pytest.fixture
async def admin(servers: TestServers) -> AsyncIterator[asyncpg.Connection]:
    connection = await servers.postgres.connect("postgres")
    yield connection
    await connection.close()


@pytest.fixture
async def ordinary_url(servers: TestServers, admin: asyncpg.Connection) -> AsyncIterator[str]:
    """An empty database that belongs to a login without any power."""
    await admin.execute(f"CREATE ROLE {LOGIN} LOGIN PASSWORD '{PASSWORD}'")
    await admin.execute(f"CREATE DATABASE {LOGIN} OWNER {LOGIN}")
    yield (
        servers.postgres.url(LOGIN)
        .replace("//arv:", f"//{LOGIN}:")
        .replace(f":{servers.postgres.password}@", f":{PASSWORD}@")
    )
    await admin.execute(f"DROP DATABASE {LOGIN} WITH (FORCE)")
    await admin.execute(f"DROP ROLE {LOGIN}")


async def test_a_login_that_is_no_member_is_told_what_to_ask_for(
    ordinary_url: str, admin: asyncpg.Connection
) -> None:
    """One sentence for the administrator; after it the same migration goes through, policies and all."""
    with pytest.raises(DBAPIError) as refused:
        await alembic(ordinary_url, command.upgrade, "head")
    assert f"The login {LOGIN} is no member of the role arv_app" in str(refused.value)
    assert "GRANT arv_app TO ordinary;" in str(refused.value.__cause__.__cause__.hint)  # type: ignore[union-attr]

    await admin.execute(f"GRANT arv_app, arv_system TO {LOGIN}")
    await alembic(ordinary_url, command.upgrade, "head")

    assert await on(ordinary_url, differences) == []


async def test_databases_of_one_server_may_make_the_roles_at_once(
    servers: TestServers, admin: asyncpg.Connection
) -> None:
    """The statement that makes a role meets itself in four databases, and none fails."""
    role = "arv_race"
    scripts = ScriptDirectory.from_config(alembic_config())
    make = scripts.get_revision(ROW_LEVEL_SECURITY).module.MAKE_ROLE.format(role=role)
    connections = [await servers.postgres.connect("postgres") for _ in range(4)]
    try:
        await asyncio.gather(*(each.execute(make) for each in connections))
        assert await admin.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = $1", role) == 1
    finally:
        for each in connections:
            await each.close()
        await admin.execute(f"DROP ROLE {role}")
