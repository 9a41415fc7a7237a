"""`arv up`: the whole service on one machine, from an empty folder to an address to open."""

import asyncio
import fcntl
import os
import ssl
import subprocess
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app import __version__
from app.core.config import get_settings
from app.core.logging import configure_logging
from app.core.migrations import upgrade_to_head
from app.local import stack
from app.local.access import RUNNING_ENVIRONMENT
from app.local.children import end_leftovers
from app.local.console import StartRefused, bold, dim, say, step
from app.local.folders import DataFolder, write_private
from app.local.postgres import last_line
from app.local.stack import Address
from app.local.supervisor import Stopping, Supervisor
from app.seed import AdminAccess, seed

READY_WITHIN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class UpOptions:
    folder: DataFolder
    address: Address
    open_browser: bool = True
    verbose: bool = False


def run_up(options: UpOptions) -> None:
    """Runs until Ctrl-C or SIGTERM. Raises `StartRefused` when it can not start."""
    started = time.monotonic()
    say(f"{bold('ARV')} {__version__} {dim(f'· data in {options.folder.root}')}")
    options.folder.create()
    with _only_one(options.folder):
        _end_what_a_crash_left(options.folder)
        supervisor = Supervisor(verbose=options.verbose)
        with supervisor.signals_stop():
            try:
                access = _start(supervisor, options)
                _welcome(options, access, time.monotonic() - started)
                supervisor.watch()
            except Stopping:
                say()
            finally:
                (options.folder.run / RUNNING_ENVIRONMENT).unlink(missing_ok=True)
                with step("Stopped"):
                    supervisor.stop_all()


@contextmanager
def _only_one(folder: DataFolder) -> Iterator[IO[str]]:
    """A lock the kernel drops with its owner, however that ends."""
    with (folder.run / "arv.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StartRefused(
                f"ARV already runs on {folder.root}: stop it, or choose another folder, --data-dir PATH."
            ) from None
        yield lock


def _end_what_a_crash_left(folder: DataFolder) -> None:
    count = end_leftovers(folder.root)
    if count:
        say(dim(f"  ended {count} processes an earlier start had left behind"))


def _start(supervisor: Supervisor, options: UpOptions) -> AdminAccess:
    folder, address = options.folder, options.address
    environment = stack.service_environment(folder, address)
    environment |= stack.start_servers(supervisor, folder)
    os.environ.update(environment)
    get_settings.cache_clear()
    configure_logging("warning")
    write_private(folder.run / RUNNING_ENVIRONMENT, environment)
    with step("Database schema") as current:
        current.note(upgrade_to_head())
    with step("First company and administrator"):
        access = asyncio.run(seed())
    with step("API, worker and beat"):
        api = supervisor.start(
            stack.api_program(folder, address, environment), stage=stack.WORK_STAGE, stop_seconds=10
        )
        supervisor.start(
            stack.worker_program(folder, environment),
            stage=stack.WORK_STAGE,
            stop_seconds=stack.WORKER_STOP_SECONDS,
        )
        supervisor.start(
            stack.beat_program(folder, environment), stage=stack.WORK_STAGE, stop_seconds=5
        )
        _wait_until_ready(api, options)
    return access


def _wait_until_ready(api: subprocess.Popen[bytes], options: UpOptions) -> None:
    log = options.folder.logs / "api.log"
    url = f"{options.address.local_url}/api/health/readiness"
    certificate = options.address.certificate
    authority = certificate.authority if certificate else None
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while api.poll() is None and time.monotonic() < deadline:
        if _answers(url, authority):
            return
        time.sleep(0.1)
    raise StartRefused(f"The API did not become ready: {last_line(log)} (more in {log})")


def _answers(url: str, authority: Path | None) -> bool:
    """Asked without a proxy: HTTP_PROXY is not meant for our own machine."""
    trust = ssl.create_default_context(cafile=authority)
    direct = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust)
    )
    try:
        with direct.open(url, timeout=3) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _welcome(options: UpOptions, access: AdminAccess, seconds: float) -> None:
    url = options.address.public_url
    say()
    say(f"  {bold('Ready')} in {seconds:.1f} s")
    say(f"  Open      {bold(url)}")
    say(f"  API       {url}/docs")
    say(f"  Sign in   {bold(access.email)}")
    if access.one_time_password:
        say(
            f"  Password  {bold(access.one_time_password)}   (one-time: you choose your own at sign-in)"
        )
    else:
        say(dim("  Password  yours; forgotten? arv create-admin --reset"))
    if options.address.lan:
        say(
            dim(
                "  Phones in this network open that address too; each warns once: no authority knows it."
            )
        )
    say(dim(f"  Logs      {options.folder.logs}"))
    say(dim("  Ctrl-C stops everything."))
    if options.open_browser and os.environ.get("DISPLAY"):
        with suppress(webbrowser.Error):
            webbrowser.open(url)
