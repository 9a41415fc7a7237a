"""What a fault did and how soon everything ran again: asserted, and collected for `make chaos`."""

import json
import os
from pathlib import Path
from typing import TypeVar

# `make chaos` names a file here; the table is made of its lines (`python -m tests.faults`).
LINES_VARIABLE = "ARV_FAULT_LINES"

Number = TypeVar("Number", int, float)


def full(few: Number, many: Number) -> Number:
    """How often to do it: `many` times in `make chaos` (FAULTS=full), `few` in `make test`."""
    return many if os.environ.get("FAULTS") == "full" else few


def recovered(
    fault: str, *, condition: str, seconds: float, limit: float, detail: str = ""
) -> None:
    """Fails when it took longer than `limit` seconds; either way the line is in the table.

    Call it after everything `condition` says has been asserted.
    """
    line = {
        "fault": fault,
        "condition": condition,
        "seconds": round(seconds, 2),
        "limit": limit,
        "detail": detail,
    }
    path = os.environ.get(LINES_VARIABLE)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    assert seconds <= limit, f"{fault}: {seconds:.1f} s, at most {limit:g} s are allowed"
