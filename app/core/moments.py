"""Moments as callers write them: RFC 3339, with the offset from UTC."""

import re
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator

_NUMBER = re.compile(r"\s*[+-]?[\d_.]+(e[+-]?\d+)?\s*", re.IGNORECASE)


def refuse_numbers(value: Any) -> Any:
    """Pydantic takes a number for seconds since 1970, which the API's description does not offer."""
    is_number = isinstance(value, int | float) or (
        isinstance(value, str) and _NUMBER.fullmatch(value)
    )
    if is_number:
        raise ValueError("write the moment as 2026-11-23T14:05:00Z, not as a number")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(refuse_numbers)]
