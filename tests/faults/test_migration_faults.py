"""Migrations killed, at once, in each other's way, and one release ahead of the code."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from alembic.script import ScriptDirectory
from fastapi import FastAPI
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from alembic import command
from app.core.config import CHECKOUT
from app.core.migrations import alembic_config
from tests.core.test_migrations import differences
from tests.faults.report import full, recovered
from tests.support import people
from tests.support.servers import TestServers

LONGEST_WAIT_BEHIND_A_MIGRATION = 1.5
NEXT_RELEASE = '''
"""What the next release adds."""
import sqlalchemy as sa
from alembic import op
revision = "20991231_000000_000001"
down_revision = "{head}"
branch_labels = depends_on = None
def upgrade():
    op.add_column("companies", sa.Column("of_the_next_release", sa.Text(), nullable=True))
    op.add_column("jobs", sa.Column("also_new", sa.Integer(), nullable=False, server_default="1"))
    op.create_table("of_the_next_release", sa.Column("id", sa.Uuid(), primary_key=True))
def downgrade():
    op.drop_table("of_the_next_release")
    op.drop_column("jobs", "also_new")
    op.drop_column("companies", "of_the_next_release")
'''


@pytest.fixture
async def empty(servers: TestServers) -> AsyncIterator[str]:
    """The address of a database without any table."""
    name = f"migrated_{os.getpid()}"
    connection = await servers.postgres.connect("postgres")
    await connection.execute(f'CREATE DATABASE "{name}"')
    yield servers.postgres.url(name)
    await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await connection.close()


async def missing_in(url: str) -> object:
    """What the models want and the database has not."""

    def compared(connection: Connection) -> object:
        return differences(connection)

    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(compared)
    finally:
        await engine.dispose()


async def run(*arguments: str, url: str) -> str:
    """The output of a Python program that has this database."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    output, errors = await child.communicate()
    assert child.returncode == 0, errors.decode()[-2000:]
    return output.decode()


@pytest.mark.timeout(600)
async def test_killed_in_every_revision(empty: str) -> None:
    """What a killed migration had begun is undone; run again, it goes on from there to the end."""
    revisions = len(list(ScriptDirectory.from_config(alembic_config()).walk_revisions()))
    started = time.monotonic()

    kills = int(await run("-m", "tests.faults.migrate_child", str(full(6, 1)), url=empty))

    seconds = time.monotonic() - started
    assert await missing_in(empty) == []
    assert kills >= full(revisions // 6, revisions)
    recovered(
        "migration killed (kill -9)",
        condition="each revision is done wholly or not at all; the next run reaches the head",
        seconds=seconds / (kills + 1),
        limit=30,
        detail=f"{kills} kills in {revisions} revisions, time of one run",
    )


@pytest.fixture
def next_release(tmp_path: Path) -> list[str]:
    """The folders of migrations, with one more after our newest."""
    scripts = ScriptDirectory.from_config(alembic_config())
    ours = Path(scripts.versions)
    (tmp_path / "next.py").write_text(NEXT_RELEASE.format(head=scripts.get_current_head()))
    return [str(ours), str(tmp_path)]


def migrate_to_next(url: str, folders: list[str]) -> None:
    config = alembic_config()
    config.attributes["database_url"] = url
    config.set_main_option("version_locations", os.pathsep.join(folders))
    command.upgrade(config, "head")


async def test_a_select_never_waits_long_behind_a_migration(
    servers: TestServers, database: str, next_release: list[str]
) -> None:
    """A transaction holds a table the migration wants: who only reads passes, the migration comes through."""
    holder, reader = (
        await servers.postgres.connect(database),
        await servers.postgres.connect(database),
    )
    held = holder.transaction()
    await held.start()
    await holder.execute("LOCK TABLE companies IN ROW EXCLUSIVE MODE")
    migration = asyncio.create_task(
        asyncio.to_thread(migrate_to_next, servers.postgres.url(database), next_release)
    )
    waits = await _waits_of(reader, holder, until_blocked=1.5)
    ended = time.monotonic()
    await held.rollback()
    await migration
    seconds = time.monotonic() - ended
    await asyncio.gather(holder.close(), reader.close())

    recovered(
        "migration behind a long transaction",
        condition="a plain SELECT waits for the lock timeout at most; the migration comes through by itself",
        seconds=max(waits),
        limit=LONGEST_WAIT_BEHIND_A_MIGRATION * 4,  # this machine may be busy
        detail=f"{len(waits)} reads, median {sorted(waits)[len(waits) // 2] * 1000:.1f} ms; "
        f"migrated {seconds:.1f} s after the transaction ended",
    )


async def _waits_of(
    reader: asyncpg.Connection, holder: asyncpg.Connection, *, until_blocked: float
) -> list[float]:
    """How long each read of the table took, for so many seconds after a migration was seen waiting."""
    waits = []
    is_enough = asyncio.create_task(_blocked_for(holder, until_blocked))
    while not is_enough.done():
        begun = time.monotonic()
        await reader.fetch("SELECT id FROM companies LIMIT 1")
        waits.append(time.monotonic() - begun)
        await asyncio.sleep(0.02)
    await is_enough
    return waits


async def _blocked_for(connection: asyncpg.Connection, seconds: float) -> None:
    """Back so many seconds after a migration was seen waiting; a reader may itself stand behind it."""
    waiting = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'companies'::regclass "
        "AND mode = 'AccessExclusiveLock'"
    )
    while not await connection.fetchval(waiting):  # noqa: ASYNC110  (another process makes it so)
        await asyncio.sleep(0.02)
    await asyncio.sleep(seconds)


async def test_this_release_runs_on_the_schema_of_the_next(
    servers: TestServers,
    database: str,
    app: FastAPI,
    client: httpx.AsyncClient,
    next_release: list[str],
) -> None:
    """While a roll-out goes on, the release before reads and writes what the next one has added to."""
    await asyncio.to_thread(migrate_to_next, servers.postgres.url(database), next_release)
    begun = time.monotonic()

    ready = await client.get("/api/health/readiness")
    owner = await people.make_member(app)
    made = await owner.post("/projects", json={"name": "Album"})
    listed = await owner.get("/projects")

    assert (200, 201, 200) == (ready.status_code, made.status_code, listed.status_code)
    assert "Album" in [project["name"] for project in listed.json()["items"]]
    recovered(
        "schema one release ahead of the code",
        condition="the release before stays ready, reads and writes",
        seconds=time.monotonic() - begun,
        limit=30,
    )
