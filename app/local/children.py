"""Child processes that can not outlive us, and finding those that an unclean end left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.local.accounts import Account

MARK = "ARV_SUPERVISED"
VALKEY_NAMES = ("valkey-server", "redis-server")
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, as whom, and how to ask it to stop."""

    name: str
    command: Sequence[str]
    log: Path
    data: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    cwd: Path | None = None

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start it in a session of its own, output to its log. To be called from the main thread.

        The kernel watches the *thread* that forks: were it to end, the child would get its stop signal.
        """
        switched = self.account if self.account and self.account.switched else None
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment, MARK: str(self.data)},
                cwd=self.cwd,
                start_new_session=True,
                preexec_fn=_die_with_parent(self.stop_signal),  # noqa: PLW1509  (one prctl, no locks)
                user=switched.uid if switched else None,
                group=switched.gid if switched else None,
                extra_groups=[] if switched else None,
            )


def _die_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """Runs in the child after it changed user, which would clear the setting."""
    if _libc is None:
        return None
    parent, prctl = os.getpid(), _libc.prctl

    def watch() -> None:
        prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died before we began to watch
            os.kill(os.getpid(), stop_signal)

    return watch


def stop(process: subprocess.Popen[bytes], stop_signal: signal.Signals, timeout: float) -> bool:
    """Ask, wait, then end the whole session. True when asking was enough."""
    with suppress(ProcessLookupError):
        process.send_signal(stop_signal)
    try:
        process.wait(timeout)
        asked = True
    except subprocess.TimeoutExpired:
        asked = False
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return asked


def leftovers(data: Path) -> list[int]:
    """Processes that an earlier supervisor of this data folder started and that still run."""
    others = (p for p in Path("/proc").glob("[0-9]*") if int(p.name) != os.getpid())
    return [int(process.name) for process in others if _belongs_to(process, data)]


def _belongs_to(process: Path, data: Path) -> bool:
    """Told by the mark in its environment, which Valkey writes its title over: by its name and folder."""
    try:
        if f"{MARK}={data}".encode() in (process / "environ").read_bytes().split(b"\0"):
            return True
        is_valkey = (process / "comm").read_text().strip() in VALKEY_NAMES
        return is_valkey and (process / "cwd").readlink() == data / "valkey"
    except OSError:  # ended meanwhile, or another user's
        return False


def end_leftovers(data: Path, *, patience_seconds: float = 8.0) -> int:
    """End what was left behind, gently first; how many there were.

    They are on their way out already (the kernel told them when their parent died), so waiting comes first.
    SIGINT is PostgreSQL's and Celery's word for a quick, clean stop.
    """
    count = len(leftovers(data))
    for signal_to_send in (None, signal.SIGINT, signal.SIGKILL):
        if signal_to_send is not None:
            for pid in leftovers(data):
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal_to_send)
        deadline = time.monotonic() + (patience_seconds if count else 0)
        while leftovers(data) and time.monotonic() < deadline:
            time.sleep(0.1)
        if not leftovers(data):
            break
    return count
