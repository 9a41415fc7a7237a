"""A real nginx with the project's configuration, in front of whatever listens at `app`."""

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
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

    @property
    def https_url(self) -> str:
        return f"https://{self.place.https}"

    def start(self) -> None:
        nginx.render(self.place)
        self.start_again()

    def start_again(self) -> None:
        """As the container does, with what is there; its log goes on."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                nginx.start_command(self.place.folder),
                env=nginx.started_with(self.place),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_ready()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=10)
        self._end_group()

    def kill(self) -> None:
        """Master and workers at once, as a power cut does."""
        self._end_group()
        if self.process is not None:
            self.process.wait(timeout=10)

    def _end_group(self) -> None:
        """Whoever watches the certificate goes too."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

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
