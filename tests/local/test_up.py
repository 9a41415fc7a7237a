"""`arv up` as a person uses it: start, look, Ctrl-C; kill -9, start again."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.core.config import CHECKOUT
from app.local.children import leftovers
from app.local.ports import free_port

WITHIN_SECONDS = 90
FOREIGN = (
    "DATABASE_URL",
    "REDIS_URL",
    "CELERY_BROKER_URL",
    "SECRET_KEY",
    "ENVIRONMENT",
    "PUBLIC_URL",
)


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="arv-up-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@dataclass
class Up:
    """A running `arv up`, what it printed, and where it answers."""

    process: subprocess.Popen[bytes]
    output: Path
    url: str

    def printed(self) -> str:
        return self.output.read_text()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + WITHIN_SECONDS
        while "Ctrl-C stops everything" not in self.printed():
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.1)

    def finish(self) -> int:
        """The exit code after Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(40)


def arv_up(data: Path, name: str, port: int | None = None) -> Up:
    port = port or free_port()
    output = data / f"{name}.out"
    environment = {k: v for k, v in os.environ.items() if k not in FOREIGN}
    with output.open("wb") as file:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "app.cli",
                "up",
                "--no-open",
                f"--port={port}",
                f"--data-dir={data}",
            ],
            cwd=CHECKOUT,
            env=environment | {"ARV_ENV_FILE": os.devnull},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    return Up(process, output, f"http://127.0.0.1:{port}")


def test_first_start_prints_the_way_in(data: Path) -> None:
    """The first start makes everything, tells address and one-time password, and stops without a trace."""
    up = arv_up(data, "first")
    try:
        up.wait_until_ready()
        ready = httpx.get(f"{up.url}/api/health/readiness", trust_env=False)
        running = leftovers(data)
    finally:
        code = up.finish()

    assert ready.status_code == 200, ready.text
    assert re.search(r"Sign in +admin@example.com", up.printed())
    assert re.search(r"Password +\S+ +\(one-time", up.printed())
    assert len(running) >= len(("postgres", "valkey", "api", "worker", "beat"))
    assert code == 0
    assert leftovers(data) == []
    assert not (data / "postgres" / "postmaster.pid").exists()


@pytest.mark.timeout(400)
def test_killed_supervisor_is_no_trouble(data: Path) -> None:
    """After kill -9 the next start works on the same data, and knows the administrator."""
    killed = arv_up(data, "killed")
    killed.wait_until_ready()
    killed.process.kill()
    killed.process.wait()

    again = arv_up(data, "again")
    try:
        again.wait_until_ready()
        busy = arv_up(data, "busy", port=int(again.url.rsplit(":", 1)[1]))
        busy_code = busy.process.wait(30)
        second = arv_up(data, "second")
        second_code = second.process.wait(30)
    finally:
        again.finish()

    assert "arv create-admin --reset" in again.printed()
    assert (busy_code, "is busy" in busy.printed()) == (1, True)
    assert (second_code, "ARV already runs" in second.printed()) == (1, True)
    assert all(len(up.printed().splitlines()) <= 2 for up in (busy, second))
    assert leftovers(data) == []
