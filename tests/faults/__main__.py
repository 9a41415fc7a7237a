"""`python -m tests.faults`: every fault at full length, and a table of how soon ARV ran again.

`--short` breaks each as rarely as `make test` does; `--write` puts the table into docs/reference/faults.md.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.faults.report import LINES_VARIABLE

FOLDER = Path(__file__).parent
PAGE = FOLDER.parents[1] / "docs" / "reference" / "faults.md"
INTRODUCTION = """\
# Faults that were survived

Written by `python -m tests.faults --write` on {when} ({length}). Each line is a test in tests/faults that
broke something, asserted what passing means, and measured how long it took until everything ran again.

| fault | seconds | allowed | passing means |
|---|---:|---:|---|
"""


def main(arguments: list[str]) -> int:
    """Runs pytest over this folder, or what the arguments name; its exit code."""
    is_short, is_written = "--short" in arguments, "--write" in arguments
    chosen = [each for each in arguments if each not in ("--short", "--write")] or [str(FOLDER)]
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "lines.jsonl"
        length = "few" if is_short else "full"
        environment = os.environ | {"FAULTS": length, LINES_VARIABLE: str(lines)}
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--timeout", "3600", *chosen],
            env=environment,
            check=False,
        )
        rows = _rows(lines)
    print_table(rows)
    if is_written and rows:
        PAGE.write_text(page_of(rows, length, when=datetime.now(UTC)), encoding="utf-8")
    return run.returncode


def _rows(lines: Path) -> list[dict[str, Any]]:
    if not lines.exists():
        return []
    return [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]


def page_of(rows: list[dict[str, Any]], length: str, *, when: datetime) -> str:
    """The table as a page for operators."""
    head = INTRODUCTION.format(when=f"{when:%Y-%m-%d %H:%M} UTC", length=f"FAULTS={length}")
    return head + "".join(
        f"| {row['fault']} | {row['seconds']:.1f} | {row['limit']:g} | {_told(row)} |\n"
        for row in rows
    )


def _told(row: dict[str, Any]) -> str:
    return f"{row['condition']} ({row['detail']})" if row["detail"] else str(row["condition"])


def print_table(rows: list[dict[str, Any]]) -> None:
    """Fault, seconds until it ran again, the most that is allowed, and what was asked of it."""
    if not rows:
        print("No fault was measured.")
        return
    width = max(len(row["fault"]) for row in rows)
    print(f"\n{'fault':{width}}  {'seconds':>8}  {'allowed':>8}  passing means")
    for row in rows:
        late = "  LATE" if row["seconds"] > row["limit"] else ""
        print(
            f"{row['fault']:{width}}  {row['seconds']:8.1f}  {row['limit']:8.1f}  "
            f"{_told(row)}{late}"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
