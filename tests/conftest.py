"""Fixtures every test may ask for. Real servers, started once; a fresh database for each test.

`database` fresh and migrated · `session` an open session in it · `owner` a connection as its owner ·
`client` the service without a network · `running_stack` the service as processes · `servers` their
PostgreSQL and Valkey
"""

from collections.abc import AsyncIterator, Generator, Iterator
from functools import lru_cache
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import LimitSettings, get_settings
from app.core.database import dispose_engine, open_session
from app.core.migrations import upgrade_to_head
from app.main import create_app
from tests.support.s3 import S3Server, start_s3
from tests.support.servers import TestServers, start_servers
from tests.support.settings import applied, environment_for
from tests.support.stack import RunningStack, make_stack

LONGEST_FIRST = ["flows", "faults", "containers", "backups", "local", "engine", "demo"]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestServers]:
    """PostgreSQL with a migrated template database, and Valkey, for the whole run."""
    started = start_servers()
    try:
        storage = tmp_path_factory.mktemp("template")
        with applied(environment_for(started, "arv", storage)):
            upgrade_to_head()
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """An S3 server, for the tests that ask for it; `tests.support.s3.make_bucket` makes buckets."""
    started = start_s3()
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture
async def database(servers: TestServers, tmp_path: Path) -> AsyncIterator[str]:
    """A database of this test's own, an empty broker and storage folder; the settings lead to them."""
    name = await servers.create_database()
    storage = tmp_path / "storage"
    storage.mkdir()
    with applied(environment_for(servers, name, storage)):
        await _empty_broker()
        yield name
        await dispose_engine()
    await servers.drop_database(name)


async def _empty_broker() -> None:
    client = Redis.from_url(get_settings().broker.url)
    await client.flushdb()
    await client.aclose()


@pytest.fixture
async def session(database: str) -> AsyncIterator[AsyncSession]:
    """An open session; what it does not commit is gone after the test."""
    async with open_session() as opened:
        yield opened


@pytest.fixture
async def owner(servers: TestServers, database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection as who owns the tables: no role and no policy holds it, as in a migration."""
    connection = await servers.postgres.connect(database)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
def app(database: str) -> FastAPI:
    """The service with this test's settings; making it takes a third of a second, so it is kept."""
    settings = get_settings()
    return _app_with(settings.web.is_https, settings.limits)


@lru_cache
def _app_with(_is_https: bool, _limits: LimitSettings) -> FastAPI:
    """What `create_app` reads of the settings; everything else is read at each request."""
    return create_app()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Requests straight into the app. A crash is answered as a client would see it, not raised."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as opened:
        yield opened


@pytest.fixture(scope="module")
def running_stack(
    servers: TestServers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningStack]:
    """The whole service as processes, shared by the tests of a module."""
    stack = make_stack(servers, tmp_path_factory.mktemp("stack"))
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Folders whose files take longest come first: processes that share the work end together."""

    def turn(item: pytest.Item) -> int:
        folder = item.path.parent.name
        return LONGEST_FIRST.index(folder) if folder in LONGEST_FIRST else len(LONGEST_FIRST)

    items.sort(key=turn)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test that used processes shows the end of their logs."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("running_stack")
    if report.failed and isinstance(stack, RunningStack):
        report.sections.append(("logs of the running stack", stack.logs()))
    return report
