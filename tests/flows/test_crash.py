"""Workers killed with -9 while they compile: nothing is lost, nothing is stored twice."""

import asyncio
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.flows.visitor import Panel, is_ready
from tests.support import media
from tests.support.servers import TestServers
from tests.support.stack import RunningStack, make_stack

SEED = 20261123
ATTEMPTS = """
    select max(jobs.attempts) from jobs join targets on targets.job_id = jobs.id
    where targets.content_id = $1
"""


@pytest.fixture(scope="module")
def stack(servers: TestServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A service of these tests' own: it will be hurt."""
    made = make_stack(servers, tmp_path_factory.mktemp("crash"))
    try:
        made.start()
        yield made
    finally:
        made.stop()


def _markers(stack: RunningStack) -> list[Path]:
    return list((stack.storage / "vertex-ar" / "markers").rglob("*.arvt"))


def _count(stack: RunningStack, query: str, content_id: str | None) -> Any:
    """One number from the stack's database; `$1` is the content."""

    async def ask() -> Any:
        connection = await asyncpg.connect(
            stack.environment["DATABASE_URL"].replace("+asyncpg", "")
        )
        try:
            return await connection.fetchval(query, *filter(None, [content_id]))
        finally:
            await connection.close()

    return asyncio.run(ask())


def test_a_worker_killed_while_compiling_loses_nothing(stack: RunningStack) -> None:
    """Killed in the middle, started again: the target is ready, and exactly one is stored."""
    panel = Panel(stack)
    made = panel.create_content(media.photo(1280, 960))
    panel.wait_for(made["id"], lambda target: target["status"] == "compiling", 0.01)

    stack.kill("worker")
    killed = time.monotonic()
    hurt = panel.content(made["id"])["target"]["status"]
    stack.start_worker()
    ready = panel.wait_for(made["id"], is_ready)

    print(f"target ready {time.monotonic() - killed:.1f} s after kill -9")
    assert "compiling" == hurt
    key = ready["target"]["url"].partition("?")[0].removeprefix("/storage/")
    assert stack.storage / key in _markers(stack)
    assert _stored_once(stack, made["id"])
    assert 2 == _count(stack, ATTEMPTS, made["id"])


def test_workers_killed_at_any_moment_lose_nothing(stack: RunningStack) -> None:
    """Four targets, two kills at moments chosen by a seed: four are ready, four are stored."""
    panel, chance = Panel(stack), random.Random(SEED)
    made = [panel.create_content(media.photo(seed=number)) for number in range(20, 24)]

    for _ in range(2):
        time.sleep(chance.uniform(0.1, 0.8))
        stack.kill("worker")
        stack.start_worker()
    contents = [panel.wait_for(content["id"], is_ready) for content in made]

    stored = {content["target"]["url"].partition("?")[0].rsplit("/", 1)[-1] for content in contents}
    assert 4 == len(stored)
    assert stored <= {path.name for path in _markers(stack)}
    assert all(_stored_once(stack, content["id"]) for content in made)


def _stored_once(stack: RunningStack, content_id: str) -> bool:
    """One target, one registered file, one event of it, and no marker file nobody registered."""
    files = _count(stack, "select count(*) from stored_files where key like '%.arvt'", None)
    return [1, 1, len(_markers(stack))] == [
        _count(stack, "select count(*) from targets where content_id = $1", content_id),
        _count(
            stack,
            "select count(*) from events where name = 'target.ready' and subject_id = $1",
            content_id,
        ),
        files,
    ]
