"""The service as real processes: uvicorn, worker and beat on free ports, with a database of their own."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from app.core.config import CHECKOUT
from app.local.children import Program, stop
from app.local.ports import free_port
from tests.support.servers import TestServers
from tests.support.settings import ADMIN_EMAIL, environment_for

READY_WITHIN_SECONDS = 120
TEST_TASKS = "tests.support.tasks"
# A crash in a test is found in seconds, not in half a minute.
QUICK_REPAIR = {
    "JOB_LEASE_SECONDS": "3",
    "JOB_SWEEP_SECONDS": "1",
    "JOB_RESEND_SECONDS": "1",
    "WORKER_SHUTDOWN_SECONDS": "1",
}


@dataclass(slots=True)
class RunningStack:
    """`url` answers once `start` is back; `start_worker` and `kill` make crashes."""

    servers: TestServers
    folder: Path
    database: str
    port: int
    environment: dict[str, str]
    admin_email: str = ADMIN_EMAIL
    admin_password: str = ""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def storage(self) -> Path:
        return self.folder / "storage"

    def start(self) -> None:
        """Seed, then API, worker and beat; back when the API is ready and the worker listens."""
        self.seed()
        self.start_api()
        self.start_worker()
        self.spawn("beat", "-m", "app.cli", "beat")
        self.wait_until_ready()

    def seed(self) -> None:
        """What every installation begins with; the administrator's password is known then."""
        found = re.search(r"one-time password: (\S+)", self.run("seed"))
        self.admin_password = found[1] if found else ""

    def run(self, *arguments: str) -> str:
        """The output of an `arv` command in this stack's environment."""
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *arguments],
            env={**os.environ, **self.environment},
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_api(self) -> None:
        app = ("--factory", "app.main:create_app", "--host=127.0.0.1", f"--port={self.port}")
        self.spawn("api", "-m", "uvicorn", *app, "--timeout-graceful-shutdown=3")

    def start_worker(
        self, name: str = "worker", concurrency: int = 2, queues: str | None = None
    ) -> None:
        """With the tests' own tasks beside the service's; on all queues unless some are named."""
        options = [f"--concurrency={concurrency}", "--", f"--include={TEST_TASKS}"]
        options = [f"--queues={queues}", *options] if queues else options
        self.spawn(name, "-m", "app.cli", "worker", *options)
        self.wait_for_log(name, " ready.")

    def spawn(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        program = Program(
            name=name,
            command=[sys.executable, *arguments],
            log=self.folder / f"{name}.log",
            data=self.folder,
            environment=self.environment,
            cwd=CHECKOUT,
        )
        self.processes[name] = program.spawn()
        return self.processes[name]

    def kill(self, name: str) -> None:
        """As a power cut does: kill -9, children included."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        with httpx.Client(base_url=self.url, trust_env=False) as client:
            while time.monotonic() < deadline:
                try:
                    if client.get("/api/health/readiness").status_code == httpx.codes.OK:
                        return
                except httpx.TransportError:
                    pass
                time.sleep(0.1)
        raise AssertionError("the API did not become ready\n" + self.logs())

    def wait_for_log(self, name: str, text: str) -> None:
        log = self.folder / f"{name}.log"
        seen = 0
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            content = log.read_text(errors="replace") if log.exists() else ""
            seen = content.count(text)
            if seen >= self._starts(name):
                return
            if self.processes[name].poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"{name} never logged {text!r}\n" + self.logs())

    def _starts(self, name: str) -> int:
        """How often this process was started: its log is appended to."""
        counter = self.folder / f"{name}.starts"
        count = int(counter.read_text()) if counter.exists() else 0
        current = f"{self.processes[name].pid}"
        mark = self.folder / f"{name}.pid"
        if not mark.exists() or mark.read_text() != current:
            count += 1
            counter.write_text(str(count))
            mark.write_text(current)
        return count

    def logs(self, lines: int = 60) -> str:
        """The end of every process's log."""
        parts = []
        for log in sorted(self.folder.glob("*.log")):
            tail = log.read_text(errors="replace").splitlines()[-lines:]
            parts.append(f"--- {log.name}\n" + "\n".join(tail))
        return "\n".join(parts)

    def stop(self) -> None:
        for process in self.processes.values():
            stop(process, signal.SIGTERM, timeout=6)
        self.processes.clear()
        asyncio.run(self.servers.drop_database(self.database))


def make_stack(
    servers: TestServers, folder: Path, environment: Mapping[str, str] | None = None
) -> RunningStack:
    """A stack that is not started yet; `environment` overrides its settings."""
    database = asyncio.run(servers.create_database())
    port = free_port()
    storage = folder / "storage"
    storage.mkdir(parents=True)
    settings = environment_for(servers, database, storage, broker=next(servers.brokers))
    settings |= QUICK_REPAIR | {"ARV_ALIVE_DIR": str(folder)}
    settings |= {"PUBLIC_URL": f"http://127.0.0.1:{port}"} | dict(environment or {})
    return RunningStack(servers, folder, database, port, settings)
