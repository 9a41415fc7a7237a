"""A company moves from one storage to another: everything arrives, once, and nothing is lost on the way."""

from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from app.companies.roles import OWNER, PERMISSIONS
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.jobs import Job, begin_again
from app.core.notices import Notice
from app.events.models import Event
from app.storage import grants, keeping_queries, keeping_tasks, moving, service
from app.storage.grants import Granted
from app.storage.keeping_tasks import clean_up_moves
from app.storage.models import StorageMove
from app.storage.moving import MoveNotPossible, MoveUnderWay
from app.tasks.runtime import REGISTRY, run_job
from tests.storage.keeping_world import World, connect_disk
from tests.support import people
from tests.support.jobs import run_queued_jobs


def owner_of(world: World) -> Actor:
    return Actor(
        None, "owner@example.com", company_id=world.company.id, permissions=PERMISSIONS[OWNER]
    )


async def start(world: World, target_id: UUID | None = None) -> UUID:
    async with session_scope(company_id=world.company.id) as session:
        move = await moving.start_move(
            session, owner_of(world), to_connection_id=target_id or world.target_id
        )
    return move.id


async def move_of(move_id: UUID) -> StorageMove:
    async with session_scope(system="tests") as session:
        return await session.get_one(StorageMove, move_id)


async def events_named(name: str) -> list[Event]:
    async with session_scope(system="tests") as session:
        return list(await session.scalars(select(Event).where(Event.name == name)))


async def make_due(move_id: UUID) -> None:
    async with session_scope(system="tests") as session:
        await session.execute(
            update(StorageMove)
            .where(StorageMove.id == move_id)
            .values(clean_up_after=utcnow() - timedelta(seconds=1))
        )


async def test_everything_arrives_and_the_company_is_switched(world: World) -> None:
    """Each file once, byte for byte; the old copies are there yet."""
    keys = await world.add_files(30)

    move_id = await start(world)
    await run_queued_jobs()

    move = await move_of(move_id)
    assert ("done", 30, 30) == (move.state, move.files_done, move.files_total)
    assert move.bytes_total == move.bytes_done
    assert world.target_id == await world.active_id()
    assert {
        f"app:/{key}": world.local_path(key).read_bytes() for key in keys
    } == world.yandex.files()
    assert ["storage.moved"] == [event.name for event in await events_named("storage.moved")]
    async with session_scope(system="tests") as session:
        assert ["storage.moved"] == list(await session.scalars(select(Notice.kind)))


async def test_what_is_there_already_is_not_sent_again(world: World) -> None:
    """Proved by reading: copies of a move that was cut short count."""
    keys = await world.add_files(5)
    for key in keys[:3]:
        world.yandex.put_file(f"app:/{key}", world.local_path(key).read_bytes())
    world.yandex.put_file(f"app:/{keys[3]}", b"broken")

    await start(world)
    await run_queued_jobs()

    uploads = [path for method, path in world.yandex.asked if path.startswith("/upload-target")]
    assert 2 + 1 == len(uploads), "two files, and the probe that tells two places apart"
    assert world.local_path(keys[3]).read_bytes() == world.yandex.files()[f"app:/{keys[3]}"]


