"""Connections to PostgreSQL that cost few round trips: each one is dearer than most of our statements.

- A transaction takes its role and company with its own BEGIN (app/core/tenancy.py), not by a statement more.
- A connection that was used a moment ago is not asked whether it lives: the kernel has told the driver when
  it ended. One that rested is asked, because what stands between may have forgotten it without a word.
"""

import time
from typing import Any, Final

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine

ASKED_AFTER_SECONDS: Final = 5.0
_GIVEN_BACK: Final = "arv_given_back"
_BEGIN: Final = "BEGIN;"  # how asyncpg.transaction.Transaction begins


class Connection(asyncpg.Connection):  # type: ignore[misc]  # it comes without types
    """A connection whose next transaction begins with statements of ours."""

    opening: str = ""

    async def execute(
        self,
        query: str,
        *args: Any,
        timeout: float | None = None,  # noqa: ASYNC109  (asyncpg's signature)
    ) -> str:
        if query == _BEGIN and self.opening:
            query, self.opening = f"{query} {self.opening};", ""
        answer: str = await super().execute(query, *args, timeout=timeout)
        return answer


def watch_connections(engine: AsyncEngine) -> None:
    """Before use, let go of connections that have ended. All of a pool go with the first that has."""
    pool = engine.sync_engine.pool
    event.listen(pool, "checkin", _note)
    event.listen(pool, "checkout", _check)


def _note(_connection: Any, record: Any) -> None:
    record.info[_GIVEN_BACK] = time.monotonic()


def _check(connection: Any, record: Any, _proxy: Any) -> None:
    rested = time.monotonic() - record.info.get(_GIVEN_BACK, time.monotonic())
    try:
        is_closed = connection.driver_connection.is_closed()
        if not is_closed and rested > ASKED_AFTER_SECONDS:
            connection.ping()
    except Exception as error:
        raise InvalidatePoolError("the connection has ended") from error
    if is_closed:
        raise InvalidatePoolError("the connection has ended")
