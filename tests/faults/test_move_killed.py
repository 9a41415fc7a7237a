"""A company's move whose workers are killed again and again: it arrives, and sends nothing twice."""

import asyncio
import multiprocessing
import os
import random
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.jobs import Job, JobState
from app.storage import moving
from app.storage.models import StorageMove
from app.storage.opening import local_storage
from app.tasks.sweeper import sweep_jobs
from tests.faults import move_child
from tests.faults.report import full, recovered
from tests.storage.keeping_world import World, make_world, set_up_yandex
from tests.storage.test_moving import move_of, owner_of, start
from tests.support.yandex import running_yandex

SEED = 20261123
FILES = 40
LAST_STEP = 500


@pytest.fixture
async def world(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with running_yandex() as yandex:
        set_up_yandex(yandex, monkeypatch)
        yield await make_world(yandex)
        monkeypatch.undo()
        get_settings.cache_clear()


async def test_a_move_survives_kill_9_anywhere(world: World) -> None:
    """At seeded steps of the work, with files that come meanwhile: all there, each moved in once."""
    kills = full(3, 30)
    chance = random.Random(SEED)
    keys = await world.add_files(FILES, seed=SEED)
    move_id = await start(world)
    killed, slowest = 0, 0.0
    while (await move_of(move_id)).state != "done":
        point = chance.randint(1, LAST_STEP) if killed < kills else 0
        began = time.monotonic()
        killed += await _worker(await _job(world, move_id), kill_at=point)
        if killed == kills // 2:
            keys += await world.add_files(1, seed=killed)
        await _repair()
        slowest = max(slowest, time.monotonic() - began)

    arrived = {f"app:/{key}": local_storage().path_of(key).read_bytes() for key in set(keys)}
    # What a kill left in the folder of arrivals is no file yet; the weekly check removes it.
    kept = {path: file for path, file in world.yandex.files().items() if ".incoming" not in path}
    assert arrived == kept
    moved = [path for path in world.yandex.moved if path in arrived]
    assert sorted(set(moved)) == sorted(moved), "a proved file was sent again"
    assert world.target_id == await world.active_id()
    move = await move_of(move_id)
    assert move.files_done == len(set(keys))
    recovered(
        "storage move: worker killed -9",
        condition="goes on where it was, nothing twice",
        seconds=slowest,
        limit=60,
        detail=f"{killed} kills, {len(set(keys))} files",
    )


async def _worker(job_id: UUID, *, kill_at: int) -> bool:
    """Whether it was killed; 0 lets it live."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([move_child.__name__])
    process = context.Process(target=move_child.work, args=(dict(os.environ), str(job_id), kill_at))
    process.start()
    await asyncio.to_thread(process.join, 60)
    assert process.exitcode in (0, -9), process.exitcode
    return process.exitcode == -9


async def _job(world: World, move_id: UUID) -> UUID:
    """The job that waits for a worker; a move that gave up after its attempts is resumed by its owner."""
    if (await move_of(move_id)).state == "failed":
        async with session_scope(company_id=world.company.id) as session:
            await moving.resume_move(session, owner_of(world), move_id)
    async with session_scope(system="tests") as session:
        await session.execute(update(Job).values(run_after=utcnow() - timedelta(seconds=1)))
        waiting = select(Job.id).where(
            Job.task_name == moving.MOVE_TASK, Job.state == JobState.QUEUED
        )
        found = await session.scalar(waiting.order_by(Job.id.desc()).limit(1))
        state = (await session.get_one(StorageMove, move_id)).state
    assert found is not None, f"the move is {state} and no job waits"
    return found


async def _repair() -> None:
    """What the sweeper does once the dead worker's lease has run out."""
    async with session_scope(system="tests") as session:
        await session.execute(
            update(Job)
            .where(Job.state == JobState.RUNNING)
            .values(lease_until=utcnow() - timedelta(seconds=1))
        )
    await sweep_jobs()
