"""The checks behind readiness. Each answers within two seconds or counts as failed."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy import text

from app.core.config import get_settings
from app.core.database import open_session
from app.core.migrations import schema_heads
from app.core.queues import QUEUES
from app.tasks import presence
from app.tasks.broker import check_broker

log = structlog.get_logger(__name__)

CHECK_TIMEOUT_SECONDS = 2.0


async def run_checks() -> dict[str, bool]:
    """Every check by name; all run at once."""
    names = list(CHECKS)
    results = await asyncio.gather(*(_passes(name, CHECKS[name]) for name in names))
    return dict(zip(names, results, strict=True))


async def _passes(name: str, check: Callable[[], Awaitable[None]]) -> bool:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
            await check()
    except Exception as error:  # noqa: BLE001  (any failure is the answer)
        log.warning("readiness.check_failed", check=name, error=repr(error))
        return False
    return True


async def check_database() -> None:
    async with open_session() as session:
        await session.execute(text("SELECT 1"))


async def check_migrations() -> None:
    async with open_session() as session:
        rows = (await session.execute(text("SELECT version_num FROM alembic_version"))).scalars()
        applied = set(rows)
    if not reaches(applied, schema_heads()):
        raise RuntimeError(f"schema at {sorted(applied)}, code wants {sorted(schema_heads())}")


def reaches(applied: set[str], wanted: frozenset[str]) -> bool:
    """Whether a schema at `applied` serves code that wants `wanted`.

    During a roll-out the next release has migrated already: its schema only adds, so the code of before
    goes on (docs/runbooks/upgrade.md). Revisions are named by time, so a newer one is known by its name.
    """
    if applied == wanted:
        return True
    named_by_time = all(_REVISION.fullmatch(name) for name in applied)
    return bool(applied) and named_by_time and min(applied) > max(wanted)


_REVISION = re.compile(r"\d{8}_\d{6}_\d{6}")


async def check_isolation() -> None:
    """Row level security holds us: the role in effect does not stand above it, no table is without it."""
    async with open_session() as session:
        above = (await session.execute(_ABOVE_POLICIES)).scalar_one()
        open_tables = (await session.execute(_OPEN_TABLES)).scalars().all()
    if above:
        raise RuntimeError(
            f"the role {above} bypasses row level security: let DATABASE_URL name a login that is a "
            "member of arv_app and arv_system, without a proxy that drops the role"
        )
    if open_tables:
        raise RuntimeError(f"no row level security on {', '.join(open_tables)}: run arv migrate")


_ABOVE_POLICIES = text(
    "SELECT max(rolname) FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)"
)
_OPEN_TABLES = text(
    "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
    "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace "
    "AND a.attname = 'company_id' AND NOT a.attisdropped "
    "AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1"
)


async def check_storage() -> None:
    root = get_settings().storage.root
    if not await asyncio.to_thread(os.access, root, os.W_OK):
        raise RuntimeError("the storage folder is missing or can not be written")


async def check_staff() -> presence.Staff:
    """Who is at work, by queue; nobody where the database does not answer."""
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_SECONDS), open_session(system="health") as session:
            return await presence.staff(session)
    except Exception as error:  # noqa: BLE001  (any failure is the answer)
        log.warning("health.staff_unknown", error=repr(error))
        return presence.Staff(dict.fromkeys(QUEUES, 0), 0)


CHECKS: dict[str, Callable[[], Awaitable[None]]] = {
    "database": check_database,
    "migrations": check_migrations,
    "isolation": check_isolation,
    "broker": check_broker,
    "storage": check_storage,
}
