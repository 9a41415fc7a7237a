"""The supervisor: restarts, log lines, stopping."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.local.children import MARK, Program, end_leftovers, leftovers
from app.local.supervisor import Stopping, Supervisor, describe_exit, restart_pause_seconds

SLEEPER = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('up', flush=True); time.sleep(60)"
)


def program(folder: Path, code: str, name: str = "child") -> Program:
    return Program(
        name=name, command=[sys.executable, "-c", code], log=folder / f"{name}.log", data=folder
    )


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    pytest.fail(f"did not happen within {seconds} s")


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 2), (4, 8), (20, 30)])
def test_pause_grows_with_failures(failures: int, seconds: float) -> None:
    """What dies again and again is started ever more slowly, but for ever."""
    assert restart_pause_seconds(failures) == seconds


def test_exit_is_told_in_words() -> None:
    """A signal has its name."""
    assert (describe_exit(-9), describe_exit(3)) == ("killed by SIGKILL", "exit code 3")


def test_child_that_dies_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The supervisor says what happened and brings the child back."""
    monkeypatch.setattr("app.local.supervisor.FIRST_PAUSE_SECONDS", 0.05)
    supervisor = Supervisor()
    first = supervisor.start(program(tmp_path, SLEEPER), stage=1, stop_seconds=1)
    service = supervisor.services[0]
    os.kill(first.pid, signal.SIGKILL)

    def is_back() -> bool:
        supervisor._look_after(service)
        return service.process is not None and service.process.pid != first.pid

    wait_for(is_back)
    supervisor.stop_all()

    assert "child ended (killed by SIGKILL)" in capsys.readouterr().out
    assert leftovers(tmp_path) == []


def test_stubborn_child_is_ended_in_the_end(tmp_path: Path) -> None:
    """A child that ignores SIGTERM is killed after its time; what it started goes with it."""
    supervisor = Supervisor()
    child = supervisor.start(program(tmp_path, STUBBORN), stage=1, stop_seconds=0.2)
    wait_for(lambda: "up" in (tmp_path / "child.log").read_text())

    supervisor.stop_all()

    assert child.returncode == -signal.SIGKILL
    assert leftovers(tmp_path) == []


def test_warnings_reach_the_console(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a child's log only what someone must see is shown, under its name."""
    lines = ["2026-11-23 [info     ] fine", "2026-11-23 [warning  ] odd", "half a line"]
    supervisor = Supervisor()
    supervisor.start(program(tmp_path, SLEEPER), stage=1, stop_seconds=1)
    (tmp_path / "child.log").write_text("\n".join(lines))

    supervisor._show_log(supervisor.services[0])
    supervisor.stop_all()

    shown = capsys.readouterr().out
    assert "child | 2026-11-23 [warning  ] odd" in shown
    assert "fine" not in shown


def test_signal_stops_the_watch(tmp_path: Path) -> None:
    """SIGTERM ends the watch; handlers are put back afterwards."""
    before = signal.getsignal(signal.SIGTERM)
    supervisor = Supervisor()

    def watch_until_signalled() -> None:
        with supervisor.signals_stop():
            os.kill(os.getpid(), signal.SIGTERM)
            supervisor.watch()

    with pytest.raises(Stopping):
        watch_until_signalled()

    assert signal.getsignal(signal.SIGTERM) == before


def test_children_die_with_a_killed_parent(tmp_path: Path) -> None:
    """After kill -9 of the parent the kernel stops its children; none is found at the next start."""
    code = (
        "import sys, time; from pathlib import Path; from app.local.children import Program\n"
        f"folder = Path({str(tmp_path)!r})\n"
        f"child = Program('child', [sys.executable, '-c', {SLEEPER!r}], folder / 'log', folder).spawn()\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert leftovers(tmp_path) == [child]

    parent.kill()
    parent.wait()
    parent.stdout.close()

    wait_for(lambda: not is_running(child))
    assert end_leftovers(tmp_path) == 0


def test_leftovers_are_ended(tmp_path: Path) -> None:
    """What an earlier supervisor left running in this data folder is found and ended."""
    environment = {**os.environ, MARK: str(tmp_path)}
    left = subprocess.Popen([sys.executable, "-c", SLEEPER], env=environment)
    wait_for(lambda: leftovers(tmp_path) == [left.pid])

    count = end_leftovers(tmp_path, patience_seconds=0.2)
    left.wait()

    assert count == 1
    assert leftovers(tmp_path) == []
