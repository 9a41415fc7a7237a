"""The only place that opens engines and commits for the service.

One request or task is one transaction. `SessionDep` commits after the route function returned and before
the answer is sent (FastAPI's scope="function"), so nobody reads 201 for a commit that failed.
What must follow a commit, such as a message to the broker, is given to `after_commit`.
"""

import asyncio
import inspect
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, cast
from weakref import WeakKeyDictionary

import structlog
from fastapi import Depends
from sqlalchemy import BigInteger, DateTime, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase

from app.core import tenancy, tracing
from app.core.config import Settings, get_settings
from app.core.connections import Connection, watch_connections
from app.core.metrics import POOL_SIZE, MeasuredPool

log = structlog.get_logger(__name__)

# What is raised when PostgreSQL does not answer: for the few places that can do without for a while.
DATABASE_SILENT: Final = (OperationalError, InterfaceError, PoolTimeout, OSError)

AfterCommit = Callable[[], Awaitable[object] | None]

_CALLBACKS = "after_commit"
_engines: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncEngine] = WeakKeyDictionary()


class Base(DeclarativeBase):
    """Parent of every table. Relationships are declared with `lazy="raise"`."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        int: BigInteger,
        str: Text,
        uuid.UUID: Uuid,
    }


def create_engine(settings: Settings) -> AsyncEngine:
    """A new engine with the pool the settings ask for; connections that have ended are not used again."""
    POOL_SIZE.set(settings.database.pool_size + settings.database.max_overflow)
    engine = create_async_engine(
        settings.database.url,
        poolclass=MeasuredPool,
        pool_size=settings.database.pool_size,
        max_overflow=settings.database.max_overflow,
        hide_parameters=True,  # an error in the log shows the statement, never what people typed
        connect_args={
            "timeout": 10,
            "connection_class": Connection,
            "server_settings": {
                "application_name": "arv",
                "timezone": "UTC",
                # A plan made for any list of ids compares each row with each id: 27 ms instead of 2.
                "plan_cache_mode": "force_custom_plan",
                "role": tenancy.APP_ROLE,  # whoever signs in; see app/core/tenancy.py
            },
        },
    )
    watch_connections(engine)
    tracing.watch(engine)
    return engine


def current_engine() -> AsyncEngine:
    """The engine of the running event loop; a pooled asyncpg connection can not change loops."""
    loop = asyncio.get_running_loop()
    if loop not in _engines:
        _engines[loop] = create_engine(get_settings())
    return _engines[loop]


async def dispose_engine() -> None:
    """Close the running loop's connections; the next use makes a new engine."""
    engine = _engines.pop(asyncio.get_running_loop(), None)
    if engine is not None:
        await engine.dispose()


def forget_engines() -> None:
    """Drop engines inherited through fork without touching the parent's connections."""
    _engines.clear()


def open_session(*, company_id: uuid.UUID | None = None, system: str | None = None) -> AsyncSession:
    """A session that commits nothing by itself. For reads outside a request, and for the boundaries below.

    Its transactions see the rows of the company named, with `system` (the name of who is at work) those
    of all; with neither what the request or job around it may see.
    """
    make = async_sessionmaker(
        current_engine(), expire_on_commit=False, sync_session_class=tenancy.ScopedSession
    )
    session = make()
    if company_id is not None or system is not None:
        tenancy.name_scope(session.sync_session, tenancy.Scope(company_id, system))
    return session


def after_commit(session: AsyncSession, callback: AfterCommit) -> None:
    """Call `callback` once the session's transaction is committed; never when it is rolled back.

    A callback that raises is logged: the commit has happened and can not be taken back.
    """
    session.info.setdefault(_CALLBACKS, []).append(callback)


@asynccontextmanager
async def session_scope(
    *, company_id: uuid.UUID | None = None, system: str | None = None
) -> AsyncIterator[AsyncSession]:
    """One transaction: committed when the block ends, rolled back when it raises.

    `company_id` and `system` say what it may see, as in `open_session`.
    """
    async with open_session(company_id=company_id, system=system) as session:
        yield session
        await session.commit()
        await _run_callbacks(session)


async def _run_callbacks(session: AsyncSession) -> None:
    for callback in cast(list[AfterCommit], session.info.pop(_CALLBACKS, [])):
        try:
            result = callback()
            if inspect.isawaitable(result):
                await result
        except Exception:
            log.exception("after_commit.failed")


async def request_session() -> AsyncIterator[AsyncSession]:
    async with session_scope() as session:
        yield session


async def public_session() -> AsyncIterator[AsyncSession]:
    async with session_scope(system="public") as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(request_session, scope="function")]
"""The request's transaction, in the company of its `CompanyActor`."""

PublicSessionDep = Annotated[AsyncSession, Depends(public_session, scope="function")]
"""For routes open to everybody, which look in all companies: a printed code, a token from a mail."""
