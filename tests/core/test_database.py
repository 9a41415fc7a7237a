"""The session boundary: when it commits, and what a client sees of it."""

import uuid
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import SessionDep, after_commit, session_scope
from app.core.errors import Conflict, install_error_handlers
from app.core.jobs import Job

FORBID_AT_COMMIT = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused at commit'; END $$;
CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON jobs DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION refuse();
"""


def service() -> FastAPI:
    app = FastAPI()
    install_error_handlers(app)

    @app.post("/jobs", status_code=201)
    async def create(session: SessionDep, *, fail: bool = False) -> str:
        job = Job(task_name="default.x", queue="default")
        session.add(job)
        await session.flush()
        if fail:
            raise Conflict("no")
        return str(job.id)

    return app


@pytest.fixture
async def writing(database: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=service(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client


async def count_jobs(session: AsyncSession) -> int:
    return (await session.scalars(select(func.count()).select_from(Job))).one()


async def test_answer_comes_after_the_commit(
    writing: httpx.AsyncClient, session: AsyncSession
) -> None:
    """When the answer is there, another connection sees the row."""
    answer = await writing.post("/jobs")

    assert answer.status_code == 201
    assert await session.get(Job, uuid.UUID(answer.json())) is not None


async def test_commit_that_fails_is_no_success(
    writing: httpx.AsyncClient, session: AsyncSession, owner: asyncpg.Connection
) -> None:
    """A commit the database refuses is an error to the client, never a 201."""
    await owner.execute(FORBID_AT_COMMIT)

    answer = await writing.post("/jobs")

    assert answer.status_code == 500
    assert await count_jobs(session) == 0


async def test_error_rolls_back(writing: httpx.AsyncClient, session: AsyncSession) -> None:
    """A route that raises leaves nothing behind."""
    answer = await writing.post("/jobs?fail=true")

    assert answer.status_code == 409
    assert await count_jobs(session) == 0


async def test_callbacks_run_once_and_only_after_commit(database: str) -> None:
    """One that raises is logged and does not keep the next from running."""
    ran: list[str] = []

    def crash() -> None:
        ran.append("crash")
        raise RuntimeError

    async with session_scope() as session:
        after_commit(session, crash)
        after_commit(session, lambda: ran.append("next"))
        assert ran == []

    assert ran == ["crash", "next"]
