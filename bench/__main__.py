"""`python -m bench [engine] [jobs] [target] [uploads] [viewer]`: what ARV promises, measured; all by default.

How well prints are followed is measured by `python -m bench.tracking`.
"""

import argparse
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from bench import engine, jobs, target, uploads, viewer
from bench.figures import Figure, table
from bench.service import Service, running_service

SERVED: dict[str, tuple[str, Callable[[Service], list[Figure]]]] = {
    "target": ("From a photo to a target, through API and worker", target.measure),
    "uploads": ("500 MB through nginx and API, beside cp and nginx alone", uploads.measure),
    "viewer": ("The viewer in headless Chromium, no GPU, localhost", viewer.measure),
}


def main() -> int:
    """Print the tables; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", nargs="*", choices=[[], "engine", "jobs", *SERVED], metavar="what")
    wanted = parser.parse_args().what or ["engine", "jobs", *SERVED]
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    print(f"ARV benchmark, {when}, {platform.machine()}, Python {platform.python_version()}\n")
    figures: list[Figure] = []
    if "engine" in wanted:
        figures += _show("The engine in wasmtime", engine.measure())
    if "jobs" in wanted:
        figures += _show("Background work, beside bare Celery", jobs.measure())
    served = [name for name in SERVED if name in wanted]
    if served:
        with running_service() as service:
            for name in served:
                title, measure = SERVED[name]
                figures += _show(title, measure(service))
    missed = [f.name.strip() for f in figures if f.aim is not None and f.median > f.aim]
    if missed:
        print("missed: " + "; ".join(missed), file=sys.stderr)
    return 1 if missed else 0


def _show(title: str, figures: list[Figure]) -> list[Figure]:
    print(table(title, figures) + "\n", flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(main())
