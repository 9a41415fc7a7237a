"""`arv worker` and `arv beat`: Celery with the options ARV needs, in place of this process."""

import asyncio
import os
import sys

from app.core.queues import QUEUES
from app.local.console import StartRefused
from app.local.startup import refuse_unsafe_start
from app.tasks.broker import BrokerEvicts, refuse_evicting_broker

APP = "app.tasks.celery_app:celery_app"


def run_worker(queues: str | None, concurrency: int | None, celery_options: list[str]) -> None:
    """Become a Celery worker. SIGTERM gives running tasks WORKER_SHUTDOWN_SECONDS, then returns their lease.

    Workers need not know each other (gossip, mingle, heartbeat): what they share is the jobs table.
    """
    _refuse_unsafe_servers()
    command = ["worker", "--loglevel=INFO", "--without-gossip", "--without-mingle"]
    command += ["--without-heartbeat", f"--queues={queues or ','.join(QUEUES)}"]
    command += [f"--hostname=arv-{os.getpid()}@%h"]
    command += [f"--concurrency={concurrency}"] if concurrency else []
    command += celery_options
    _become(command, {"REMAP_SIGTERM": "SIGQUIT"})


def run_beat() -> None:
    """Become the clock. Two are harmless: each takes over from the other."""
    _refuse_unsafe_servers()
    _become(["beat", "--loglevel=INFO", "--pidfile="], {})


def _refuse_unsafe_servers() -> None:
    """In every environment: what is lost on a developer's machine is looked for just as long."""
    try:
        asyncio.run(refuse_evicting_broker())
    except BrokerEvicts as error:
        raise StartRefused(f"{error}.") from error
    refuse_unsafe_start()


def _become(command: list[str], environment: dict[str, str]) -> None:
    arguments = [sys.executable, "-m", "celery", f"--app={APP}", "--quiet", *command]
    os.execve(sys.executable, arguments, {**os.environ, **environment})  # noqa: S606  (no shell wanted)
