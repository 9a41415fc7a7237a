"""Row level security, from a raw connection under the service's own role and from its sessions."""

import asyncio
import re
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from app.core.database import session_scope
from app.core.tenancy import APP_ROLE, NO_COMPANY, Scope, enter, scoped
from app.core.tenancy import SYSTEM_ROLE as SYSTEM
from app.projects.models import Project
from tests.support import people
from tests.support.people import Member
from tests.support.servers import TestServers

# Rows of no company: the installation's own connection is read by all, an event of nobody by the system only.
TABLES_OF_COMPANIES = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS is_forced,
       coalesce(array_agg(p.polname::text) FILTER (WHERE p.polname IS NOT NULL), '{}') AS policies
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'company_id' AND NOT a.attisdropped
LEFT JOIN pg_policy p ON p.polrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
GROUP BY c.oid ORDER BY c.relname
"""


@pytest.fixture
async def raw(servers: TestServers, database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the service's, before it has said for which company it works."""
    connection = await servers.postgres.connect(database)
    await connection.execute(f"SET ROLE {APP_ROLE}")
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
async def two(app: FastAPI) -> tuple[Member, Member]:
    """Members of two companies, each with a project and the events of making it."""
    members = (await people.make_member(app), await people.make_member(app))
    for member in members:
        answer = await member.post("/projects", json={"name": "Album"})
        assert 201 == answer.status_code
    return members


async def enter_company(connection: asyncpg.Connection, company_id: UUID | None) -> None:
    company = str(company_id) if company_id else ""
    await connection.execute("SELECT set_config('arv.company_id', $1, false)", company)


async def tables(connection: asyncpg.Connection) -> list[str]:
    return [row["relname"] for row in await connection.fetch(TABLES_OF_COMPANIES)]


async def companies_in(connection: asyncpg.Connection, table: str) -> set[UUID | None]:
    rows = await connection.fetch(f"SELECT DISTINCT company_id FROM {table}")  # noqa: S608  (from the catalogue)
    return {row["company_id"] for row in rows}


async def test_every_table_of_companies_is_held(owner: asyncpg.Connection) -> None:
    """A table with company_id that forgot `protect` in its migration fails here."""
    found = await owner.fetch(TABLES_OF_COMPANIES)

    assert len(found) > 15
    assert [] == [row["relname"] for row in found if not row["is_forced"]]
    assert [] == [row["relname"] for row in found if not {"tenant", "system"} <= {*row["policies"]}]
    is_forced = "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'companies'"
    assert await owner.fetchval(is_forced)


async def test_without_a_company_nothing_is_seen(
    raw: asyncpg.Connection, two: tuple[Member, Member]
) -> None:
    """Not one row of any company in any table, and no company."""
    for table in await tables(raw):
        assert set() == await companies_in(raw, table) - {None}, table
    assert 0 == await raw.fetchval("SELECT count(*) FROM companies")


async def test_with_a_company_only_its_rows_are_seen(
    raw: asyncpg.Connection, two: tuple[Member, Member]
) -> None:
    """In every table; what belongs to no company is a shared storage connection, or is not seen either."""
    mine = two[0].company_id
    await enter_company(raw, mine)

    for table in await tables(raw):
        nobodys = {None} if table == "storage_connections" else set()
        assert set() == await companies_in(raw, table) - {mine} - nobodys, table
    assert [mine] == [row["id"] for row in await raw.fetch("SELECT id FROM companies")]
    assert 1 == await raw.fetchval("SELECT count(*) FROM projects")


async def test_nothing_is_written_into_another_company(
    raw: asyncpg.Connection, two: tuple[Member, Member]
) -> None:
    """Inserted rows and moved ones are refused, foreign ones are not found."""
    mine, theirs = two[0].company_id, two[1].company_id
    await enter_company(raw, mine)
    insert = (
        "INSERT INTO projects (id, company_id, name, description, created_at, updated_at) "
        "SELECT $1, $2, name, description, created_at, updated_at FROM projects"
    )

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await raw.execute(insert, uuid4(), theirs)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await raw.execute("UPDATE projects SET company_id = $1", theirs)
    rename, remove = "UPDATE projects SET name = 'x'", "DELETE FROM projects"
    assert "UPDATE 0" == await raw.execute(rename + " WHERE company_id = $1", theirs)
    assert "DELETE 0" == await raw.execute(remove + " WHERE company_id = $1", theirs)


