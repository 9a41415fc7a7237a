"""The servers and processes of the one-machine size, as programs a supervisor can run."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.core.config import CHECKOUT, BrokerSettings, CacheSettings, DatabaseSettings
from app.local.accounts import server_account
from app.local.children import Program
from app.local.console import Step, step
from app.local.folders import DataFolder
from app.local.lan import CA_VARIABLE, Certificate, certificate_for, lan_address
from app.local.ports import free_port
from app.local.postgres import Postgres, reachable_tools
from app.local.supervisor import Supervisor
from app.local.tools import find_postgres, find_valkey
from app.local.valkey import Valkey

# Stages of stopping: what answers people first, what holds data last.
DATA_STAGE, WORK_STAGE = 0, 1
SERVER_STOP_SECONDS = 30.0
WORKER_STOP_SECONDS = 12.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where the service listens and under which URL people reach it."""

    host: str
    port: int
    lan: str | None = None  # our address in the network, when phones there are to come over https
    certificate: Certificate | None = None

    @property
    def local_url(self) -> str:
        host = "localhost" if self.host in ("0.0.0.0", "127.0.0.1", "::") else self.host  # noqa: S104
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}"

    @property
    def public_url(self) -> str:
        own = f"https://{self.lan}:{self.port}" if self.lan else self.local_url
        return os.environ.get("PUBLIC_URL") or own


def address_of(folder: DataFolder, host: str, port: int, *, lan: bool) -> Address:
    """Where to listen; with `lan` under a certificate for our address in the network."""
    if not lan:
        return Address(host, port)
    own = lan_address()
    return Address(host, port, own, certificate_for(own, folder.root / "certificates"))


def start_servers(supervisor: Supervisor, folder: DataFolder) -> dict[str, str]:
    """Start the database and the broker the settings do not name; the environment that leads to them."""
    environment: dict[str, str] = {}
    keys = folder.secrets()
    if "url" in DatabaseSettings().model_fields_set:
        with step("PostgreSQL from DATABASE_URL"):
            pass
    else:
        with step("PostgreSQL") as current:
            url = _start_postgres(supervisor, folder, keys["POSTGRES_PASSWORD"], current)
            environment["DATABASE_URL"] = url
    if "url" in BrokerSettings().model_fields_set and "url" in CacheSettings().model_fields_set:
        with step("Broker from CELERY_BROKER_URL"):
            pass
    else:
        with step("Valkey") as current:
            environment |= _start_valkey(supervisor, folder, keys["VALKEY_PASSWORD"], current)
    return environment


def _start_postgres(
    supervisor: Supervisor, folder: DataFolder, password: str, current: Step
) -> str:
    account = server_account()
    home = folder.server_folder(account)
    tools = reachable_tools(find_postgres(home / "postgres"), account, home)
    server = Postgres(home / "postgres", tools, account, free_port(), password)
    current.note(f"{tools.major}, {tools.origin}")
    if account.switched:
        current.note(f"as user {account.name}")
    if home != folder.root:
        current.note(f"its files are in {home}, because {account.name} can not enter {folder.root}")
    if not server.is_initialised:
        server.initialise()
        current.note("new database")
    log = folder.logs / "postgres.log"
    process = supervisor.start(
        server.program(log, folder.root), stage=DATA_STAGE, stop_seconds=SERVER_STOP_SECONDS
    )
    server.wait_until_ready(process, log)
    return server.url()


def _start_valkey(
    supervisor: Supervisor, folder: DataFolder, password: str, current: Step
) -> dict[str, str]:
    tool = find_valkey()
    server = Valkey(folder.valkey, tool, free_port(), password)
    current.note(f"{tool.program.name} {tool.version}, {tool.origin}")
    log = folder.logs / "valkey.log"
    process = supervisor.start(
        server.program(log, folder.root), stage=DATA_STAGE, stop_seconds=SERVER_STOP_SECONDS
    )
    server.wait_until_ready(process, log)
    known = {
        "CELERY_BROKER_URL": "url" in BrokerSettings().model_fields_set,
        "REDIS_URL": "url" in CacheSettings().model_fields_set,
    }
    urls = {"CELERY_BROKER_URL": server.url(1), "REDIS_URL": server.url(0)}
    return {name: url for name, url in urls.items() if not known[name]}


def service_environment(folder: DataFolder, address: Address) -> dict[str, str]:
    """Settings of the service that follow from the data folder; the operator's own come first."""
    defaults = {
        "ARV_DATA_DIR": str(folder.root),
        "STORAGE_ROOT": str(folder.storage),
        "SECRET_KEY": folder.secrets()["SECRET_KEY"],
        "PUBLIC_URL": address.public_url,
        "WORKER_CONCURRENCY": str(max(1, min(4, os.cpu_count() or 1))),
        "WORKER_SHUTDOWN_SECONDS": "8",
        "PYTHONUNBUFFERED": "1",
    }
    if address.certificate:
        defaults[CA_VARIABLE] = str(address.certificate.authority)
    return {name: os.environ.get(name) or value for name, value in defaults.items()}


def api_program(folder: DataFolder, address: Address, environment: Mapping[str, str]) -> Program:
    secure = [f"--ssl-certfile={address.certificate.chain_and_key}"] if address.certificate else []
    return _python_program(
        "api",
        folder,
        environment,
        "-m",
        "uvicorn",
        *secure,
        "--factory",
        "app.main:create_app",
        f"--host={address.host}",
        f"--port={address.port}",
        "--no-access-log",
        "--no-server-header",
        "--timeout-graceful-shutdown=8",
    )


def worker_program(folder: DataFolder, environment: Mapping[str, str]) -> Program:
    return _python_program("worker", folder, environment, "-m", "app.cli", "worker")


def beat_program(folder: DataFolder, environment: Mapping[str, str]) -> Program:
    return _python_program("beat", folder, environment, "-m", "app.cli", "beat")


def _python_program(
    name: str, folder: DataFolder, environment: Mapping[str, str], *arguments: str
) -> Program:
    return Program(
        name=name,
        command=[sys.executable, *arguments],
        log=folder.logs / f"{name}.log",
        data=folder.root,
        environment=environment,
        cwd=_working_folder(),
    )


def _working_folder() -> Path:
    """Where `app` is importable from a checkout that was not installed; else where we are."""
    return CHECKOUT if (CHECKOUT / "app").is_dir() else Path.cwd()
