"""A real nginx with the project's configuration, in front of whatever listens at `app`."""

import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from app.local.ports import free_port
from ops import nginx

READY_WITHIN_SECONDS = 10


@dataclass
class Edge:
    """`url` answers once `start` is back."""

    place: nginx.Place
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        return f"http://{self.place.listen}"

    @property
    def log(self) -> Path:
        return self.place.folder / "nginx.log"

    def start(self) -> None:
        nginx.render(self.place)
        with self.log.open("wb") as log:
            command = nginx.command(self.place.folder)
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        self._wait_until_ready()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=10)

    def _wait_until_ready(self) -> None:
        host, port = self.place.listen.split(":")
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            try:
                socket.create_connection((host, int(port)), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(f"nginx did not start\n{self.log.read_text()}")


def free_address() -> str:
    """A loopback address and port that was free a moment ago."""
    return f"127.0.0.1:{free_port()}"