async def test_files_that_come_during_the_move_come_along(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upload while files are carried is found before the switch."""
    await world.add_files(3)
    late: list[str] = []
    find = keeping_queries.files_to_move

    async def and_then_somebody_uploads(*args: object, **options: object) -> object:
        found = await find(*args, **options)  # type: ignore[arg-type]
        if not found and not late:
            late.extend(await world.add_files(2, seed=7))
        return found

    monkeypatch.setattr(keeping_queries, "files_to_move", and_then_somebody_uploads)
    move_id = await start(world)
    await run_queued_jobs()

    assert "done" == (await move_of(move_id)).state
    assert 2 == len(late)
    assert {f"app:/{key}" for key in late} < set(world.yandex.files())


async def test_a_file_put_before_and_registered_after_the_switch_is_carried_over(
    world: World,
) -> None:
    """The upload knows where it put the bytes, and the register where they belong now."""
    await world.add_files(1)
    async with session_scope(system="tests") as session:
        before = await service.storage_of(session, world.company.id)
    stored = await service.store_bytes(
        before,
        b"sent before",
        storage_path=world.company.storage_path,
        folder="videos",
        media_type="video/mp4",
    )
    await start(world)
    await run_queued_jobs()

    async with session_scope(system="tests") as session:
        await service.register(session, world.company.id, stored)

    assert b"sent before" == world.yandex.files()[f"app:/{stored.key}"]


async def test_a_move_goes_on_in_slices(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """No job holds a worker for longer than its slice."""
    monkeypatch.setattr(keeping_tasks, "SLICE_SECONDS", 0.001)
    monkeypatch.setattr("app.storage.carrying.BATCH", 4)
    await world.add_files(10)

    move_id = await start(world)
    done = await run_queued_jobs()

    assert "done" == (await move_of(move_id)).state
    assert 3 <= len([job for job in done if job.task_name == moving.MOVE_TASK])


async def test_a_paused_move_copies_nothing_and_goes_on_when_resumed(world: World) -> None:
    """The job that was on its way finds it paused and ends."""
    await world.add_files(4)
    move_id = await start(world)
    async with session_scope(company_id=world.company.id) as session:
        await moving.pause_move(session, owner_of(world), move_id)
    await run_queued_jobs()
    assert ("paused", 0) == ((await move_of(move_id)).state, len(world.yandex.files()))

    async with session_scope(company_id=world.company.id) as session:
        await moving.resume_move(session, owner_of(world), move_id)
    await run_queued_jobs()

    assert "done" == (await move_of(move_id)).state


async def test_a_cancelled_move_leaves_everything_where_it_was(world: World) -> None:
    """And the copies made so far are removed."""
    keys = await world.add_files(3)
    world.yandex.put_file(f"app:/{keys[0]}", world.local_path(keys[0]).read_bytes())
    move_id = await start(world)
    async with session_scope(company_id=world.company.id) as session:
        await moving.cancel_move(session, owner_of(world), move_id)
    await make_due(move_id)
    await clean_up_moves()
    await run_queued_jobs()

    assert world.source_id == await world.active_id()
    assert {} == world.yandex.files()
    assert all(world.local_path(key).is_file() for key in keys)


async def test_a_lost_file_stops_the_move_until_somebody_says_so(world: World) -> None:
    """It can not be carried; the owner decides that the others go without it."""
    keys = await world.add_files(5)
    world.local_path(keys[1]).unlink()
    world.local_path(keys[2]).write_bytes(b"damaged")
    move_id = await start(world)
    await run_queued_jobs()

    move = await move_of(move_id)
    assert ("failed", "files_missing", 2) == (move.state, move.failure_code, move.files_missing)
    assert world.source_id == await world.active_id()

    async with session_scope(company_id=world.company.id) as session:
        await moving.resume_move(session, owner_of(world), move_id, leave_missing=True)
    await run_queued_jobs()

    assert "done" == (await move_of(move_id)).state
    assert 3 == len(world.yandex.files())


async def test_a_full_target_fails_with_words_and_can_be_resumed(world: World) -> None:
    """It waits for people after its attempts, and goes on where it was."""
    await world.add_files(6)
    world.yandex.capacity_bytes = 2000
    move_id = await start(world)
    async with session_scope(system="tests") as session:
        await session.execute(update(Job).values(max_attempts=1))
    await _exhaust(move_id)

    assert ("failed", "storage_full") == (
        (await move_of(move_id)).state,
        (await move_of(move_id)).failure_code,
    )
    world.yandex.capacity_bytes = None
    async with session_scope(company_id=world.company.id) as session:
        await moving.resume_move(session, owner_of(world), move_id)
    await run_queued_jobs()
    assert "done" == (await move_of(move_id)).state


async def _exhaust(move_id: UUID) -> None:
    """Run the job as often as it may be tried, without the pauses between."""
    async with session_scope(system="tests") as session:
        job = (await session.scalars(select(Job).where(Job.task_name == moving.MOVE_TASK))).one()
    for _ in range(REGISTRY[moving.MOVE_TASK].max_attempts):
        async with session_scope(system="tests") as session:
            await session.execute(
                update(Job).where(Job.id == job.id).values(run_after=utcnow() - timedelta(days=1))
            )
        await run_job(REGISTRY[moving.MOVE_TASK], job.id)


async def test_an_account_that_refuses_fails_at_once(world: World) -> None:
    """No retries for what only people can mend."""
    await world.add_files(1)
    world.yandex.revoke()
    move_id = await start(world)
    await run_queued_jobs()

    move = await move_of(move_id)
    assert ("failed", "access_denied") == (move.state, move.failure_code)
    assert 1 == len(await events_named("storage.move_failed"))


async def test_a_dead_move_is_begun_again_where_jobs_are_shown(world: World, app: FastAPI) -> None:
    """The account lets us in again: the same job carries on, and the move's failure is taken back."""
    await world.add_files(2)
    owner = await people.make_member(app, company=world.company)
    world.yandex.revoke()
    move_id = await start(world)
    dead, *_ = await run_queued_jobs()
    await give_anew(world)

    answer = await owner.post(f"/jobs/{dead.id}/retry")
    await run_queued_jobs()

    move = await move_of(move_id)
    assert (True, 200) == (dead.can_retry, answer.status_code)
    assert ("done", None, 2) == (move.state, move.failure_code, move.files_done)
    assert world.target_id == await world.active_id()


async def test_a_dead_clean_up_is_begun_again_too(world: World) -> None:
    """It was given up because nobody was let in; now somebody is."""
    await world.add_files(2)
    move_id = await start(world)
    async with session_scope(company_id=world.company.id) as session:
        await moving.cancel_move(session, owner_of(world), move_id)
    await make_due(move_id)
    world.yandex.put_file(f"app:/{world.company.storage_path}/videos/aa/{64 * 'a'}.mp4", b"copy")
    world.yandex.revoke()
    await clean_up_moves()
    *_, dead = await run_queued_jobs()
    given_up = (await move_of(move_id)).cleaned_at
    await give_anew(world)
    async with session_scope(system="tests") as session:
        await begin_again(session, await session.get_one(Job, dead.id))
    await run_queued_jobs()

    assert given_up is not None
    assert {} == world.yandex.files()


async def give_anew(world: World) -> None:
    """The account's holder consents once more."""
    given = world.yandex.issue()
    expires_at = utcnow() + timedelta(seconds=given["expires_in"])
    granted = Granted(given["access_token"], given["refresh_token"], expires_at)
    async with session_scope(system="tests") as session:
        await grants.save_grant(session, world.target_id, world.company.id, granted)


async def test_two_connections_to_one_place_are_told_apart_from_two_places(world: World) -> None:
    """Whatever they are called: a file put into one is seen in the other."""
    await world.add_files(2)
    await start(world)
    await run_queued_jobs()
    twin = await connect_disk(world.yandex, world.company.id)

    move_id = await start(world, twin)
    await run_queued_jobs()

    move = await move_of(move_id)
    assert ("failed", "same_place") == (move.state, move.failure_code)
    assert 2 == len(world.yandex.files())


async def test_old_copies_go_in_time_and_only_from_the_old_place(world: World) -> None:
    """Not before they are due; the new ones stay."""
    keys = await world.add_files(6)
    move_id = await start(world)
    await run_queued_jobs()
    await clean_up_moves()
    await run_queued_jobs()
    assert all(world.local_path(key).is_file() for key in keys), "not before its time"

    await make_due(move_id)
    await clean_up_moves()
    await run_queued_jobs()

    assert not any(world.local_path(key).exists() for key in keys)
    assert 6 == len(world.yandex.files())
    assert (await move_of(move_id)).cleaned_at is not None


async def test_a_clean_up_never_empties_the_place_in_use(world: World) -> None:
    """Moved away and back before the old copies were due: they are the files now."""
    keys = await world.add_files(4)
    away = await start(world)
    await run_queued_jobs()
    back = await start(world, world.source_id)
    await run_queued_jobs()
    assert "done" == (await move_of(back)).state

    async with session_scope(system="tests") as session:
        await session.execute(
            update(StorageMove)
            .where(StorageMove.id == away)
            .values(clean_up_after=utcnow() - timedelta(days=1))
        )
    await clean_up_moves()
    await run_queued_jobs()

    assert all(world.local_path(key).is_file() for key in keys)


async def test_no_second_move_begins_beside_the_first(world: World) -> None:
    """A company has one open move."""
    await world.add_files(1)
    await start(world)

    with pytest.raises(MoveUnderWay):
        await start(world)


async def test_no_move_begins_while_copies_are_being_removed(world: World) -> None:
    """Nothing is deleted under a copy that is about to count."""
    await world.add_files(1)
    move_id = await start(world)
    await run_queued_jobs()
    async with session_scope(system="tests") as session:
        await session.execute(
            update(StorageMove).where(StorageMove.id == move_id).values(cleaning_at=utcnow())
        )

    with pytest.raises(MoveUnderWay):
        await start(world, world.source_id)


async def test_a_move_to_where_the_files_are_is_refused(world: World) -> None:
    """There is nothing to move."""
    with pytest.raises(MoveNotPossible):
        await start(world, world.source_id)
