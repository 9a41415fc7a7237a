"""The database as a backup sees it: dumped from one moment, loaded beside the old one, then exchanged."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from app.backups.errors import BackupDamaged, BackupFailed, BackupRefused
from app.backups.manifest import Elsewhere, Table
from app.backups.programs import postgres_program, run
from app.core.tenancy import APP_ROLE, SYSTEM_ROLE

JOBS_AT_ONCE: Final = 4
_TABLES: Final = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
    "ORDER BY relname"
)
# 60 bits of each row's MD5, added up: the same rows in another order have the same sum. MD5 and not
# PostgreSQL's own hashes, which another major version may compute differently.
_CHECKSUM: Final = (
    "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text "
    'FROM public."{table}" t'
)
_LOCAL: Final = """
  FROM stored_files f
  LEFT JOIN storage_connections s ON s.company_id = f.company_id AND s.is_default
  LEFT JOIN storage_connections d ON d.company_id IS NULL AND d.is_default
  WHERE f.released_at IS NULL AND f.sweeping_at IS NULL AND f.swept_at IS NULL
    AND f.missing_since IS NULL AND coalesce(s.kind, d.kind, 'local')"""
_MAKE_ROLE: Final = """
  DO $$ BEGIN
    CREATE ROLE {role} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""


@dataclass(frozen=True, slots=True)
class Place:
    """A database on a server, by its address."""

    url: str

    @classmethod
    def of(cls, url: str) -> Self:
        """Takes SQLAlchemy's addresses too."""
        return cls(url.replace("postgresql+asyncpg://", "postgresql://", 1))

    @property
    def name(self) -> str:
        return unquote(urlsplit(self.url).path.lstrip("/"))

    def named(self, database: str) -> "Place":
        """Another database on the same server."""
        return Place(urlunsplit(urlsplit(self.url)._replace(path=f"/{database}")))

    @property
    def environment(self) -> dict[str, str]:
        """The password goes to programs in the environment: command lines are seen by everybody."""
        return {"PGPASSWORD": unquote(urlsplit(self.url).password or "")}

    @property
    def shown(self) -> str:
        """The address without the password."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@")))

    @asynccontextmanager
    async def connect(self) -> AsyncIterator["asyncpg.Connection"]:
        try:
            connection = await asyncpg.connect(self.url, timeout=10)
        except (OSError, asyncpg.PostgresError) as error:
            raise BackupFailed(f"The database {self.name} does not answer: {error}") from error
        try:
            yield connection
        finally:
            await connection.close()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is in the database at the moment of the dump."""

    schema_head: str
    server_major: int
    tables: dict[str, Table]
    elsewhere: list[Elsewhere]


async def dump(place: Place, target: Path, files: Path) -> Facts:
    """Write the dump and the list of files that must be there; both and the facts are of one moment."""
    async with (
        place.connect() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        moment = await connection.fetchval("SELECT pg_export_snapshot()")
        major = connection.get_server_version().major
        # Uncompressed: restic compresses, and finds what was in yesterday's dump already.
        await run(
            *(postgres_program("pg_dump", server_major=major), "--format=custom", "--compress=0"),
            *(f"--snapshot={moment}", f"--file={target}", f"--dbname={place.shown}"),
            environment=place.environment,
        )
        await _list_files(connection, files)
        head = await connection.fetchval("SELECT version_num FROM alembic_version")
        return Facts(head, major, await _tables(connection), await _elsewhere(connection))


async def tables_of(place: Place) -> dict[str, Table]:
    """Rows and checksum of every table."""
    async with place.connect() as connection:
        return await _tables(connection)


async def _tables(connection: "asyncpg.Connection") -> dict[str, Table]:
    await connection.execute(
        "SET timezone = 'UTC'; SET datestyle = 'ISO'; SET extra_float_digits = 1; "
        "SET bytea_output = 'hex'; SET row_security = off"
    )
    found = {}
    for (name,) in await connection.fetch(_TABLES):
        rows, checksum = await connection.fetchrow(_CHECKSUM.format(table=name))
        found[name] = Table(rows=rows, checksum=checksum)
    return found


async def _list_files(connection: "asyncpg.Connection", target: Path) -> None:
    """In the format of `sha256sum --check`."""
    with target.open("w", encoding="utf-8") as lines:
        wanted = f"SELECT f.sha256, f.key {_LOCAL} = 'local' ORDER BY f.key"
        async for sha256, key in connection.cursor(wanted):
            lines.write(f"{sha256}  {key}\n")


async def _elsewhere(connection: "asyncpg.Connection") -> list[Elsewhere]:
    rows = await connection.fetch(
        "SELECT f.company_id::text, coalesce(s.kind, d.kind) AS kind, count(*) AS files, "
        f"sum(f.size_bytes)::bigint AS size_bytes {_LOCAL} <> 'local' GROUP BY 1, 2 ORDER BY 1"
    )
    return [Elsewhere(**dict(row)) for row in rows]


async def is_in_use(place: Place) -> bool:
    """Whether somebody's work is there: an installation that was only just made is empty."""
    async with place.named("postgres").connect() as connection:
        if not await _exists(connection, place.name):
            return False
    async with place.connect() as connection:
        if await connection.fetchval("SELECT to_regclass('public.users')") is None:
            return bool(await connection.fetch(_TABLES))
        await connection.execute("SET row_security = off")
        return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM users)"))


