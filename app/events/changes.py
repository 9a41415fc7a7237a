"""Before and after, as the audit log keeps them."""

import re
from collections.abc import Mapping
from datetime import date, time
from enum import Enum
from typing import Any

Changes = dict[str, list[Any]]

LONGEST_TEXT = 2000
MASK = "***"
_SECRET_NAME = re.compile(
    r"password|secret|token|credential|recovery_code|private_key|api_?key(?!_id)|_hash$|_sha256$",
    re.IGNORECASE,
)


def changes_of(row: object, new_values: Mapping[str, Any]) -> Changes:
    """`{"title": ["old", "new"]}` for every value that differs from the row's; call it before assigning.

    Values become plain JSON: ids and times as text, long texts cut. A name that sounds like a secret keeps
    that it changed and hides both values. A row without such an attribute counts as having had null.
    """
    found: Changes = {}
    for name, new in new_values.items():
        old = getattr(row, name, None)
        if old != new:
            found[name] = [MASK, MASK] if is_secret(name) else [as_json(old), as_json(new)]
    return found


def is_secret(name: str) -> bool:
    """Whether a value of this name must not be written down."""
    return _SECRET_NAME.search(name) is not None


def as_json(value: Any) -> Any:
    """The value as plain JSON; what has no JSON form is told by its words."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(k): MASK if is_secret(str(k)) else as_json(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(item) for item in value]
    return _as_text(value)


def _as_text(value: Any) -> str:
    if isinstance(value, bytes):
        return MASK
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    text = str(value)
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
