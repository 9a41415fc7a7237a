"""Connections: what a transaction costs, and who notices that one has ended."""

import asyncio
import inspect
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import asyncpg
from fastapi import FastAPI
from sqlalchemy import event, text

from app.core.database import current_engine, open_session, session_scope
from app.core.tenancy import SYSTEM_ROLE


async def test_a_role_is_taken_with_the_begin(database: str) -> None:
    """A transaction is in its scope from its first statement on, and no statement is spent on that."""
    company, sent = uuid4(), list[str]()
    event.listen(
        current_engine().sync_engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: sent.append(statement),
    )
    asked = "SELECT current_user, current_setting('arv.company_id')"
    async with session_scope(company_id=company) as session:
        of_company = (await session.execute(text(asked))).one()
    async with session_scope(system="test") as session:
        of_system = (await session.execute(text(asked))).one()

    assert ("arv_app", str(company)) == tuple(of_company)
    assert (SYSTEM_ROLE, "") == tuple(of_system)
    assert [asked, asked] == sent


async def test_a_scope_ends_with_its_transaction(database: str) -> None:
    """Whoever uses the connection next is in no company, also after a rollback."""
    asked = text("SELECT current_user, coalesce(current_setting('arv.company_id', true), '')")
    async with open_session(system="test") as session:
        await session.execute(asked)
        await session.rollback()
    async with current_engine().connect() as connection:
        assert ("arv_app", "") == tuple((await connection.execute(asked)).one())


async def test_a_connection_that_ended_is_not_used(
    database: str, owner: asyncpg.Connection
) -> None:
    """The server closes what rests in the pool; the next request gets a new connection and no error."""
    for _ in range(2):
        async with session_scope(system="test") as session:
            await session.execute(text("SELECT 1"))
        await owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await asyncio.sleep(0.1)  # as long as the event loop takes to read what the kernel knows
        async with session_scope(system="test") as session:
            assert 1 == await session.scalar(text("SELECT 1"))


def test_no_dependency_takes_a_thread(app: FastAPI) -> None:
    """FastAPI runs what is not `async` in a thread of its own: two switches for nothing, at each request."""
    plain = {
        getattr(call, "__qualname__", str(call))
        for route in _routes(app)
        for call in [route.endpoint, *_calls(route.dependant)]
        if not (inspect.iscoroutinefunction(call) or inspect.isasyncgenfunction(call))
    }

    assert set() == plain


def _routes(router: Any) -> Iterator[Any]:
    for route in router.routes:
        if hasattr(route, "dependant"):
            yield route
        elif hasattr(route, "original_router"):
            yield from _routes(route.original_router)


def _calls(dependant: Any) -> Iterator[Any]:
    for each in dependant.dependencies:
        yield each.call
        yield from _calls(each)
