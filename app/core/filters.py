"""What lists are narrowed by: state and dates, asked for the same way everywhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Query
from pydantic import AwareDatetime
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

Moment = InstrumentedAttribute[datetime]


@dataclass(frozen=True, slots=True)
class Dates:
    """From when to when: `after` is included, `before` is not."""

    created_after: datetime | None = None
    created_before: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None


ANY_TIME: Final = Dates()


async def _dates(
    created_after: Annotated[AwareDatetime | None, Query(description="Made then or later")] = None,
    created_before: Annotated[AwareDatetime | None, Query(description="Made before then")] = None,
    updated_after: Annotated[
        AwareDatetime | None, Query(description="Changed then or later")
    ] = None,
    updated_before: Annotated[
        AwareDatetime | None, Query(description="Changed before then")
    ] = None,
) -> Dates:
    return Dates(
        created_after=created_after,
        created_before=created_before,
        updated_after=updated_after,
        updated_before=updated_before,
    )


DatesDep = Annotated[Dates, Depends(_dates)]


def within(
    dates: Dates, created_at: Moment, updated_at: Moment | None = None
) -> list[ColumnElement[bool]]:
    """The dates as conditions on a list's columns."""
    found: list[ColumnElement[bool]] = []
    if dates.created_after:
        found.append(created_at >= dates.created_after)
    if dates.created_before:
        found.append(created_at < dates.created_before)
    if updated_at is not None and dates.updated_after:
        found.append(updated_at >= dates.updated_after)
    if updated_at is not None and dates.updated_before:
        found.append(updated_at < dates.updated_before)
    return found


def is_set(column: InstrumentedAttribute[Any], *, wanted: bool | None) -> list[ColumnElement[bool]]:
    """Rows where the column has a value, or those where it has none; None wants both."""
    if wanted is None:
        return []
    return [column.is_not(None) if wanted else column.is_(None)]
