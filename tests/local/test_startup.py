"""What would fail later is refused when a process starts: real starts, one line each."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
import structlog

from app.core.config import CHECKOUT, get_settings
from app.local.console import StartRefused
from app.local.ports import free_port
from app.local.startup import open_secrets, refuse_unsafe_start, refuse_wrong_clock


def started(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`arv COMMAND` with the settings of the test and these; it is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *command],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The one line a refused start leaves."""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert (1, 1) == (done.returncode, len(lines)), done.stderr
    return lines[0]


@pytest.fixture
async def shifted_clock(database: str, owner: asyncpg.Connection) -> None:
    """The database's clock is two minutes ahead: a function of ours stands before PostgreSQL's."""
    await owner.execute(
        "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS "
        "$$ SELECT pg_catalog.clock_timestamp() + interval '2 minutes' $$"
    )
    await owner.execute(f'ALTER DATABASE "{database}" SET search_path = public, pg_catalog')


@pytest.mark.usefixtures("database")
def test_more_connections_than_the_server_has_are_refused() -> None:
    """All processes at their fullest would starve each other, and whoever looks for the cause."""
    done = started("serve", f"--port={free_port()}", WEB_CONCURRENCY="20", DB_POOL_SIZE="5")

    line = refusal(done)
    assert "20 API processes with 10 database connections each" in line
    assert "are 200, and the server has 97" in line


@pytest.mark.usefixtures("shifted_clock")
def test_a_database_in_another_time_is_refused() -> None:
    """Leases, addresses of files and one-time codes would end at the wrong moment."""
    assert "the database's clock is 12" in refusal(started("serve", f"--port={free_port()}"))


def test_unsafe_settings_are_refused() -> None:
    """Before anything is opened; tests/core/test_config.py has all of them."""
    done = started("serve", ENVIRONMENT="production", SECRET_KEY="change-me")

    assert "SECRET_KEY is a placeholder" in refusal(done)


def test_a_difference_of_seconds_is_a_warning() -> None:
    """Clocks drift; a minute is no drift."""
    with structlog.testing.capture_logs() as logged:
        refuse_wrong_clock(timedelta(seconds=-6))
        refuse_wrong_clock(timedelta(seconds=2))

    assert [("clock.differs", -6)] == [(entry["event"], entry["seconds"]) for entry in logged]
    with pytest.raises(StartRefused, match="61 s behind"):
        refuse_wrong_clock(timedelta(seconds=-61))


def test_a_silent_database_is_waited_for(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An API that starts before its database is not ready, and becomes so: no reason to refuse."""
    monkeypatch.setenv("DATABASE_URL", f"postgresql://arv@127.0.0.1:{free_port()}/{database}")
    get_settings.cache_clear()

    with structlog.testing.capture_logs() as logged:
        refuse_unsafe_start(api_processes=1000)

    assert ["startup.database_silent"] == [entry["event"] for entry in logged]


def test_secrets_everybody_may_read_are_told(tmp_path: Path) -> None:
    """Those of a container are its own; those on a machine are its users' too."""
    closed, readable = tmp_path / "closed", tmp_path / "open"
    for path, mode in ((closed, 0o600), (readable, 0o644)):
        path.write_text("secret")
        path.chmod(mode)

    named = {
        "SECRET_KEY_FILE": str(closed),
        "SMTP_URL_FILE": str(readable),
        "SSL_CERT_FILE": str(readable),
    }

    assert [readable] == open_secrets(named)
