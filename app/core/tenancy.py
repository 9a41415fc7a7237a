"""Row level security: what a transaction may see of the companies' rows, held to by PostgreSQL itself.

Every transaction begins by taking one of two roles and, in a company, by naming that company:

    arv_app      rows of the company in `arv.company_id`; with none named, no row of any company
    arv_system   every row: signing in, the jobs' ledger, sweeps, the public viewer, operators' lists

Both last until the transaction ends. A request is in no company until `CompanyActor` says in which; work
outside requests names its scope: `session_scope(company_id=...)` or `session_scope(system="sweeper")`.
The filter in the query functions stays what decides; this stands behind it (ADR 0027).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.util import greenlet_spawn

from app.core.connections import Connection as DriverConnection

APP_ROLE: Final = "arv_app"
SYSTEM_ROLE: Final = "arv_system"

# `true` lets both go when the transaction ends, whatever the connection is used for next.
_ENTER: Final = "SELECT set_config('role', '{}', true), set_config('arv.company_id', '{}', true)"
_SCOPE: Final = "scope"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a transaction may see: one company, everything in the name of `system`, or no company."""

    company_id: UUID | None = None
    system: str | None = None

    @property
    def role(self) -> str:
        return SYSTEM_ROLE if self.system else APP_ROLE


NO_COMPANY: Final = Scope()


@dataclass(slots=True)
class _Surroundings:
    """The scope of a request or job, for sessions that name none, and those that have begun in it."""

    scope: Scope
    begun: list[Session] = field(default_factory=list)


_surroundings: ContextVar[_Surroundings | None] = ContextVar("arv_tenancy", default=None)


class Outside:
    """The scope of sessions opened outside any request or job; only the tests' own code has one."""

    scope: Scope = NO_COMPANY


@contextmanager
def scoped(scope: Scope) -> Iterator[None]:
    """Sessions opened in the block are in this scope, unless they name their own."""
    token = _surroundings.set(_Surroundings(scope))
    try:
        yield
    finally:
        _surroundings.reset(token)


async def enter(scope: Scope) -> None:
    """From now on the request is in this scope, also in the transactions that have begun already."""
    surroundings = _surroundings.get()
    if surroundings is None:
        raise RuntimeError("only a request or job that runs in `scoped` can change its scope")
    surroundings.scope = scope
    for session in surroundings.begun:
        if session.in_transaction():
            await greenlet_spawn(_take, session.connection(), scope)


def name_scope(session: Session, scope: Scope) -> None:
    """The session's transactions are in this scope, whatever surrounds them."""
    session.info[_SCOPE] = scope


def scope_of(session: Session) -> Scope:
    """The scope of the session's next transaction."""
    named: Scope | None = session.info.get(_SCOPE)
    if named is not None:
        return named
    surroundings = _surroundings.get()
    return Outside.scope if surroundings is None else surroundings.scope


class ScopedSession(Session):
    """A session that takes its role and company before the first statement of each transaction."""


@event.listens_for(ScopedSession, "after_begin")
def _begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.nested:  # A savepoint is in the scope of what it lies in.
        return
    surroundings = _surroundings.get()
    if surroundings is not None and _SCOPE not in session.info:
        surroundings.begun.append(session)
    _take(connection, scope_of(session))


def _take(connection: Connection, scope: Scope) -> None:
    """With the BEGIN that is still to be sent, else by a statement. Only a UUID gets into its text."""
    company = str(UUID(int=scope.company_id.int)) if scope.company_id else ""
    statement = _ENTER.format(scope.role, company)
    driver = connection.connection.driver_connection
    if isinstance(driver, DriverConnection) and not driver.is_in_transaction():
        driver.opening = statement
    else:
        connection.execute(text(statement))


class Executes(Protocol):
    """`alembic.op`, or whatever else runs statements."""

    def execute(self, sqltext: str) -> None: ...


def protect(op: Executes, table: str, *, column: str = "company_id", shared: bool = False) -> None:
    """Hold the table to the scope; every migration that makes a table with `company_id` calls this.

    `shared`: rows that belong to no company (NULL) are read in each, and written by the system only.
    The comparison is with a subquery, so it is evaluated once for a statement and an index serves it.
    """
    company = "(SELECT nullif(current_setting('arv.company_id', true), '')::uuid)"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} TO {APP_ROLE} USING ({column} = {company})")
    op.execute(f"CREATE POLICY system ON {table} TO {SYSTEM_ROLE} USING (true)")
    if shared:
        op.execute(
            f"CREATE POLICY shared ON {table} FOR SELECT TO {APP_ROLE} USING ({column} IS NULL)"
        )


def unprotect(op: Executes, table: str, *, shared: bool = False) -> None:
    """Take `protect` back, for the `downgrade` of a table that stays."""
    for policy in ("tenant", "system", *(("shared",) if shared else ())):
        op.execute(f"DROP POLICY {policy} ON {table}")
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def make_append_only(op: Executes, table: str) -> None:
    """The service may add and read rows, never change or remove one."""
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP_ROLE}, {SYSTEM_ROLE}")