async def load(place: Place, dump_file: Path, *, expected: dict[str, Table]) -> None:
    """Make the database `place` from the dump and compare every row. It must not exist before.

    Raises `BackupDamaged` when a row differs; the database is removed when anything fails.
    """
    async with place.named("postgres").connect() as connection:
        major = connection.get_server_version().major
        for role in (APP_ROLE, SYSTEM_ROLE):
            await connection.execute(_MAKE_ROLE.format(role=role))
        await connection.execute(f'DROP DATABASE IF EXISTS "{place.name}" WITH (FORCE)')
        await connection.execute(f'CREATE DATABASE "{place.name}" TEMPLATE template0')
    try:
        await _fill(place, dump_file, server_major=major)
        _compare(expected, await tables_of(place))
    except BaseException:
        await drop(place)
        raise


async def _fill(place: Place, dump_file: Path, *, server_major: int) -> None:
    try:
        await run(
            *(postgres_program("pg_restore", server_major=server_major), "--no-owner"),
            *(f"--jobs={JOBS_AT_ONCE}", f"--dbname={place.shown}", str(dump_file)),
            environment=place.environment,
        )
    except BackupFailed as error:
        if not only_a_newer_client(error.complaint):
            raise


def only_a_newer_client(complaint: str) -> bool:
    """pg_restore 17 sets `transaction_timeout`, which older servers refuse and do not need."""
    errors = [line for line in complaint.splitlines() if "error:" in line.lower()]
    return bool(errors) and all('"transaction_timeout"' in line for line in errors)


def _compare(expected: dict[str, Table], found: dict[str, Table]) -> None:
    different = sorted(
        name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)
    )
    if different:
        raise BackupDamaged(f"Rows differ from those that were saved in: {', '.join(different)}.")


async def drop(place: Place) -> None:
    async with place.named("postgres").connect() as connection:
        await connection.execute(f'DROP DATABASE IF EXISTS "{place.name}" WITH (FORCE)')


async def exchange(place: Place, loaded: Place, *, kept_as: str) -> None:
    """Let `loaded` be the database `place`; what was there stays as `kept_as`. All of it or nothing."""
    async with place.named("postgres").connect() as connection:
        there = await _exists(connection, place.name)
        if there:
            await _rename(connection, place.name, kept_as)
        try:
            await _rename(connection, loaded.name, place.name)
        except BaseException:
            if there:
                await _rename(connection, kept_as, place.name)
            raise


async def _rename(connection: "asyncpg.Connection", old: str, new: str) -> None:
    """Sessions are ended first; one that comes back in between is ended in the next try."""
    for _ in range(20):
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", old
        )
        try:
            await connection.execute(f'ALTER DATABASE "{old}" RENAME TO "{new}"')
        except asyncpg.ObjectInUseError:
            continue
        return
    raise BackupRefused(f"The database {old} is in use: stop app, worker and beat, then try again.")


async def _exists(connection: "asyncpg.Connection", name: str) -> bool:
    found = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name)
    return found is not None
