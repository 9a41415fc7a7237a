"""The child's whole life: limits, imports, lockdown, one task, one line of JSON."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.media.child.lockdown import close_inherited, limit_resources, lock_down
from app.media.child.refused import Refused

Task = Callable[[dict[str, Any]], dict[str, Any]]


def main(words: str) -> None:
    """Do the job `words` (JSON) describes and print its facts, or why it was refused."""
    job = json.loads(words)
    close_inherited()
    limit_resources(memory_bytes=job["memory_bytes"], cpu_seconds=job["cpu_seconds"])
    try:
        task, broken = _task(job["task"])
        writes = [Path(path) for path in job["writes"]]
        for path in writes:
            path.touch(mode=0o600)
        granted = lock_down(reads=[Path(job["source"])], writes=writes)
        answer = _done(task, job, broken)
    except MemoryError:
        answer = {"refused": "memory"}
        granted = []
    sys.stdout.write(json.dumps(answer | {"granted": granted}) + "\n")
    sys.stdout.flush()
    # Nothing a library would like to do on the way out matters any more.
    os._exit(0)


def _done(task: Task, job: dict[str, Any], broken: tuple[type[Exception], ...]) -> dict[str, Any]:
    try:
        return task(job)
    except Refused as refused:
        return {"refused": refused.code, **refused.facts}
    except broken as error:
        return {"refused": "broken", "error": type(error).__name__}


def _task(name: str) -> tuple[Task, tuple[type[Exception], ...]]:
    """The function, its libraries loaded, and the errors that mean a broken file."""
    if name in ("image", "logo"):
        from app.media.child import pictures  # noqa: PLC0415

        return pictures.TASKS[name], pictures.BROKEN
    import av  # noqa: PLC0415

    from app.media.child import preview, probe, renditions, transcode  # noqa: PLC0415

    tasks: dict[str, Task] = {
        "probe": probe.probe,
        "transcode": transcode.transcode,
        "renditions": renditions.renditions,
        "preview": preview.preview,
    }
    return tasks[name], (av.FFmpegError, ValueError, OverflowError, ZeroDivisionError)
