"""Released files go in time, and never one that somebody uses."""

import asyncio
import random
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update

from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.look.models import Look
from app.storage import moving, queries, service, sweeping
from app.storage.models import StoredFile
from app.storage.opening import local_storage
from app.storage.port import StorageUnavailable
from app.storage.service import StoredContent
from app.storage.sweeping import LEASE, REMEMBERED, Swept, sweep
from app.uploads.models import Upload
from app.uploads.unused import release_unused
from tests.storage.keeping_world import World
from tests.storage.test_moving import owner_of
from tests.support import contents, media, people

OLD = 31


async def test_bytes_go_after_their_time_and_the_row_follows(world: World) -> None:
    """Old ones only; what is in use or was released yesterday stays."""
    used, young, old = await world.add_files(3)
    await world.release(young, days_ago=29)
    await world.release(old, days_ago=OLD)

    done = await sweep(now=utcnow())

    assert 1 == done.files
    assert [True, True, False] == [world.local_path(k).exists() for k in (used, young, old)]
    row = await world.row_of(old)
    assert row is not None
    assert row.swept_at is not None

    await sweep(now=utcnow() + REMEMBERED * 1.1)
    assert await world.row_of(old) is None


async def test_a_file_taken_into_use_again_is_not_swept(world: World) -> None:
    """Holding takes back the release."""
    (key,) = await world.add_files(1)
    await world.release(key, days_ago=OLD)
    async with session_scope(system="tests") as session:
        assert await queries.hold_files(session, world.company.id, {key})

    assert 0 == (await sweep(now=utcnow())).files
    assert world.local_path(key).is_file()


async def test_a_claimed_file_can_not_be_used_again(world: World) -> None:
    """Who attaches it hears that it is gone, before its bytes are."""
    (key,) = await world.add_files(1)
    await world.release(key, days_ago=OLD)
    await sweeping._claim(utcnow(), Swept())

    async with session_scope(system="tests") as session:
        assert not await queries.hold_files(session, world.company.id, {key})


@pytest.mark.parametrize("crash_after", ["the claim", "deleting"])
async def test_a_crash_in_between_is_repaired(world: World, crash_after: str) -> None:
    """The next sweep after the lease finishes it; before, it keeps its hands off."""
    (key,) = await world.add_files(1)
    await world.release(key, days_ago=OLD)
    await sweeping._claim(utcnow(), Swept())
    if crash_after == "deleting":
        world.local_path(key).unlink()

    assert 0 == (await sweep(now=utcnow())).files
    assert 1 == (await sweep(now=utcnow() + LEASE * 1.1)).files
    assert not world.local_path(key).exists()


async def test_what_was_released_by_mistake_lives(world: World) -> None:
    """A row names it: the sweep believes the row, and the file is in use again."""
    (key,) = await world.add_files(1)
    await world.release(key, days_ago=OLD)
    async with session_scope(system="tests") as session:
        session.add(Look(company_id=world.company.id, logo_key=key))

    done = await sweep(now=utcnow())

    assert (0, 1) == (done.files, done.kept)
    row = await world.row_of(key)
    assert row is not None
    assert (None, None) == (row.released_at, row.sweeping_at)


async def test_the_same_bytes_sent_again_after_the_sweep_are_kept(world: World) -> None:
    """The row lives again, and later sweeps leave it alone."""
    (key,) = await world.add_files(1, seed=5)
    await world.release(key, days_ago=OLD)
    await sweep(now=utcnow())

    assert [key] == await world.add_files(1, seed=5)

    row = await world.row_of(key)
    assert row is not None
    assert (None, None) == (row.released_at, row.swept_at)
    assert 0 == (await sweep(now=utcnow() + timedelta(days=2))).files
    assert world.local_path(key).is_file()


async def test_bytes_put_before_and_registered_after_the_sweep_must_be_sent_again(
    world: World,
) -> None:
    """Never a row in use without its bytes: the one who comes late is told so."""
    (key,) = await world.add_files(1)
    await world.release(key, days_ago=OLD)
    row = await world.row_of(key)
    assert row is not None
    await sweep(now=utcnow())

    stored = StoredContent(key, row.sha256, row.media_type, row.size_bytes)
    with pytest.raises(StorageUnavailable, match="Try again"):
        async with session_scope(system="tests") as session:
            await service.register(session, world.company.id, stored)


