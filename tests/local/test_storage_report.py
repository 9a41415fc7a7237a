"""`arv doctor --storage`, as an operator runs it."""

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import pytest

from app.core.config import CHECKOUT, get_settings
from app.core.database import session_scope
from tests.storage.keeping_world import World, make_world, set_up_yandex
from tests.support.yandex import Yandex


@pytest.fixture
async def world(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Files on the local disk; nobody asks the Disk anything."""
    yandex = Yandex("http://127.0.0.1:9")
    set_up_yandex(yandex, monkeypatch)
    yield await make_world(yandex)
    monkeypatch.undo()
    get_settings.cache_clear()


def doctor(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", "doctor", "--storage", *options],
        cwd=CHECKOUT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def test_a_whole_storage_is_told_with_its_counts(world: World) -> None:
    """The exit code is 0."""
    await world.add_files(12)

    done = doctor("--deep")

    assert 0 == done.returncode, done.stderr
    assert "1 companies, 12 files" in done.stdout
    assert "0 missing, 0 damaged, 0 without a row" in done.stdout


async def test_missing_files_are_named_and_the_command_fails(world: World) -> None:
    """Exit code 1, so that a script notices; with --repair what has no row goes to the sweep."""
    gone, orphan = await world.add_files(2)
    world.local_path(gone).unlink()
    async with session_scope(system="tests") as session:
        await session.delete(await world.row_of(orphan))
    old = time.time() - 2 * 86400
    os.utime(world.local_path(orphan), (old, old))

    done = doctor()

    assert 1 == done.returncode
    assert f"missing: {gone}" in done.stdout
    assert f"orphan: {orphan}" in done.stdout
    assert "repaired: 2" in doctor("--repair").stdout
    row = await world.row_of(orphan)
    assert row is not None
    assert row.released_at is not None
