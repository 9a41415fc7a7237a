"""One PostgreSQL and one Valkey for a whole test run, started the way `arv up` starts them."""

import itertools
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from app.local.accounts import server_account
from app.local.children import Program, stop
from app.local.folders import DataFolder
from app.local.ports import free_port
from app.local.postgres import DATABASE, Postgres, reachable_tools
from app.local.tools import find_postgres, find_valkey
from app.local.valkey import Valkey

# Nothing here must survive a power cut, so nothing waits for the disk.
QUICK_POSTGRES = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "autovacuum": "off",
    "max_wal_size": "512MB",
}
TEMPLATE = DATABASE


@dataclass(slots=True)
class TestServers:
    """Addresses of the servers; databases are copies of a migrated template."""

    __test__ = False

    root: Path
    postgres: Postgres
    valkey: Valkey
    children: list[tuple[Program, subprocess.Popen[bytes]]]
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    brokers: "itertools.cycle[int]" = field(default_factory=lambda: itertools.cycle(range(2, 16)))

    @property
    def template_url(self) -> str:
        return self.postgres.url(TEMPLATE)

    async def create_database(self) -> str:
        """The name of a new database with the whole schema and no rows."""
        name = f"test_{next(self.numbers)}"
        connection = await self.postgres.connect("postgres")
        try:
            await connection.execute(
                f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}" STRATEGY file_copy'
            )
        finally:
            await connection.close()
        return name

    async def drop_database(self, name: str) -> None:
        connection = await self.postgres.connect("postgres")
        try:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        finally:
            await connection.close()

    def stop(self) -> None:
        for program, process in reversed(self.children):
            stop(process, program.stop_signal, timeout=5)
        shutil.rmtree(self.root, ignore_errors=True)


def start_servers() -> TestServers:
    """Both servers, ready, in a folder of their own that PostgreSQL's user can enter."""
    root = Path(tempfile.mkdtemp(prefix="arv-tests-"))
    root.chmod(0o755)
    folder = DataFolder(root)
    folder.create()
    postgres = _make_postgres(root)
    valkey = Valkey(folder.valkey, find_valkey(), free_port(), "test", durable=False)
    children = []
    for server in (postgres, valkey):
        log = folder.logs / f"{type(server).__name__.lower()}.log"
        program = server.program(log, root)
        process = program.spawn()
        children.append((program, process))
        server.wait_until_ready(process, log)
    return TestServers(root, postgres, valkey, children)


def _make_postgres(root: Path) -> Postgres:
    account = server_account()
    tools = reachable_tools(find_postgres(), account, root)
    server = Postgres(root / "postgres", tools, account, free_port(), "test", QUICK_POSTGRES)
    server.initialise(durable=False)
    return server
