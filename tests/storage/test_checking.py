"""The register and the storage are compared in both directions."""

import os
import time
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.notices import Notice
from app.storage import keeping_queries, queries
from app.storage.checking import Check, Findings
from app.storage.keeping_tasks import check_storages
from app.storage.models import StorageCheck
from app.storage.sweeping import sweep
from tests.storage.keeping_world import World
from tests.support import people
from tests.support.jobs import run_queued_jobs


async def check(world: World, **options: bool) -> Findings:
    async def unwatched(_fraction: float) -> None:
        pass

    return await Check(world.company.id, utcnow(), **options).run(unwatched)


def age(world: World, key: str, *, days: float) -> None:
    when = time.time() - days * 86400
    os.utime(world.local_path(key), (when, when))


async def test_a_storage_that_is_whole(world: World) -> None:
    """A deep check of a whole storage finds nothing."""
    await world.add_files(8)

    found = await check(world, is_deep=True)

    assert found.is_whole
    assert (8, 0, 0, 0) == (found.files, found.missing, found.damaged, found.orphans)


async def test_rows_without_bytes_are_missing_and_other_sizes_damaged(world: World) -> None:
    """Both are counted and named."""
    gone, shorter, _whole = await world.add_files(3)
    world.local_path(gone).unlink()
    world.local_path(shorter).write_bytes(b"x" * 5000)

    found = await check(world)

    assert (1, 1) == (found.missing, found.damaged)
    assert {f"missing: {gone}", f"damaged: {shorter}"} == set(found.examples)


async def test_only_a_deep_check_sees_other_bytes_of_the_same_size(world: World) -> None:
    """Sizes are quick, hashes are sure."""
    (key,) = await world.add_files(1)
    path = world.local_path(key)
    path.write_bytes(bytes(path.stat().st_size))

    assert (await check(world)).is_whole
    assert 1 == (await check(world, is_deep=True)).damaged


async def test_bytes_without_a_row_are_orphans_after_a_day(world: World) -> None:
    """Before, somebody may be about to register them."""
    old, young = await world.add_files(2)
    async with session_scope(system="tests") as session:
        for key in (old, young):
            row = await world.row_of(key)
            await session.delete(row)
    age(world, old, days=1.1)

    found = await check(world)

    assert (1, [f"orphan: {old}"]) == (found.orphans, found.examples)


async def test_nothing_is_changed_unless_asked(world: World) -> None:
    """Looking leaves no trace."""
    gone, orphan = await world.add_files(2)
    world.local_path(gone).unlink()
    async with session_scope(system="tests") as session:
        await session.delete(await world.row_of(orphan))
    age(world, orphan, days=2)

    assert 0 == (await check(world)).repaired

    row = await world.row_of(gone)
    assert row is not None
    assert row.missing_since is None
    assert await world.row_of(orphan) is None


async def test_repairs_flag_what_is_missing_and_hand_orphans_to_the_sweep(world: World) -> None:
    """And what has come back is no longer flagged."""
    gone, orphan = await world.add_files(2)
    content = world.local_path(gone).read_bytes()
    world.local_path(gone).unlink()
    async with session_scope(system="tests") as session:
        await session.delete(await world.row_of(orphan))
    age(world, orphan, days=2)

    assert 2 == (await check(world, repairs=True)).repaired
    row = await world.row_of(gone)
    assert row is not None
    assert row.missing_since is not None

    await sweep(now=utcnow() + timedelta(days=31))
    assert not world.local_path(orphan).exists()
    world.local_path(gone).write_bytes(content)
    assert 1 == (await check(world, repairs=True)).repaired
    row = await world.row_of(gone)
    assert row is not None
    assert row.missing_since is None


async def test_files_that_come_and_go_meanwhile_are_no_findings(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A listing is old when it ends: every suspicion is looked at again by itself."""
    (let_go,) = await world.add_files(1)
    listing = keeping_queries.files_under
    came: list[str] = []

    async def meanwhile(*args: object, **options: object) -> object:
        if not came:
            came.extend(await world.add_files(2, seed=4))
            world.local_path(let_go).unlink()
            await world.release(let_go)
        return await listing(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(keeping_queries, "files_under", meanwhile)

    found = await check(world)

    assert (0, 0, 0) == (found.missing, found.damaged, found.orphans)


async def test_the_weekly_check_tells_people_what_is_missing(world: World) -> None:
    """A row of the check, an event, and a notification; a second tick makes no second check."""
    (key,) = await world.add_files(1)
    world.local_path(key).unlink()

    await check_storages()
    await check_storages()
    await run_queued_jobs()

    async with session_scope(system="tests") as session:
        (found,) = (await session.scalars(select(StorageCheck))).all()
        kinds = list(await session.scalars(select(Notice.kind)))
    assert ("done", 1, [f"missing: {key}"]) == (found.state, found.missing, found.examples)
    assert ["storage.failing"] == kinds


async def test_a_storage_that_lets_nobody_in_is_told_too(world: World) -> None:
    """Not being able to look is not the same as all is well."""
    await world.add_files(1)
    async with session_scope(system="tests") as session:
        target = await queries.connection_by_id(session, world.company.id, world.target_id)
        assert target is not None
        await queries.switch_active(session, world.company.id, target)
    world.yandex.revoke()

    await check_storages()
    await run_queued_jobs()

    async with session_scope(system="tests") as session:
        (found,) = (await session.scalars(select(StorageCheck))).all()
        kinds = list(await session.scalars(select(Notice.kind)))
    assert ("failed", "access_denied") == (found.state, found.failure_code)
    assert ["storage.failing"] == kinds


async def test_a_check_can_be_asked_for(world: World, app: FastAPI) -> None:
    """One at a time; its result is shown."""
    owner = await people.make_member(app, company=world.company)
    await world.add_files(2)

    asked = await owner.post("/storage-checks", json={"is_deep": True})
    assert 202 == asked.status_code, asked.text
    assert "check_running" == (await owner.post("/storage-checks", json={})).json()["code"]
    await run_queued_jobs()

    shown = (await owner.get(f"/storage-checks/{asked.json()['id']}")).json()
    assert ("done", 2, 0) == (shown["state"], shown["files"], shown["missing"])
