"""Keyset pagination: a cursor names the last row seen, so pages stay right while rows come and go."""

import base64
import binascii
import json
import uuid
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel
from sqlalchemy import Select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.core.errors import Invalid

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200

T = TypeVar("T")
RowT = TypeVar("RowT")


class Page(BaseModel, Generic[T]):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None = None


class PageRequest(BaseModel):
    """What a list route was asked for."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None
    q: str | None = None


def _page_request(
    limit: Annotated[
        int, Query(ge=1, le=LARGEST_LIMIT, description="Rows per page")
    ] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Words to look for")] = None,
) -> PageRequest:
    return PageRequest(limit=limit, cursor=cursor, q=q)


PageRequestDep = Annotated[PageRequest, Depends(_page_request)]


async def fetch_page(
    session: AsyncSession,
    statement: Select[RowT],
    *,
    key: tuple[InstrumentedAttribute[Any], ...],
    request: PageRequest,
    newest_first: bool = True,
) -> tuple[list[RowT], str | None]:
    """The rows of one page of `statement`, ordered by `key`, and the cursor of the next page.

    The last column of `key` must be unique. Raises `Invalid` for a cursor this list never gave out.
    """
    if request.cursor:
        seen = tuple_(*key)
        last = tuple_(*_last_seen(request.cursor, key))
        statement = statement.where(seen < last if newest_first else seen > last)
    ordered = statement.order_by(
        *(column.desc() if newest_first else column.asc() for column in key)
    )
    rows: list[RowT] = list((await session.scalars(ordered.limit(request.limit + 1))).all())
    if len(rows) <= request.limit:
        return rows, None
    rows = rows[: request.limit]
    return rows, encode_cursor([getattr(rows[-1], column.key) for column in key])


def encode_cursor(values: list[Any]) -> str:
    packed = json.dumps([_packed(value) for value in values], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _last_seen(cursor: str, key: tuple[InstrumentedAttribute[Any], ...]) -> list[Any]:
    """The key of the last row seen; a cursor of another list has values of other types."""
    values = decode_cursor(cursor, len(key))
    for value, column in zip(values, key, strict=True):
        if not isinstance(value, column.type.python_type):
            raise Invalid("This cursor is not one of this list's.", pointer="query/cursor")
    return values


def decode_cursor(cursor: str, length: int) -> list[Any]:
    """The key values inside a cursor. Raises `Invalid` when it is not one of ours."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if not isinstance(values, list) or len(values) != length:
            raise ValueError
        return [_unpacked(value) for value in values]
    except (ValueError, TypeError, KeyError, binascii.Error) as error:
        raise Invalid("This cursor is not one of this list's.", pointer="query/cursor") from error


def _packed(value: Any) -> Any:
    match value:
        case uuid.UUID():
            return {"u": value.hex}
        case datetime():
            return {"t": value.isoformat()}
        case _:
            return value


def _unpacked(value: Any) -> Any:
    match value:
        case {"u": text}:
            return uuid.UUID(text)
        case {"t": text}:
            return datetime.fromisoformat(text)
        case str() | int() | None:
            return value
        case _:
            raise ValueError
