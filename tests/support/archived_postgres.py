"""A PostgreSQL whose log pgBackRest archives, as plain processes in a folder of the test's own."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from signal import SIGKILL

import asyncpg

from app.core.config import CHECKOUT
from app.local.accounts import server_account
from app.local.children import stop
from app.local.console import StartRefused
from app.local.ports import free_port
from app.local.postgres import Postgres, reachable_tools
from app.local.tools import find_postgres

SCRIPTS = CHECKOUT / "ops" / "backup"


@dataclass(slots=True)
class ArchivedPostgres:
    """`root` must be a folder PostgreSQL's user can enter."""

    root: Path
    server: Postgres = field(init=False)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        account = server_account()
        for name in ("repository", "sockets", "scripts"):
            account.own(self.root / name)
        for script in SCRIPTS.iterdir():
            copied = shutil.copy(script, self.root / "scripts")
            if account.switched:
                shutil.chown(copied, account.uid, account.gid)
        tools = reachable_tools(find_postgres(), account, self.root)
        options = {
            "archive_mode": "on",
            "archive_timeout": "60",
            "archive_command": "pgbackrest --stanza=arv archive-push %p",
            "unix_socket_directories": str(self.root / "sockets"),
            "wal_level": "replica",
        }
        self.server = Postgres(self.root / "postgres", tools, account, free_port(), "test", options)

    @property
    def log(self) -> Path:
        return self.root / "postgres.log"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PGBACKREST_CONFIG": str(self.root / "scripts" / "pgbackrest.conf"),
            "PGBACKREST_PG1_PATH": str(self.server.data),
            "PGBACKREST_PG1_PORT": str(self.server.port),
            "PGBACKREST_PG1_SOCKET_PATH": str(self.root / "sockets"),
            "PGBACKREST_PG1_DATABASE": "postgres",
            "PGBACKREST_REPO1_PATH": str(self.root / "repository"),
            "PGBACKREST_REPO1_CIPHER_PASS": "for-tests-only",
            "PGBACKREST_LOCK_PATH": str(self.root / "sockets"),
            "PGPASSWORD": self.server.password,
        }

    def start(self) -> None:
        """Ready when it returns. Raises `StartRefused` with the log's last line."""
        if not self.server.is_initialised:
            self.server.initialise(durable=False)
        program = replace(self.server.program(self.log, self.root), environment=self.environment)
        self.process = program.spawn()
        try:
            self.server.wait_until_ready(self.process, self.log)
            asyncio.run(self._promoted())
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            self.process.wait(timeout=30)
            raise StartRefused(f"PostgreSQL ended while it recovered: {error}") from error

    async def _promoted(self) -> None:
        """After a restore it answers before it takes writes."""
        async with asyncio.timeout(60), self.connect() as connection:
            while await connection.fetchval("SELECT pg_is_in_recovery()"):  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    def run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One of the scripts, as PostgreSQL's user."""
        account = self.server.account
        return subprocess.run(
            [str(self.root / "scripts" / name), *arguments],
            env={**os.environ, **self.environment},
            cwd="/",
            user=account.uid if account.switched else None,
            group=account.gid if account.switched else None,
            capture_output=True,
            text=True,
            check=False,
        )

    def lose(self) -> None:
        """The machine is gone: no time to say goodbye, nothing left but the repository."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, SIGKILL)
            self.process.wait()
            self.process = None
        shutil.rmtree(self.server.data, ignore_errors=True)
        self.server.account.own(self.server.data)  # a new machine has an empty volume

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, self.server.program(self.log, self.root).stop_signal, timeout=5)
            self.process = None

    @asynccontextmanager
    async def connect(self) -> AsyncIterator["asyncpg.Connection"]:
        connection = await self.server.connect("postgres")
        try:
            yield connection
        finally:
            await connection.close()

    async def archive_everything(self) -> None:
        """Let the segment being written leave, and wait until the repository has it."""
        async with self.connect() as connection:
            wanted = await connection.fetchval("SELECT pg_walfile_name(pg_switch_wal())")
            async with asyncio.timeout(90):
                while True:
                    last = await connection.fetchval(
                        "SELECT last_archived_wal FROM pg_stat_archiver"
                    )
                    if last and last[:24] >= wanted:
                        return
                    await asyncio.sleep(0.1)
