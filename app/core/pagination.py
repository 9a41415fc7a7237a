"""Keyset pagination: a cursor names the last row seen, so pages stay right while rows come and go."""

import base64
import binascii
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.core.errors import Invalid

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200

T = TypeVar("T")
RowT = TypeVar("RowT")
KeyColumn = InstrumentedAttribute[Any] | ColumnElement[Any]


class Page(BaseModel, Generic[T]):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None = None


class PageRequest(BaseModel):
    """What a list route was asked for; `sort` names a column, with `-` before it for descending."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None
    q: str | None = None
    sort: str | None = None


Limit = Annotated[int, Query(ge=1, le=LARGEST_LIMIT, description="Rows per page")]
Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before")]
Words = Annotated[str | None, Query(max_length=200, description="Words to look for")]


async def _page_request(
    limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None, q: Words = None
) -> PageRequest:
    return PageRequest(limit=limit, cursor=cursor, q=q)


PageRequestDep = Annotated[PageRequest, Depends(_page_request)]


def sorted_by(*names: str) -> Callable[..., Awaitable[PageRequest]]:
    """The dependency of a list that can be sorted by these columns: `Depends(sorted_by("title"))`."""
    told = ", ".join(f"`{name}`" for name in names)

    async def page_request(
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        q: Words = None,
        sort: Annotated[
            str | None,
            Query(
                pattern=f"^-?({'|'.join(names)})$",
                description=f"One of {told}; descending with `-` before it.",
            ),
        ] = None,
    ) -> PageRequest:
        return PageRequest(limit=limit, cursor=cursor, q=q, sort=sort)

    return page_request


async def fetch_page(
    session: AsyncSession,
    statement: Select[RowT],
    *,
    key: tuple[KeyColumn, ...],
    request: PageRequest,
    newest_first: bool = True,
    sorts: Mapping[str, KeyColumn] | None = None,
) -> tuple[list[RowT], str | None]:
    """The rows of one page of `statement`, ordered by `key`, and the cursor of the next page.

    The last column of `key` must be unique. `sorts` are the orders a caller may ask for by name; their
    expressions are never null, and the last column of `key` decides between equals. Raises `Invalid`
    for an order that is not offered and for a cursor this list, in this order, never gave out.
    """
    if request.sort:
        key = (_offered(request.sort, sorts or {}), key[-1])
        newest_first = request.sort.startswith("-")
    if request.cursor:
        seen = tuple_(*key)
        last = tuple_(*_last_seen(request.cursor, request.sort, key))
        statement = statement.where(seen < last if newest_first else seen > last)
    ordered = statement.add_columns(*key).order_by(
        *(column.desc() if newest_first else column.asc() for column in key)
    )
    rows = list((await session.execute(ordered.limit(request.limit + 1))).all())
    found: list[RowT] = [row[0] for row in rows[: request.limit]]
    if len(rows) <= request.limit:
        return found, None
    last_row = rows[request.limit - 1]
    return found, encode_cursor([*_order(request.sort), *last_row[-len(key) :]])


def _offered(sort: str, sorts: Mapping[str, KeyColumn]) -> KeyColumn:
    name = sort.removeprefix("-")
    if name not in sorts:
        offered = ", ".join(sorts) or "nothing"
        raise Invalid(f"This list can be sorted by {offered}.", pointer="query/sort")
    return sorts[name]


def _order(sort: str | None) -> list[str]:
    """What a cursor says of its order, so that it is not taken for a place in another one."""
    return [sort] if sort else []


def encode_cursor(values: list[Any]) -> str:
    packed = json.dumps([_packed(value) for value in values], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _last_seen(cursor: str, sort: str | None, key: tuple[KeyColumn, ...]) -> list[Any]:
    """The key of the last row seen; a cursor of another list or order has other values."""
    order = _order(sort)
    values = decode_cursor(cursor, len(order) + len(key))
    if values[: len(order)] != order:
        raise _foreign()
    values = values[len(order) :]
    for value, column in zip(values, key, strict=True):
        if not isinstance(value, column.type.python_type):
            raise _foreign()
    return values


def _foreign() -> Invalid:
    return Invalid("This cursor is not one of this list's.", pointer="query/cursor")


def decode_cursor(cursor: str, length: int) -> list[Any]:
    """The key values inside a cursor. Raises `Invalid` when it is not one of ours."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if not isinstance(values, list) or len(values) != length:
            raise ValueError
        return [_unpacked(value) for value in values]
    except (ValueError, TypeError, KeyError, binascii.Error) as error:
        raise _foreign() from error


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
        case str() | int() | float() | None:
            return value
        case _:
            raise ValueError
