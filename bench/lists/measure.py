"""Asking through the service, timing in front of the database."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg
import httpx
import numpy as np
from sqlalchemy import event

from app.auth.cookies import PLAIN_NAME
from app.auth.models import UserSession
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import current_engine, dispose_engine, session_scope
from app.main import create_app
from bench.lists.cases import Case, cases
from bench.lists.seed import Seeded, Size, seed
from tests.support.people import client_of
from tests.support.servers import TestServers
from tests.support.settings import applied, environment_for

WARM_UP: Final = 2
TIMES: Final = 12
SCOPE: Final = "set_config('arv.company_id'"


@dataclass(slots=True)
class Statement:
    text: str
    parameters: Any
    milliseconds: float


@dataclass(slots=True)
class Listener:
    """Every statement between `start` and `stop`, with the time until the driver had its rows."""

    statements: list[Statement] = field(default_factory=list)
    processes: set[int] = field(default_factory=set)
    _begun: float = 0.0

    def listen(self) -> None:
        engine = current_engine().sync_engine
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)
        event.listen(engine, "checkout", self._checked_out)

    def _checked_out(self, connection: Any, *_rest: Any) -> None:
        self.processes.add(connection.driver_connection.get_server_pid())

    def worked_milliseconds(self) -> float:
        """What PostgreSQL's processes of our connections have worked so far (Linux: schedstat, in ns)."""
        files = [Path(f"/proc/{process}/schedstat") for process in self.processes]
        return sum(int(file.read_text().split()[0]) for file in files if file.exists()) / 1e6

    def _before(self, *_arguments: Any) -> None:
        self._begun = time.perf_counter()

    def _after(self, _c: Any, _cursor: Any, text: str, parameters: Any, *_rest: Any) -> None:
        elapsed = (time.perf_counter() - self._begun) * 1000
        self.statements.append(Statement(text, parameters, elapsed))

    def take(self) -> list[Statement]:
        taken, self.statements = self.statements, []
        return taken


@dataclass(frozen=True, slots=True)
class Measured:
    """One case: milliseconds at the database of a whole request, and the plan of its slowest statement.

    `milliseconds` is what PostgreSQL's processes worked, told by the kernel: on a quiet machine, with all
    data in memory, that is what is waited for. `waited` is from sending to having the rows, with everything
    else the machine does.
    """

    case: Case
    milliseconds: list[float]
    waited: list[float]
    rows: int
    statements: int
    plan: str

    @property
    def p50(self) -> float:
        return float(np.percentile(self.milliseconds, 50))

    @property
    def waited_p95(self) -> float:
        return float(np.percentile(self.waited, 95))

    @property
    def p95(self) -> float:
        return float(np.percentile(self.milliseconds, 95))


@asynccontextmanager
async def filled(servers: TestServers, size: Size, folder: Path) -> AsyncIterator[Seeded]:
    """A database of this size; the settings of the process lead to it."""
    name = await servers.create_database()
    storage = folder / size.name
    storage.mkdir()
    with applied(environment_for(servers, name, storage) | {"LOG_LEVEL": "error"}):
        connection = await raw_connection()
        started = time.perf_counter()
        seeded = await seed(connection, size)
        await connection.close()
        print(
            f"{size.name}: {size.companies:,} companies, {size.contents:,} contents in one, "
            f"written in {time.perf_counter() - started:.1f} s",
            flush=True,
        )
        yield seeded
        await dispose_engine()
    await servers.drop_database(name)


async def raw_connection() -> asyncpg.Connection:
    return await asyncpg.connect(get_settings().database.url.replace("+asyncpg", ""))


async def measure(servers: TestServers, size: Size, folder: Path) -> list[Measured]:
    """Every case at this size."""
    async with filled(servers, size, folder) as seeded:
        app = create_app()
        owner = client_of(app, await _session(seeded.owner_id))
        operator = client_of(app, await _session(seeded.operator_id))
        listener = Listener()
        listener.listen()
        plans = await raw_connection()
        try:
            found = []
            for case in list(cases(app.openapi(), seeded)):
                found.append(await _one(case, seeded, (owner, operator), listener, plans))
                print(
                    f"  {case.name:<66}{found[-1].p95:>8.1f} ms  waited {found[-1].waited_p95:.0f}",
                    flush=True,
                )
            return found
        finally:
            await plans.close()


async def _session(user_id: UUID) -> dict[str, str]:
    token = f"bench-{user_id}"
    async with session_scope(system="bench") as session:
        session.add(
            UserSession(
                user_id=user_id,
                token_sha256=sha256(token.encode()).digest(),
                address="",
                user_agent="",
                expires_at=utcnow() + timedelta(days=1),
            )
        )
    return {PLAIN_NAME: token}


async def _one(
    case: Case,
    seeded: Seeded,
    clients: tuple[httpx.AsyncClient, httpx.AsyncClient],
    listener: Listener,
    plans: asyncpg.Connection,
) -> Measured:
    path = case.path.format(**seeded.ids)
    client, params, is_owner = await _entered(case, path, clients)
    worked: list[float] = []
    waited: list[float] = []
    taken: list[Statement] = []
    rows = 0
    for number in range(WARM_UP + TIMES):
        listener.take()
        before = listener.worked_milliseconds()
        answer = await client.get(path, params=params)
        assert 200 == answer.status_code, f"{case.name}: {answer.text}"
        taken, rows = listener.take(), len(answer.json()["items"])
        if number >= WARM_UP:
            worked.append(listener.worked_milliseconds() - before)
            waited.append(sum(statement.milliseconds for statement in taken))
    return Measured(
        case, worked, waited, rows, len(taken), await _plan(plans, taken, seeded, is_owner=is_owner)
    )


async def _entered(
    case: Case, path: str, clients: tuple[httpx.AsyncClient, httpx.AsyncClient]
) -> tuple[httpx.AsyncClient, dict[str, Any], bool]:
    """Who may ask (the owner, else the operator), and with what for the page wanted."""
    owner, operator = clients
    client, answer = owner, await owner.get(path, params=case.params)
    if answer.status_code == httpx.codes.FORBIDDEN:
        client, answer = operator, await operator.get(path, params=case.params)
    assert 200 == answer.status_code, f"{case.name}: {answer.text}"
    cursor = answer.json()["next_cursor"] if case.second_page else None
    return client, case.params | ({"cursor": cursor} if cursor else {}), client is owner


async def _plan(
    connection: asyncpg.Connection, taken: list[Statement], seeded: Seeded, *, is_owner: bool
) -> str:
    """The slowest statement with its plan, as the role and in the company that asked."""
    reading = [s for s in taken if SCOPE not in s.text and s.text.lstrip().startswith("SELECT")]
    slowest = max(reading, key=lambda statement: statement.milliseconds)
    role = "arv_app" if is_owner else "arv_system"
    async with connection.transaction():
        await connection.execute(f"SET LOCAL ROLE {role}")
        company = seeded.ids["company_id"] if is_owner else ""
        await connection.execute("SELECT set_config('arv.company_id', $1, true)", company)
        lines = await connection.fetch(
            f"EXPLAIN (ANALYZE, BUFFERS) {slowest.text}", *slowest.parameters
        )
    return f"{slowest.text}\n\n" + "\n".join(line[0] for line in lines) + "\n"
