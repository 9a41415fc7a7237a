"""A private Valkey (or Redis): broker and cache of the one-machine size, durable by its append-only file."""

import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from app.local.children import Program
from app.local.console import StartRefused
from app.local.postgres import last_line
from app.local.tools import ValkeyTool

READY_WITHIN_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Valkey:
    """One server: its folder, its program, its address on the loopback interface."""

    folder: Path
    tool: ValkeyTool
    port: int
    password: str = field(repr=False)
    durable: bool = True

    def url(self, database: int) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def program(self, log: Path, data: Path) -> Program:
        configuration = self.folder / "valkey.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(self._configuration())
        return Program(
            name="valkey",
            command=[str(self.tool.program), str(configuration)],
            log=log,
            data=data,
            cwd=self.folder,
        )

    def _configuration(self) -> str:
        """The password stands in the file, not on the command line where every user could read it."""
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.folder}"',
            f"appendonly {'yes' if self.durable else 'no'}",
            'save ""',
            "maxmemory-policy noeviction",
            "daemonize no",
        ]
        return "\n".join(lines) + "\n"

    def wait_until_ready(self, process: subprocess.Popen[bytes], log: Path) -> None:
        """Raises `StartRefused` naming the log when the server ends or stays silent."""
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        client = Redis.from_url(self.url(0), socket_connect_timeout=1)
        while process.poll() is None and time.monotonic() < deadline:
            try:
                if client.ping():
                    return
            except RedisError:
                time.sleep(0.03)
        raise StartRefused(f"Valkey did not start: {last_line(log)} (more in {log})")