async def test_a_storage_that_does_not_answer_holds_up_nobody_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files stay claimed and are tried again after the lease."""
    (key,) = await world.add_files(1)
    await world.release(key, days_ago=OLD)

    async def away(_self: object, _key: str) -> None:
        raise StorageUnavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr("app.storage.backends.local.LocalStorage.delete", away)
        assert 1 == (await sweep(now=utcnow())).failed

    assert 1 == (await sweep(now=utcnow() + LEASE * 1.1)).files


async def test_one_company_does_not_hold_up_another(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one round everybody has a turn."""
    monkeypatch.setattr(sweeping, "EACH", 2)
    for key in await world.add_files(6):
        await world.release(key, days_ago=OLD + 5)
    other = World(await people.make_company(), world.yandex, world.source_id, world.target_id)
    (late,) = await other.add_files(1, seed=9)
    await other.release(late, days_ago=OLD)

    claimed = await sweeping._claim(utcnow(), Swept())

    assert {world.company.id: 2, other.company.id: 1} == {
        company_id: len(files) for company_id, files in claimed.by_company.items()
    }


async def test_copies_of_an_open_move_are_swept_too(world: World) -> None:
    """Else they would arrive in the new storage with no row."""
    (key,) = await world.add_files(1)
    world.yandex.put_file(f"app:/{key}", world.local_path(key).read_bytes())
    await world.release(key, days_ago=OLD)
    async with session_scope(company_id=world.company.id) as session:
        await moving.start_move(session, owner_of(world), to_connection_id=world.target_id)

    await sweep(now=utcnow())

    assert {} == world.yandex.files()


async def test_sweep_against_everybody(world: World) -> None:
    """Sweeps, holds, releases and new uploads at once, in seeded disorder: nothing in use is ever lost."""
    seed = 20261123
    chance = random.Random(seed)
    keys = await world.add_files(24, seed=seed)
    for key in keys:
        await world.release(key, days_ago=OLD)
    refused = 0

    async def hold() -> None:
        nonlocal refused
        key = chance.choice(keys)
        async with session_scope(system="tests") as session:
            held = await queries.hold_files(session, world.company.id, {key})
            await asyncio.sleep(chance.random() / 200)
        refused += not held

    async def send_again() -> None:
        nonlocal refused
        try:
            await world.add_files(chance.randint(1, 6), seed=seed)
        except StorageUnavailable:
            refused += 1

    async def let_go() -> None:
        await world.release(chance.choice(keys), days_ago=OLD)

    async def sweep_now() -> None:
        await sweep(now=utcnow() + LEASE * chance.choice((0, 1.1)), seconds=0.2)

    for _ in range(12):
        work = [chance.choice((hold, send_again, let_go, sweep_now)) for _ in range(6)]
        await asyncio.gather(*(each() for each in work))

    in_use = await keys_in_use()
    assert [] == [key for key in in_use if not world.local_path(key).is_file()]
    assert in_use, f"{refused} refused: the seed should leave some in use"


async def keys_in_use() -> list[str]:
    async with session_scope(system="tests") as session:
        rows = await session.scalars(
            select(StoredFile.key).where(
                StoredFile.released_at.is_(None), StoredFile.sweeping_at.is_(None)
            )
        )
        return list(rows)


async def test_uploads_nobody_used_are_released(app: FastAPI) -> None:
    """After a week; one that a content uses, or that was sent again yesterday, stays."""
    owner = await people.make_member(app)
    unused = await contents.upload_id(owner, media.photo(seed=1))
    sent_again = [await contents.upload_id(owner, media.photo(seed=2)) for _ in range(2)]
    project = await contents.make_project(owner)
    used = await contents.upload_id(owner, media.photo(seed=3))
    body = {"title": "Used", "image_upload_id": used}
    await owner.post(f"/projects/{project}/contents", json=body)
    async with session_scope(system="tests") as session:
        await session.execute(
            update(Upload)
            .where(Upload.id.in_([unused, sent_again[0], used]))
            .values(created_at=utcnow() - timedelta(days=8))
        )

    assert 2 == await release_unused(now=utcnow()), "the picture and its thumbnail"

    async with session_scope(system="tests") as session:
        released = select(func.count()).where(StoredFile.released_at.is_not(None))
        assert 2 == await session.scalar(released)
    assert 30 == get_settings().keeping.released_days
    assert local_storage().root.is_dir()
