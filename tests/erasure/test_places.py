"""What a company leaves in storages it no longer uses goes with it; one that is away holds up nobody."""

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from app.companies.models import Company
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.ids import uuid7
from app.core.jobs import Job
from app.erasure import service as erasure
from app.erasure.models import Erasure
from app.events.models import Event
from app.storage.models import StorageConnection, StoredFile
from app.storage.opening import open_storage, sealed
from app.storage.port import Storage, content_key
from tests.storage.keeping_world import World, make_world, set_up_yandex
from tests.support.jobs import run_due_again, run_queued_jobs
from tests.support.s3 import ADMIN, REGION, S3Server, make_bucket
from tests.support.yandex import Yandex, running_yandex

TEST = "tests"


@pytest.fixture
async def yandex() -> AsyncIterator[Yandex]:
    async with running_yandex() as running:
        yield running


@pytest.fixture
async def world(
    database: str, yandex: Yandex, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """A company on the local disk, with a Yandex Disk besides."""
    monkeypatch.setitem(os.environ, "OUTBOUND_ALLOWED_NETWORKS", "127.0.0.0/8")
    set_up_yandex(yandex, monkeypatch)
    yield await make_world(yandex)
    monkeypatch.undo()
    get_settings.cache_clear()


async def connect_bucket(server: S3Server, bucket: str, company_id: UUID) -> StorageConnection:
    """An archived connection to the bucket, as a move leaves it behind."""
    connection_id = uuid7()
    secrets = {"access_key_id": ADMIN.key_id, "secret_access_key": ADMIN.secret}
    connection = StorageConnection(
        id=connection_id,
        company_id=company_id,
        name="Bucket",
        kind="s3",
        settings={"endpoint": server.endpoint, "region": REGION, "bucket": bucket},
        secret=sealed(connection_id, secrets),
        archived_at=utcnow(),
    )
    async with session_scope(system=TEST) as session:
        session.add(connection)
    return connection


async def leave(
    place: Storage, company: str, folder: Path, *, kind: tuple[str, str] = ("videos", "mp4")
) -> str:
    """A file nobody registered, below the company's path."""
    source = folder / uuid4().hex
    source.write_bytes(os.urandom(900))
    key = content_key(company, kind[0], sha256(source.read_bytes()).hexdigest(), kind[1])
    await place.put(source, key)
    return key


async def keys_in(place: Storage, company: str) -> list[str]:
    return [key async for key, _ in place.list_keys(f"{company}/")]


async def disk_of(world: World) -> Storage:
    async with session_scope(system=TEST) as session:
        return open_storage(await session.get_one(StorageConnection, world.target_id))


async def delete_company(world: World) -> None:
    async with session_scope(system=TEST) as session:
        company = await session.get_one(Company, world.company.id)
        company.deleted_at = utcnow() - timedelta(days=1)
    async with session_scope(system=TEST) as session:
        await erasure.begin(session, world.company.id, now=utcnow())


async def erasure_of(world: World) -> Erasure:
    async with session_scope(system=TEST) as session:
        found = select(Erasure).where(Erasure.erased_company_id == world.company.id)
        return (await session.scalars(found)).one()


async def rows_left(world: World, model: Any) -> int:
    async with session_scope(system=TEST) as session:
        mine = select(model).where(model.company_id == world.company.id)
        return len(list(await session.scalars(mine)))


async def make_due() -> None:
    async with session_scope(system=TEST) as session:
        await session.execute(update(Job).values(run_after=utcnow() - timedelta(seconds=1)))


async def test_spare_copies_and_orphans_go_everywhere(
    world: World, s3: S3Server, tmp_path: Path
) -> None:
    """The old bucket and the second Disk are emptied too; what others have in the bucket stays."""
    slug = world.company.storage_path
    bucket = open_storage(await connect_bucket(s3, make_bucket(s3), world.company.id))
    disk = await disk_of(world)
    await world.add_files(3)
    for place in (bucket, disk):
        await leave(place, slug, tmp_path)
        # What was sent straight into a bucket and never completed.
        await leave(place, slug, tmp_path, kind=("sources", "part"))
    await leave(bucket, f"{slug}-neighbour", tmp_path)
    await delete_company(world)

    await run_queued_jobs()

    done = await erasure_of(world)
    assert ("done", 3) == (done.state, done.report["files"])
    assert 7 == done.report["files_removed"]
    assert [] == await keys_in(bucket, slug)
    assert [] == [path for path in world.yandex.files() if f"/{slug}/" in path]
    assert 1 == len(await keys_in(bucket, f"{slug}-neighbour"))


async def test_lists_in_pages_hide_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is removed moves the rest of the list forward; those it moved past are found all the same."""
    monkeypatch.setattr("app.storage.backends.yandex_disk.PAGE", 3)
    monkeypatch.setattr("app.erasure.places.KEYS_AT_ONCE", 4)
    slug, disk = world.company.storage_path, await disk_of(world)
    for _ in range(11):
        await leave(disk, slug, tmp_path)
    await delete_company(world)

    await run_queued_jobs()

    assert "done" == (await erasure_of(world)).state
    assert [] == [path for path in world.yandex.files() if f"/{slug}/" in path]


async def test_a_storage_that_is_away_is_told_and_tried_again(world: World, tmp_path: Path) -> None:
    """All else goes at once, the way to the Disk is kept; when it answers again, the rest goes too."""
    slug = world.company.storage_path
    await leave(await disk_of(world), slug, tmp_path)
    await world.add_files(2)
    await delete_company(world)
    world.yandex.fail_next(503, times=10_000)

    await run_queued_jobs()

    waiting = await erasure_of(world)
    told = {"connection_id": str(world.target_id), "kind": "yandex_disk"}
    [left] = waiting.report["not_emptied"]
    assert ("running", told) == (waiting.state, {name: left[name] for name in told})
    assert (0, 2) == (await rows_left(world, StoredFile), await rows_left(world, StorageConnection))
    assert not (get_settings().storage.root / slug).exists()
    async with session_scope(system=TEST) as session:
        events = list(
            await session.scalars(select(Event).where(Event.name.contains("unreachable")))
        )
    assert [waiting.report["not_emptied"]] == [event.data["not_emptied"] for event in events]

    world.yandex.failures.clear()
    await make_due()
    await run_due_again()

    done = await erasure_of(world)
    assert ("done", []) == (done.state, done.report["not_emptied"])
    assert [] == [path for path in world.yandex.files() if f"/{slug}/" in path]
    assert 0 == await rows_left(world, StorageConnection)


async def test_a_storage_that_stays_away_is_given_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a week the company is gone, and the report says which place was not emptied."""
    await delete_company(world)
    world.yandex.revoke()
    await run_queued_jobs()
    before = await erasure_of(world)

    later = utcnow() + timedelta(days=8)
    monkeypatch.setattr("app.erasure.tasks.utcnow", lambda: later)
    await make_due()
    await run_due_again()

    done = await erasure_of(world)
    assert ("running", "done") == (before.state, done.state)
    [left] = done.report["not_emptied"]
    assert str(world.target_id) == left["connection_id"]
    async with session_scope(system=TEST) as session:
        assert await session.get(Company, world.company.id) is None


async def test_the_sweep_begins_no_second_job(world: World) -> None:
    """While one waits for a storage, the daily sweep leaves it its turn."""
    await delete_company(world)
    async with session_scope(system=TEST) as session:
        await erasure.begin(session, world.company.id, now=utcnow())
        jobs = await session.scalars(select(Job).where(Job.task_name == erasure.ERASE_TASK))
        assert 1 == len(list(jobs))