@pytest.mark.parametrize("role", [APP_ROLE, SYSTEM])
async def test_events_are_only_added(
    raw: asyncpg.Connection, two: tuple[Member, Member], role: str
) -> None:
    """Neither role may change or remove what happened: one lacks the right, the other meets the trigger."""
    await raw.execute(f"RESET ROLE; SET ROLE {role}")
    await enter_company(raw, two[0].company_id)

    assert await raw.fetchval("SELECT count(*) FROM events") > 0
    for change in ("UPDATE events SET name = 'x'", "DELETE FROM events", "TRUNCATE events"):
        with pytest.raises(asyncpg.PostgresError, match=r"permission denied|append-only"):
            await raw.execute(change)


async def test_the_owner_of_events_is_stopped_by_their_trigger(
    owner: asyncpg.Connection, two: tuple[Member, Member]
) -> None:
    """A role above the grants, too, changes nothing by accident."""
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await owner.execute("UPDATE events SET name = 'x'")


async def test_the_roles_are_ordinary(owner: asyncpg.Connection) -> None:
    """None signs in, none is above the policies, none makes roles or databases."""
    rows = await owner.fetch(
        "SELECT rolname, rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb "
        "AS strong FROM pg_roles WHERE rolname = ANY($1)",
        [APP_ROLE, SYSTEM],
    )

    assert {APP_ROLE: False, SYSTEM: False} == {row["rolname"]: row["strong"] for row in rows}


async def test_sessions_are_in_the_scope_they_name(two: tuple[Member, Member]) -> None:
    """One company, all for a named system scope, none for a request that is in no company."""
    count = select(func.count()).select_from(Project)
    async with session_scope(company_id=two[0].company_id) as session:
        in_one = await session.scalar(count)
    async with session_scope(system="test") as session:
        in_all = await session.scalar(count)
    with scoped(NO_COMPANY):
        async with session_scope() as session:
            in_none = await session.scalar(count)

    assert (1, 2, 0) == (in_one, in_all, in_none)


async def test_a_scope_ends_with_its_transaction(two: tuple[Member, Member]) -> None:
    """The next transaction on the same pooled connection sees nothing of it."""
    who = text("SELECT current_user, current_setting('arv.company_id', true), pg_backend_pid()")
    async with session_scope(company_id=two[0].company_id) as session:
        before = (await session.execute(who)).one()
    with scoped(NO_COMPANY):
        async with session_scope() as session:
            after = (await session.execute(who)).one()

    assert (APP_ROLE, str(two[0].company_id)) == tuple(before)[:2]
    assert (APP_ROLE, "", before[2]) == tuple(after)


async def test_who_asks_may_be_found_out_late(two: tuple[Member, Member]) -> None:
    """A transaction that began before the company was known is in it from then on."""
    count = select(func.count()).select_from(Project)
    with scoped(NO_COMPANY):
        async with session_scope() as session:
            before = await session.scalar(count)
            await enter(Scope(two[0].company_id))
            after = await session.scalar(count)

    assert (0, 1) == (before, after)


async def test_requests_at_once_do_not_mix(two: tuple[Member, Member]) -> None:
    """Two companies' requests that take turns on one event loop each see their own."""

    async def listed(member: Member) -> set[str]:
        answers = [await member.get("/projects") for _ in range(10)]
        return {item["company_id"] for answer in answers for item in answer.json()["items"]}

    first, second = await asyncio.gather(listed(two[0]), listed(two[1]))

    assert ({str(two[0].company_id)}, {str(two[1].company_id)}) == (first, second)


async def test_an_index_serves_the_policy(two: tuple[Member, Member]) -> None:
    """The company is asked for once for a statement, and is a condition of the index, not a filter."""
    async with session_scope(company_id=two[0].company_id) as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        query = "EXPLAIN SELECT * FROM ar_contents ORDER BY company_id, project_id, id LIMIT 5"
        plan = "\n".join((await session.scalars(text(query))).all())

    assert "InitPlan" in plan
    assert re.search(r"Index Cond: \(company_id = ", plan), plan


async def test_no_row_of_another_company_is_written_by_a_session(
    two: tuple[Member, Member],
) -> None:
    """A mistake in the service is an error, not a leak."""
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with session_scope(company_id=two[0].company_id) as session:
            session.add(Project(company_id=two[1].company_id, name="Planted", description=""))
