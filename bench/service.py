"""An ARV of its own for a measurement: `arv up` on an empty data folder, as a newcomer runs it."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.core.config import CHECKOUT, get_settings
from app.core.logging import configure_logging
from app.demo.access import Credentials, demo_member
from app.demo.client import ArvClient
from app.local.access import use_running_database
from app.local.folders import DataFolder
from app.local.ports import free_port

READY_WITHIN_SECONDS = 120


@dataclass(frozen=True)
class Service:
    """A running ARV and how to sign in."""

    url: str
    credentials: Credentials

    @contextmanager
    def client(self) -> Iterator[ArvClient]:
        """A signed-in client of its API."""
        with ArvClient(self.url) as client:
            client.sign_in(self.credentials.email, self.credentials.password)
            yield client


@contextmanager
def running_service() -> Iterator[Service]:
    """Start ARV with the production defaults, stop it and remove its data afterwards."""
    with tempfile.TemporaryDirectory(prefix="arv-bench-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL's own user has to walk in.
        configure_logging("warning")
        port = free_port()
        log = Path(folder) / "up.log"
        command = [sys.executable, "-m", "app.cli", "up", "--no-open", f"--port={port}"]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, f"--data-dir={folder}/data"],
                cwd=CHECKOUT,
                env=_environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            url = f"http://localhost:{port}"
            _wait(process, url, log)
            use_running_database(DataFolder(Path(folder) / "data"))
            yield Service(url, asyncio.run(demo_member()))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _environment() -> dict[str, str]:
    """The developer's environment without what would lead to another database."""
    theirs = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "PUBLIC_URL", "STORAGE_ROOT")
    get_settings.cache_clear()
    for name in theirs:
        os.environ.pop(name, None)
    return dict(os.environ)


def _wait(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/api/health/readiness", trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"ARV did not start:\n{log.read_text(errors='replace')[-2000:]}")
