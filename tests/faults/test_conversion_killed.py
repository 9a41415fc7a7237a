"""A worker killed in the middle of a conversion: the video is ready all the same, exactly once."""

import asyncio
import random
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.ar_content.models import Video
from app.core.database import session_scope
from app.core.jobs import Job, JobState
from app.core.notices import Notice
from app.events.models import Event
from app.main import create_app
from app.storage.models import StoredFile
from app.storage.opening import local_storage
from tests.faults.report import full, recovered
from tests.support import films, people
from tests.support.background import RUNS_AGAIN_WITHIN, eventually, reread, scene, until_working
from tests.support.contents import make_content, upload_id
from tests.support.people import Member
from tests.support.servers import TestServers
from tests.support.settings import applied
from tests.support.stack import RunningStack, make_stack

SEED = 20261124
FRAMES = 120
# The second encoding, on a machine that may be busy with everything else.
CONVERTED_WITHIN = 240.0


@pytest.fixture
def stack(servers: TestServers, tmp_path: Path) -> Iterator[RunningStack]:
    """Workers; what the API does is done in this process, on the same database and disk."""
    made = make_stack(servers, tmp_path / "stack")
    try:
        with applied(made.environment):
            made.start_worker()
            yield made
    finally:
        made.stop()


def test_a_conversion_killed_halfway_ends_once(stack: RunningStack, tmp_path: Path) -> None:
    """Killed with -9 while it encodes: the next worker begins anew, and every effect is there once."""
    rounds, chance = full(1, 10), random.Random(SEED)

    async def round_(owner: Member, film: bytes) -> tuple[float, UUID]:
        video_id = await sent(owner, film, tmp_path)
        job = await job_of(video_id)
        await until_working(job)
        job = await reread(job)
        await asyncio.sleep(chance.uniform(0, 0.3))
        assert "processing" == (await video_of(video_id)).status
        stack.kill("worker")
        killed = time.monotonic()
        stack.start_worker()
        await eventually(lambda: is_begun_again(job))
        again = time.monotonic() - killed
        await eventually(lambda: is_ready(video_id), within=CONVERTED_WITHIN)
        return again, video_id

    async def scenario() -> float:
        owner, slowest = await people.make_member(create_app()), 0.0
        for number in range(rounds):
            seconds, video_id = await round_(owner, film_of(tmp_path, number))
            await assert_ready_once(video_id)
            slowest = max(slowest, seconds)
        return slowest

    slowest = scene(scenario)

    recovered(
        "worker killed in the middle of a conversion",
        condition="begun again; the video is ready exactly once, whole",
        seconds=slowest,
        limit=RUNS_AGAIN_WITHIN,
        detail=f"{rounds} times, slowest round",
    )


def film_of(folder: Path, number: int) -> bytes:
    """Four seconds that no phone plays, with noise that takes an encoder a while; each time another."""
    path = folder / f"{number}.avi"
    size = (640 + 16 * number, 480)
    return films.film(path, "mpeg4", "yuv420p", frames=FRAMES, size=size, noisy=True).read_bytes()


async def sent(owner: Member, film: bytes, folder: Path) -> UUID:
    content = await make_content(owner, folder, has_video=False)
    body = {"upload_id": await upload_id(owner, film, purpose="video")}
    answer = await owner.post(f"/contents/{content['id']}/videos", json=body)
    assert 201 == answer.status_code, answer.text
    return UUID(answer.json()["id"])


async def video_of(video_id: UUID) -> Video:
    async with session_scope(system="test") as session:
        return await session.get_one(Video, video_id)


async def job_of(video_id: UUID) -> Job:
    async with session_scope(system="test") as session:
        return await session.get_one(Job, (await video_of(video_id)).job_id)


async def is_begun_again(job: Job) -> bool:
    found = await reread(job)
    return found.fence > job.fence and found.state != JobState.QUEUED


async def is_ready(video_id: UUID) -> bool:
    """Ready, and its job over, renditions and all."""
    video = await video_of(video_id)
    job = await job_of(video_id)
    return (video.status, job.state) == ("ready", JobState.SUCCEEDED)


async def assert_ready_once(video_id: UUID) -> None:
    """One event, one notice, each file of it registered and in use, and every picture is there."""
    video = await video_of(video_id)
    assert ("ready", None) == (video.status, video.source_key)
    assert video.key is not None
    assert FRAMES == len(films.frames_of(local_storage().path_of(video.key)))
    keys = {video.key, video.poster_key, *(each["key"] for each in video.renditions)}
    async with session_scope(system="test") as session:
        events = select(func.count()).where(
            Event.name == "video.ready", Event.data["video_id"].astext == str(video_id)
        )
        notices = select(func.count()).where(
            Notice.kind == "video.ready", Notice.once_key.contains(str(video_id))
        )
        assert (1, 1) == (await session.scalar(events), await session.scalar(notices))
        in_use = select(StoredFile.key).where(
            StoredFile.key.in_(keys), StoredFile.released_at.is_(None)
        )
        assert keys == set(await session.scalars(in_use))
