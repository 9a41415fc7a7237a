"""The schema: models and migrations agree, and migrating is safe to do twice, back, and at once."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from functools import partial

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from alembic import command
from app.all_models import Base
from app.core.config import CHECKOUT
from app.core.migrations import alembic_config, schema_heads
from tests.support.servers import TestServers


@pytest.fixture
async def empty_url(servers: TestServers) -> AsyncIterator[str]:
    """A database without any table."""
    name = f"empty_{os.getpid()}"
    connection = await servers.postgres.connect("postgres")
    await connection.execute(f'CREATE DATABASE "{name}"')
    yield servers.postgres.url(name)
    await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await connection.close()


async def alembic(url: str, action: Callable[..., None], *arguments: str) -> None:
    """Run an Alembic command against a database; it has an event loop of its own."""
    config = alembic_config()
    config.attributes["database_url"] = url
    await asyncio.to_thread(action, config, *arguments)


async def upgrade_in_a_process(url: str) -> None:
    done = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli", "migrate"),
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": url},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    _output, errors = await done.communicate()
    assert done.returncode == 0, errors.decode()


async def on(url: str, function: Callable[[Connection], object]) -> object:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(function)
    finally:
        await engine.dispose()


def differences(connection: Connection) -> object:
    context = MigrationContext.configure(connection, opts={"compare_server_default": True})
    return compare_metadata(context, Base.metadata)


def tables(connection: Connection) -> list[str]:
    return inspect(connection).get_table_names()


async def test_models_are_what_migrations_make(servers: TestServers) -> None:
    """A model changed without a migration, or the other way round, fails here."""
    assert await on(servers.template_url, differences) == []


def test_history_has_one_head() -> None:
    """Two people's migrations were put in a row, not side by side."""
    assert len(schema_heads()) == 1


async def test_down_and_up_again(empty_url: str) -> None:
    """Every migration can be taken back to an empty database and applied again."""
    await alembic(empty_url, command.upgrade, "head")
    await alembic(empty_url, command.downgrade, "base")
    assert await on(empty_url, tables) == ["alembic_version"]

    await alembic(empty_url, command.upgrade, "head")

    assert await on(empty_url, differences) == []


async def test_parallel_upgrades_all_succeed(empty_url: str) -> None:
    """Three processes that migrate an empty database at once wait for each other."""
    await asyncio.gather(*(upgrade_in_a_process(empty_url) for _ in range(3)))

    assert await on(empty_url, differences) == []


async def test_offline_prints_the_statements(
    empty_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator may read, and apply by hand, what a migration would do."""
    await alembic(empty_url, partial(command.upgrade, sql=True), "head")

    assert "CREATE TABLE jobs" in capsys.readouterr().out
    assert await on(empty_url, tables) == []
