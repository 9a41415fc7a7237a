"""What would fail later, and where nobody looks, is refused when a process starts: one line, exit 1.

A database that does not answer is no reason: it is waited for, and readiness says so meanwhile.
"""

import asyncio
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import text

from app.core.clock import utcnow
from app.core.config import Group, Settings, get_settings
from app.core.database import DATABASE_SILENT, dispose_engine, open_session
from app.local.console import StartRefused

log = structlog.get_logger(__name__)

DATABASE_ANSWERS_WITHIN_SECONDS: Final = 5.0
# Leases, signed addresses and one-time codes compare our clock with that of others.
SKEW_WORTH_A_WARNING: Final = timedelta(seconds=5)
SKEW_REFUSED: Final = timedelta(seconds=60)
# Mounted for one container alone, whatever its mode says.
MOUNTED_SECRETS: Final = Path("/run/secrets")


@dataclass(frozen=True, slots=True)
class Server:
    """What the database says of itself, and our clock while it did."""

    connections: int
    clock: datetime
    ours: datetime


def refuse_unsafe_start(*, api_processes: int = 0) -> None:
    """Raises `StartRefused` when the server can not hold the pools of so many processes, or its clock is
    another one than ours. Secrets that everybody on the machine may read are a warning."""
    settings = get_settings()
    for path in open_secrets(os.environ):
        log.warning("settings.secret_readable_by_all", path=str(path), remedy=f"chmod 600 {path}")
    server = asyncio.run(_server())
    if server is None:
        return
    refuse_too_many_connections(settings, api_processes, server.connections)
    refuse_wrong_clock(server.clock - server.ours)


def open_secrets(environment: Mapping[str, str]) -> list[Path]:
    """Files named by `<NAME>_FILE` that everybody on this machine may read."""
    given = (environment.get(f"{name}_FILE", "") for name in setting_names())
    named = [Path(path) for path in given if path]
    return [
        path
        for path in named
        if path.is_file()
        and not path.is_relative_to(MOUNTED_SECRETS)
        and path.stat().st_mode & stat.S_IROTH
    ]


def setting_names() -> list[str]:
    """The environment names of all settings."""
    names = []
    for field in Settings.model_fields.values():
        group = field.annotation
        if isinstance(group, type) and issubclass(group, Group):
            names += [str(inner.validation_alias) for inner in group.model_fields.values()]
        else:
            names.append(str(field.validation_alias))
    return names


def refuse_too_many_connections(settings: Settings, processes: int, connections: int) -> None:
    """Raises `StartRefused` when all processes at their fullest need more than the server has."""
    each = settings.database.pool_size + settings.database.max_overflow
    if processes * each > connections:
        raise StartRefused(
            f"{processes} API processes with {each} database connections each (DB_POOL_SIZE and "
            f"DB_MAX_OVERFLOW) are {processes * each}, and the server has {connections}: lower them or "
            "WEB_CONCURRENCY, or raise its max_connections."
        )


def refuse_wrong_clock(skew: timedelta) -> None:
    """Raises `StartRefused` when the database's clock and ours are a minute apart; warns of seconds."""
    seconds = round(skew.total_seconds(), 1)
    if abs(skew) > SKEW_REFUSED:
        raise StartRefused(
            f"the database's clock is {abs(seconds):g} s {'ahead of' if seconds > 0 else 'behind'} this "
            "machine's: let both follow a time server (timedatectl set-ntp true)."
        )
    if abs(skew) > SKEW_WORTH_A_WARNING:
        log.warning("clock.differs", seconds=seconds)


async def _server() -> Server | None:
    """None when the database does not answer."""
    try:
        async with asyncio.timeout(DATABASE_ANSWERS_WITHIN_SECONDS):
            return await _asked()
    except (*DATABASE_SILENT, TimeoutError) as error:
        log.warning("startup.database_silent", error=repr(error))
        return None
    finally:
        await dispose_engine()


async def _asked() -> Server:
    async with open_session(system="startup") as session:
        connections = (await session.execute(_CONNECTIONS)).scalar_one()
        before = utcnow()
        clock = (await session.execute(text("SELECT clock_timestamp()"))).scalar_one()
        return Server(connections, clock, before + (utcnow() - before) / 2)


_CONNECTIONS = text(
    "SELECT current_setting('max_connections')::int "
    "- current_setting('superuser_reserved_connections')::int"
)
