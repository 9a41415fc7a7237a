"""Lines of CSV that a spreadsheet opens without running them.

A cell that begins like a formula is executed by spreadsheets when somebody opens the file; a quote mark
before it makes it text. OWASP: CSV Injection.
"""

import csv
import io
from collections.abc import Iterable
from typing import Any, Final

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK: Final = "\ufeff"
"""Tells Excel that the file is UTF-8; without it Cyrillic letters are shown as others."""


def safe_cell(value: Any) -> Any:
    """The value, with a quote mark before it when a spreadsheet would take its text for a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def csv_line(values: Iterable[Any]) -> str:
    """One line of RFC 4180 with its line end; every cell is safe to open."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([safe_cell(value) for value in values])
    return line.getvalue()
