"""The server is lost: on an empty machine one command brings everything back (`make drill`: at full size)."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.backups import service
from app.backups.database import Place, tables_of
from app.backups.manifest import Table
from app.backups.place import source_database
from app.core.config import CHECKOUT, get_settings
from app.core.database import dispose_engine
from tests.faults.report import full, recovered
from tests.support import people
from tests.support.backups import add_files, backup_settings, files_below
from tests.support.servers import TestServers, start_servers
from tests.support.settings import applied

PROMISED_SECONDS = 300
FILE_BYTES = 20_000
_FILL = """
  INSERT INTO events (id, name, company_id, subject_id, data, created_at)
  SELECT gen_random_uuid(), 'content.viewed', (SELECT id FROM companies LIMIT 1), gen_random_uuid(),
         jsonb_build_object('a', md5(n::text), 'b', md5((n * 7)::text), 'c', md5((n * 11)::text),
                            'd', md5((n * 13)::text), 'e', md5((n * 17)::text)),
         now() - n * interval '1 second'
  FROM generate_series(1, $1::int) n"""


@pytest.fixture
def empty_machine() -> Iterator[TestServers]:
    """A PostgreSQL server on which nobody ever was."""
    started = start_servers()
    try:
        yield started
    finally:
        started.stop()


def _require_same(saved: dict[str, Table], found: dict[str, Table]) -> None:
    """The register notes that the backup was finished, in its row and in one event; all else is the same."""
    assert saved["events"].rows + 1 == found["events"].rows
    for name in saved.keys() - {"backups", "events"}:
        assert saved[name] == found[name], name
    assert saved.keys() == found.keys()


def _restore(environment: dict[str, str]) -> float:
    """Seconds the one command took."""
    began = time.monotonic()
    restored = subprocess.run(
        [sys.executable, "-m", "app.cli", "backup", "restore", "latest"],
        env=environment,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == restored.returncode, restored.stderr
    return time.monotonic() - began


@pytest.mark.timeout(3600)
async def test_a_lost_server_is_back_in_five_minutes(
    database: str, tmp_path: Path, empty_machine: TestServers
) -> None:
    """1 GB of rows and 10,000 files: restored by one command, then compared row by row and file by file."""
    with applied(backup_settings(tmp_path)):
        content = get_settings().storage.root
        company = await people.make_company("North Light")
        await add_files(company, content, count=full(100, 10_000), size_bytes=FILE_BYTES)
        old = source_database()
        async with old.connect() as connection:
            await connection.execute(_FILL, full(2_000, 1_250_000), timeout=1800)
            size = await connection.fetchval("SELECT pg_database_size(current_database())")
        began_backup = time.monotonic()
        made = await service.create()
        backup_seconds = time.monotonic() - began_backup
        files = files_below(content)
    await dispose_engine()
    shutil.rmtree(content)
    new = Place.of(empty_machine.postgres.url("arv"))

    seconds = _restore(
        {
            **backup_settings(tmp_path),
            "DATABASE_URL": empty_machine.postgres.url("arv"),
            "STORAGE_ROOT": str(tmp_path / "new-content"),
        }
    )

    _require_same(made.tables, await tables_of(new))
    assert files == files_below(tmp_path / "new-content")
    detail = f"{size / 2**20:,.0f} MB, {len(files):,} files, backup {backup_seconds:.0f} s"
    print(f"\nback after {seconds:.1f} s: {detail}")
    recovered(
        "server lost",
        condition="one command on an empty machine, every row and file compared",
        seconds=seconds,
        limit=PROMISED_SECONDS,
        detail=detail,
    )
