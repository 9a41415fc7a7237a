"""`arv upgrade --check`: whether this release may be rolled out onto the running installation.

Run it with the new release's image and the installation's settings; it changes nothing.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal

from alembic.script import Script, ScriptDirectory
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import __version__
from app.backups import queries as backups
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import dispose_engine, open_session
from app.core.migration_review import felt_by_the_running
from app.core.migrations import alembic_config
from app.local.console import say
from app.tasks.broker import BrokerEvicts, check_broker

OLDEST_POSTGRES: Final = 15
BACKUP_NOT_OLDER_THAN: Final = timedelta(hours=24)
LEAST_FREE_BYTES: Final = 2 * 2**30
LEAST_FREE_SHARE: Final = 0.05
MARKS: Final = {"ok": "✓", "warning": "!", "refused": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer; `refused` means: not yet."""

    verdict: Literal["ok", "warning", "refused"]
    subject: str
    words: str


def check_upgrade() -> bool:
    """Print every finding and the verdict; True when the release may be rolled out."""
    findings = asyncio.run(examined())
    for each in findings:
        say(f"  {MARKS[each.verdict]} {each.subject:<12} {each.words}")
    refused = sum(each.verdict == "refused" for each in findings)
    if refused:
        say(f"do not roll out {__version__} yet: {refused} of these come first")
        return False
    say(f"{__version__} may be rolled out")
    return True


async def examined() -> list[Finding]:
    """Everything that was asked; when the database is silent, what can be said without it."""
    try:
        database = await _asked("database", _database)
        if database[-1].verdict == "refused":
            return [*_settings(), *database]
        schema = await _asked("schema", _schema)
        is_migrating = any(finding.subject == "migration" for finding in schema)
        return [
            *_settings(),
            *database,
            *schema,
            *await _asked("backup", lambda: _backup(is_migrating=is_migrating)),
            *await _asked("broker", _broker),
            *_disk(get_settings().storage.root),
        ]
    finally:
        await dispose_engine()


async def _asked(subject: str, question: Callable[[], Awaitable[list[Finding]]]) -> list[Finding]:
    """Its findings; whoever does not answer is a finding too."""
    try:
        return await question()
    except (DBAPIError, RedisError, OSError) as error:
        said = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
        return [Finding("refused", subject, said.splitlines()[0])]


def _settings() -> list[Finding]:
    """That we are here says that none is refused; what is missing in silence is told."""
    settings = get_settings()
    findings = [Finding("ok", "settings", f"accepted, {settings.environment}")]
    if settings.is_production and not settings.backups.repository:
        findings.append(Finding("warning", "settings", "BACKUP_REPOSITORY is empty: no backups"))
    if settings.is_production and not settings.web.is_https:
        findings.append(Finding("warning", "settings", "PUBLIC_URL is not https"))
    return findings


async def _database() -> list[Finding]:
    async with open_session(system="upgrade") as session:
        number = int((await session.execute(text("SHOW server_version_num"))).scalar_one())
        size = (await session.execute(text("SELECT pg_database_size(current_database())"))).scalar()
    major = number // 10_000
    if major < OLDEST_POSTGRES:
        words = f"PostgreSQL {major} is too old: {OLDEST_POSTGRES} or newer"
        return [Finding("refused", "database", words)]
    return [Finding("ok", "database", f"PostgreSQL {major}, {(size or 0) / 1e6:,.0f} MB")]


async def _schema() -> list[Finding]:
    async with open_session(system="upgrade") as session:
        rows = await session.execute(text("SELECT version_num FROM alembic_version"))
        applied = set(rows.scalars())
    scripts = ScriptDirectory.from_config(alembic_config())
    known = {script.revision for script in scripts.walk_revisions()}
    if applied - known:
        words = f"at {', '.join(sorted(applied - known))}, which this release does not know"
        return [Finding("refused", "schema", f"{words}: it is older than what runs")]
    pending = _pending(scripts, applied)
    if not pending:
        return [Finding("ok", "schema", f"at {', '.join(sorted(applied))}, nothing to do")]
    words = f"{len(pending)} migrations to run, in this order"
    return [Finding("ok", "schema", words), *(_migration(script) for script in pending)]


def _pending(scripts: ScriptDirectory, applied: set[str]) -> list[Script]:
    """Oldest first."""
    since = tuple(sorted(applied)) or "base"
    return list(reversed(list(scripts.iterate_revisions("heads", since))))


def _migration(script: Script) -> Finding:
    felt = felt_by_the_running(Path(script.path))
    if not felt:
        return Finding("ok", "migration", f"{script.revision} only adds")
    words = f"{script.revision} {'; '.join(felt)}: roll out with a pause (docs/runbooks/upgrade.md)"
    return Finding("refused", "migration", words)


async def _backup(*, is_migrating: bool) -> list[Finding]:
    async with open_session(system="upgrade") as session:
        last = await backups.last_success(session)
    if last is not None and utcnow() - last < BACKUP_NOT_OLDER_THAN:
        return [Finding("ok", "backup", f"the last one is of {last:%Y-%m-%d %H:%M} UTC")]
    age = "there is none" if last is None else f"the last one is of {last:%Y-%m-%d %H:%M} UTC"
    if is_migrating:
        return [Finding("refused", "backup", f"{age}: arv backup create, then migrate")]
    return [Finding("warning", "backup", age)]


async def _broker() -> list[Finding]:
    try:
        await check_broker()
    except BrokerEvicts as error:
        return [Finding("refused", "broker", str(error))]
    return [Finding("ok", "broker", "keeps what it was given")]


def _disk(folder: Path) -> list[Finding]:
    if not folder.is_dir():
        return [Finding("refused", "disk", f"there is no {folder}")]
    usage = shutil.disk_usage(folder)
    words = f"{usage.free / 1e9:,.1f} GB free of {usage.total / 1e9:,.0f} where the files are"
    is_low = usage.free < max(LEAST_FREE_BYTES, LEAST_FREE_SHARE * usage.total)
    return [Finding("refused" if is_low else "ok", "disk", words)]
