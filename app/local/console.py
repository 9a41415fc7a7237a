"""What a person sees while ARV starts: one line per step, with its time and a tick."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_GREEN, _RED, _DIM, _BOLD, _END = "\x1b[32m", "\x1b[31m", "\x1b[2m", "\x1b[1m", "\x1b[0m"


class StartRefused(Exception):
    """ARV can not start; the text names the cause and the remedy in one line."""


def _styled(style: str, text: str) -> str:
    return f"{style}{text}{_END}" if sys.stdout.isatty() else text


def say(text: str = "") -> None:
    print(text, flush=True)


def bold(text: str) -> str:
    return _styled(_BOLD, text)


def dim(text: str) -> str:
    return _styled(_DIM, text)


def complain(text: str) -> None:
    """One line on standard error."""
    print(_styled(_RED, "✗ ") + text, file=sys.stderr, flush=True)


class Step:
    """A step under way; `note` adds what is worth knowing once it is done."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Show a step: `  ✓ PostgreSQL 15 started   0.8 s`. On an error the tick is a cross."""
    started = time.monotonic()
    if sys.stdout.isatty():
        print(f"  … {title}", end="", flush=True)
    current = Step(title)
    mark = _styled(_RED, "✗")
    try:
        yield current
        mark = _styled(_GREEN, "✓")
    finally:
        note = dim("  " + ", ".join(current.notes)) if current.notes else ""
        erase = "\r\x1b[K" if sys.stdout.isatty() else ""
        seconds = time.monotonic() - started
        print(f"{erase}  {mark} {title:<34} {seconds:5.1f} s{note}", flush=True)
