"""A file each worker and beat touches while it goes round: what a container's healthcheck looks at.

It says that the process has not come to a halt, whatever becomes of database and broker: to restart a worker
mends neither. Nothing of the service is imported here, so that a check takes a tenth of a second.
"""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Kind = Literal["worker", "beat"]

FOLDER_VARIABLE: Final = "ARV_ALIVE_DIR"
# Starting takes seconds; a stopping worker waits for its jobs, forty seconds at most in a container.
SILENT_AFTER_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Sign:
    """The last sign of life of one process."""

    pid: int
    age_seconds: float
    queues: tuple[str, ...]


def folder() -> Path:
    return Path(os.environ.get(FOLDER_VARIABLE) or tempfile.gettempdir())


def show_life(kind: Kind, queues: tuple[str, ...] = ()) -> None:
    """Say that this process goes round; a full disk is no reason to stop."""
    path = folder() / f"arv-{kind}-{os.getpid()}.alive"
    try:
        path.write_text(json.dumps({"queues": queues}))
    except OSError:
        return


def signs_of_life(kind: Kind) -> list[Sign]:
    """Those of the processes that still exist; the others' files are removed."""
    return list(_signs(kind))


def _signs(kind: Kind) -> Iterator[Sign]:
    for path in folder().glob(f"arv-{kind}-*.alive"):
        try:
            pid = int(path.stem.rpartition("-")[2])
            age = time.time() - path.stat().st_mtime
            queues = tuple(json.loads(path.read_text())["queues"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # being written, or gone meanwhile
        if Path("/proc").exists() and not Path(f"/proc/{pid}").exists():
            path.unlink(missing_ok=True)
            continue
        yield Sign(pid, age, queues)


def verdict(kind: Kind) -> tuple[bool, str]:
    """Whether every such process on this machine goes round, and there is one; with words for a person."""
    signs = signs_of_life(kind)
    if not signs:
        return False, f"no {kind} runs here"
    silent = [sign for sign in signs if sign.age_seconds > SILENT_AFTER_SECONDS]
    if silent:
        told = ", ".join(f"{sign.pid} for {sign.age_seconds:.0f} s" for sign in silent)
        return False, f"silent: {told}"
    return True, f"{len(signs)} going round"
