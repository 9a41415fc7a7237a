"""Work on strangers' files in a child process with next to no rights (ADR 0037).

A child is started for each file: 60 to 100 ms, after which nothing of the file can have stayed anywhere.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import structlog

from app.core.config import CHECKOUT

OnProgress = Callable[[float], Awaitable[None]]

_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from app.media.child.main import main; main(sys.argv[2])"
)
_LONGEST_LINE: Final = 64 * 1024
_MOST_LINES: Final = 20_000
GIGABYTE: Final = 1024**3

log = structlog.get_logger(__name__)


class ChildFailed(Exception):
    """The child broke down, or took too long (`timed_out`), or more memory than it may."""

    def __init__(self, *, timed_out: bool = False) -> None:
        super().__init__("timed out" if timed_out else "broke down")
        self.timed_out = timed_out


async def run_child(
    task: str,
    *,
    source: Path,
    writes: list[Path],
    seconds: float,
    memory_bytes: int = 2 * GIGABYTE,
    on_progress: OnProgress | None = None,
    **job: Any,
) -> dict[str, Any]:
    """What the child found or why it refused. Raises `ChildFailed`.

    It may read `source` and write `writes`, and nothing else; it is given `seconds` on the clock and twice
    that on its processors.
    """
    order = job | {
        "task": task,
        "source": str(source),
        "writes": [str(path) for path in writes],
        "memory_bytes": memory_bytes,
        "cpu_seconds": int(seconds * 2) + 1,
    }
    child = await _start(json.dumps(order))
    try:
        async with asyncio.timeout(seconds):
            answer = await _answer_of(child, on_progress)
    except TimeoutError:
        log.warning("media.child_timed_out", task=task, seconds=seconds)
        raise ChildFailed(timed_out=True) from None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if answer is None:
        log.warning("media.child_broke_down", task=task, exit_code=child.returncode)
        raise ChildFailed
    return answer


async def _start(words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", _START, str(CHECKOUT), words),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=None if os.environ.get("ARV_MEDIA_DEBUG") else asyncio.subprocess.DEVNULL,
        cwd="/",
        env={"PATH": os.defpath, "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
        limit=_LONGEST_LINE,
    )


async def _answer_of(
    child: asyncio.subprocess.Process, on_progress: OnProgress | None
) -> dict[str, Any] | None:
    """The child's last word; None when it ended without one."""
    assert child.stdout is not None
    for _ in range(_MOST_LINES):
        try:
            line = await child.stdout.readline()
            said = json.loads(line) if line else None
        except ValueError:
            return None
        if not isinstance(said, dict):
            return None
        if "progress" not in said:
            return said
        if on_progress is not None:
            await on_progress(float(said["progress"]))
    return None
