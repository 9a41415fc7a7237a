"""The API as a real process that starts in a fraction of a second: forked from one that has imported it.

`python -m tests.support.forked_api` reads lines: each names a port, starts the service there anew and answers
with its process id. Whoever reads that may kill it with -9 as often as it likes.
"""

import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from app.core.config import CHECKOUT
from app.local.serve import KEEP_ALIVE_SECONDS

READY_WITHIN_SECONDS = 60
# For clients that never speak TLS: loading certificates takes them longer than a request.
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class ForkedApi:
    """`start` and `kill`, as often as a test wants; `stop` at its end. `beside` another: of one parent."""

    def __init__(
        self,
        environment: Mapping[str, str],
        port: int,
        log: Path,
        *,
        beside: "ForkedApi | None" = None,
    ) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.pid: int | None = None
        self.parent: subprocess.Popen[str] = (
            beside.parent if beside else _spawn_parent(environment, log)
        )

    def start(self) -> float:
        """Back when it answers; the seconds that took. The first time the parent imports before it forks."""
        assert self.parent.stdin is not None
        assert self.parent.stdout is not None
        self.parent.stdin.write(f"{self.port}\n")
        self.parent.stdin.flush()
        self.pid = int(self.parent.stdout.readline())
        began = time.monotonic()
        while time.monotonic() < began + READY_WITHIN_SECONDS:
            try:
                # Any answer will do: health is ill here, because no worker runs.
                httpx.get(f"{self.url}/api/v1/auth/me", trust_env=False, verify=PLAIN)
                return time.monotonic() - began
            except httpx.TransportError:
                time.sleep(0.01)
        raise AssertionError("the forked API did not start")

    def kill(self) -> None:
        """As a power cut does. A second time nothing happens."""
        pid, self.pid = self.pid, None
        if pid is not None:
            os.kill(pid, signal.SIGKILL)

    def terminate(self) -> float:
        """As an operator does; back when it has ended, with the seconds that took."""
        pid, self.pid = self.pid, None
        assert pid is not None
        began = time.monotonic()
        os.kill(pid, signal.SIGTERM)
        while time.monotonic() < began + READY_WITHIN_SECONDS:
            if not Path(f"/proc/{pid}").exists():
                return time.monotonic() - began
            time.sleep(0.02)
        raise AssertionError("the forked API did not end")

    def stop(self) -> None:
        self.kill()
        self.parent.terminate()
        self.parent.wait(timeout=10)


def _spawn_parent(environment: Mapping[str, str], log: Path) -> "subprocess.Popen[str]":
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.support.forked_api"],
            env={**os.environ, **environment},
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
        )


def main() -> None:
    """Import once, then fork for each line. Who ends is forgotten at once: nobody waits for it."""
    import uvicorn  # noqa: PLC0415  (the class above is used where no service is wanted)

    from app.main import create_app  # noqa: PLC0415

    app = create_app()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            uvicorn.run(
                app,
                host="127.0.0.1",
                port=int(line),
                log_level="warning",
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
            )
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
