"""`python -m tests.faults`: every fault at full length, and a table of how soon ARV ran again."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.faults.report import LINES_VARIABLE

FOLDER = Path(__file__).parent


def main(arguments: list[str]) -> int:
    """Runs pytest over this folder, or what the arguments name; its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "lines.jsonl"
        environment = os.environ | {"FAULTS": "full", LINES_VARIABLE: str(lines)}
        chosen = arguments or [str(FOLDER)]
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--timeout", "3600", *chosen],
            env=environment,
            check=False,
        )
        print_table(lines)
    return run.returncode


def print_table(lines: Path) -> None:
    """Fault, seconds until it ran again, the most that is allowed, and what was asked of it."""
    if not lines.exists():
        print("No fault was measured.")
        return
    rows = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    width = max(len(row["fault"]) for row in rows)
    print(f"\n{'fault':{width}}  {'seconds':>8}  {'allowed':>8}  passing means")
    for row in rows:
        late = "  LATE" if row["seconds"] > row["limit"] else ""
        detail = f" ({row['detail']})" if row["detail"] else ""
        print(
            f"{row['fault']:{width}}  {row['seconds']:8.1f}  {row['limit']:8.1f}  "
            f"{row['condition']}{detail}{late}"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
