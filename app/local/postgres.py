"""A private PostgreSQL: initialised, started and stopped in a folder of ours."""

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGINT

import asyncpg

from app.local.accounts import Account
from app.local.children import Program
from app.local.console import StartRefused
from app.local.tools import PostgresTools

USER = "arv"
DATABASE = "arv"
READY_WITHIN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Postgres:
    """One cluster: its folder, its programs, its address on the loopback interface."""

    data: Path
    tools: PostgresTools
    account: Account
    port: int
    password: str = field(repr=False)
    options: Mapping[str, str] = field(default_factory=dict)

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql+asyncpg://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    @property
    def is_initialised(self) -> bool:
        """Read through its own user's eyes would be exact; the marker copied last is enough."""
        return (self.data / "PG_VERSION").exists()

    def initialise(self, *, durable: bool = True) -> None:
        """Make the cluster in a folder beside, then give it its name: never a half-made one."""
        draft = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        self.account.own(draft)
        with tempfile.NamedTemporaryFile("w", prefix="arv-", dir=_shared_temporary()) as password:
            password.write(self.password)
            password.flush()
            if self.account.switched:
                shutil.chown(password.name, self.account.uid, self.account.gid)
            self._initdb(draft, password.name, durable=durable)
        draft.rename(self.data)

    def _initdb(self, folder: Path, password_file: str, *, durable: bool) -> None:
        command = [self.tools.program("initdb"), "-D", str(folder), "-U", USER, "-E", "UTF8"]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}"]
        command += [] if durable else ["--no-sync"]
        problem = ""
        for locale in ("C.UTF-8", "C"):  # the first knows Cyrillic letters, but is not everywhere
            done = self._run_as_account([*command, f"--locale={locale}"])
            if done.returncode == 0:
                return
            problem = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise StartRefused(f"PostgreSQL could not make its database in {folder}: {problem}")

    def _run_as_account(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        switched = self.account if self.account.switched else None
        return subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            user=switched.uid if switched else None,
            group=switched.gid if switched else None,
            extra_groups=[] if switched else None,
        )

    def program(self, log: Path, data: Path) -> Program:
        """The server as a child process; SIGINT is its fast, clean stop."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "60",
            "logging_collector": "off",
            **self.options,
        }
        flags = [f"-c{name}={value}" for name, value in settings.items()]
        return Program(
            name="postgres",
            command=[self.tools.program("postgres"), "-D", str(self.data), *flags],
            log=log,
            data=data,
            account=self.account,
            stop_signal=SIGINT,
            cwd=Path("/"),
        )

    def wait_until_ready(self, process: subprocess.Popen[bytes], log: Path) -> None:
        """Raises `StartRefused` naming the log when the server ends or stays silent."""
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            if asyncio.run(self._answers()):
                return
            time.sleep(0.05)
        raise StartRefused(f"PostgreSQL did not start: {last_line(log)} (more in {log})")

    async def _answers(self) -> bool:
        """Whether it takes connections; makes our database when it is not there yet."""
        try:
            connection = await self.connect("postgres")
        except (OSError, asyncpg.PostgresError):
            return False
        try:
            exists = await connection.fetchval(
                "SELECT 1 FROM pg_database WHERE datname = $1", DATABASE
            )
            if not exists:
                await connection.execute(f'CREATE DATABASE "{DATABASE}"')
        finally:
            await connection.close()
        return True

    async def connect(self, database: str) -> "asyncpg.Connection":
        return await asyncpg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self.password,
            database=database,
            timeout=5,
        )


def reachable_tools(tools: PostgresTools, account: Account, folder: Path) -> PostgresTools:
    """The same programs, copied below `folder` when the account can not go where they are (/root)."""
    if account.can_enter(tools.bin):
        return tools
    install = tools.bin.parent
    copy = folder / f"postgresql-{tools.major}"
    if not (copy / install.name / "bin" / "postgres").exists():
        draft = copy.with_name(copy.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(install, draft / install.name, symlinks=True)
        libraries = install.parent.with_name(install.parent.name + ".libs")
        if libraries.is_dir():  # auditwheel's folder, found by the programs beside their package
            shutil.copytree(libraries, copy.with_name(libraries.name), dirs_exist_ok=True)
        shutil.rmtree(copy, ignore_errors=True)
        draft.rename(copy)
    return PostgresTools(copy / install.name / "bin", tools.major, tools.origin)


def last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "its log is empty"


def _shared_temporary() -> str:
    """A folder every user can enter; TMPDIR may be private to root."""
    return "/tmp"  # noqa: S108  (the file in it is 0600 and goes to the other user)
