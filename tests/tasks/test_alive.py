"""What a container's healthcheck looks at: a file each worker and beat touches while it goes round."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.core.config import CHECKOUT
from app.tasks import alive


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(alive.FOLDER_VARIABLE, str(tmp_path))
    return tmp_path


def health(kind: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app.cli", "health", kind]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)


def test_nobody_is_no_health() -> None:
    """A worker that never went a round is not healthy, and the words say so."""
    answer = health("worker")

    assert (1, True) == (answer.returncode, "no worker runs here" in answer.stdout + answer.stderr)


def test_who_goes_round_is_healthy() -> None:
    """A fresh sign of life is health."""
    alive.show_life("beat")

    assert 0 == health("beat").returncode


def test_who_came_to_a_halt_is_not(folder: Path) -> None:
    """The process is there and says nothing any more."""
    alive.show_life("worker", ("default",))
    path = folder / f"arv-worker-{os.getpid()}.alive"
    past = time.time() - alive.SILENT_AFTER_SECONDS - 1
    os.utime(path, (past, past))

    assert (False, f"silent: {os.getpid()} for 61 s") == alive.verdict("worker")


def test_signs_of_the_dead_are_removed(folder: Path) -> None:
    """What a killed worker left says nothing of the one that took its place."""
    alive.show_life("worker")
    left = folder / "arv-worker-4194999.alive"
    left.write_text('{"queues": []}')

    assert (True, "1 going round") == alive.verdict("worker")
    assert not left.exists()


def test_asking_is_quick() -> None:
    """It runs every half minute in each container: nothing of the service is loaded for it."""
    code = (
        "import sys, app.cli, app.tasks.alive; "
        "print([n for n in ('sqlalchemy', 'celery', 'fastapi', 'pydantic') if n in sys.modules])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )

    assert "[]" == loaded.stdout.strip()
