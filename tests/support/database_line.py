"""A PostgreSQL to be hurt, and an API that reaches it through a line that can be cut."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.local.accounts import server_account
from app.local.children import stop
from app.local.ports import free_port
from app.local.postgres import Postgres, reachable_tools
from app.local.tools import find_postgres
from tests.support.fault_proxy import FaultProxy
from tests.support.servers import QUICK_POSTGRES

PATIENCE_SECONDS = 60.0


@dataclass
class HurtPostgres:
    """A cluster of a test's own. `line` leads to it."""

    server: Postgres
    log: Path
    line: FaultProxy
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        self.process = self.server.program(self.log, self.log.parent).spawn()
        self.server.wait_until_ready(self.process, self.log)

    def signal(self, number: signal.Signals) -> None:
        """To every process of the cluster: a stopped machine stops all of them."""
        assert self.process is not None
        for pid in (*_children_of(self.process.pid), self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """As a power cut does."""
        assert self.process is not None
        self.signal(signal.SIGKILL)
        self.process.wait()

    def url(self, database: str) -> str:
        """Through the line."""
        return self.server.url(database).replace(f":{self.server.port}/", f":{self.line.port}/")


def _children_of(pid: int) -> list[int]:
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = place.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid:
                found.append(int(place.parent.name))
    return found


def _copy(source: Postgres, server: Postgres) -> None:
    """A base backup: the schema is there without its migrations."""
    account = server.account if server.account.switched else None
    server.account.own(server.data)
    subprocess.run(
        [
            server.tools.program("pg_basebackup"),
            "-D",
            server.data,
            "-X",
            "stream",
            "-c",
            "fast",
            "-N",
        ],
        check=True,
        cwd="/",
        env={**os.environ, "PGPASSWORD": source.password}
        | {"PGHOST": "127.0.0.1", "PGPORT": str(source.port), "PGUSER": "arv"},
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


@contextmanager
def hurt_postgres(
    folder: Path, *, like: Postgres | None = None, **options: str
) -> Iterator[HurtPostgres]:
    """It runs, with everything of `like` in it, and is stopped afterwards.

    What it commits outlives its processes, not the machine.
    """
    folder.chmod(0o755)
    account = server_account()
    tools = reachable_tools(find_postgres(), account, folder)
    settings = QUICK_POSTGRES | {"synchronous_commit": "on"} | options
    server = Postgres(folder / "postgres", tools, account, free_port(), "test", settings)
    if like is None:
        server.initialise(durable=False)
    else:
        _copy(like, server)
    with FaultProxy("127.0.0.1", server.port) as line:
        made = HurtPostgres(server, folder / "postgres.log", line)
        made.start()
        try:
            yield made
        finally:
            line.heal()
            if made.process is not None and made.process.poll() is None:
                made.signal(signal.SIGCONT)
                stop(made.process, signal.SIGINT, timeout=10)


def seconds_until(url: str, *, status: int = 200, headers: dict[str, str] | None = None) -> float:
    """How long until the address answers so. Fails after a minute, with what it said last."""
    started, last = time.monotonic(), "nothing"
    with httpx.Client(trust_env=False, timeout=15) as client:
        while time.monotonic() - started < PATIENCE_SECONDS:
            try:
                answer = client.get(url, headers=headers)
                if answer.status_code == status:
                    return time.monotonic() - started
                last = f"{answer.status_code} {answer.text[:300]}"
            except httpx.TransportError as error:
                last = repr(error)
            time.sleep(0.1)
    raise AssertionError(f"{url} never answered {status}: {last}")
