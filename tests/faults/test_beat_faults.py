"""The clock: two beats, none, late, killed, and clocks that change. Every tick once."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select, update

from app.core.database import session_scope
from app.core.jobs import Job, JobState
from app.core.timetable import parse
from app.tasks import ticks
from app.tasks.models import BeatTick
from app.tasks.schedule import Tick
from tests.faults.report import full, recovered
from tests.support.background import eventually, scene
from tests.support.servers import TestServers
from tests.support.settings import applied
from tests.support.stack import RunningStack, make_stack

TAKES_OVER_WITHIN = 10.0


def table(timing: str) -> dict[str, Tick]:
    return {"work": Tick("default.test_work", timing, parse(timing))}


async def finish_all() -> int:
    """Say that what was enqueued is done; how many there have been in all."""
    async with session_scope(system="test") as session:
        await session.execute(
            update(Job).where(Job.state == JobState.QUEUED).values(state=JobState.SUCCEEDED)
        )
        return await session.scalar(select(func.count()).select_from(Job)) or 0


async def test_many_beats_make_each_tick_once(database: str) -> None:
    """Ten beats that look at the same moment, time after time: one job a tick."""
    rounds, now = full(10, 200), datetime(2026, 11, 23, tzinfo=UTC)
    await ticks.adopt(table("60"), now=now)
    made = []

    for number in range(1, rounds + 1):
        moment = now + timedelta(seconds=60 * number)
        await asyncio.gather(*(ticks.make_due_ticks(table("60"), now=moment) for _ in range(4)))
        made.append(await finish_all())

    assert list(range(1, rounds + 1)) == made
    recovered("four beats at once", condition=f"{rounds} ticks, each once", seconds=0, limit=0)


async def test_a_late_beat_makes_one_tick(database: str) -> None:
    """After a day without a clock each thing is begun once, not once for every minute missed."""
    now = datetime(2026, 11, 23, tzinfo=UTC)
    await ticks.adopt(table("60"), now=now)

    for _ in range(3):
        await ticks.make_due_ticks(table("60"), now=now + timedelta(days=1))

    assert 1 == await finish_all()
    recovered("a beat a day late", condition="one tick", seconds=0, limit=0)


async def test_nothing_piles_up_behind_unfinished_work(database: str) -> None:
    """While last time's job waits there is no second one; afterwards the clock goes on."""
    now = datetime(2026, 11, 23, tzinfo=UTC)
    await ticks.adopt(table("60"), now=now)
    for minute in range(1, 6):
        await ticks.make_due_ticks(table("60"), now=now + timedelta(minutes=minute))
    piled = await finish_all()

    await ticks.make_due_ticks(table("60"), now=now + timedelta(minutes=6))

    assert (1, 2) == (piled, await finish_all())


async def test_a_new_timing_counts_from_now(database: str) -> None:
    """Who changes a day to a minute does not wait for the day."""
    now = datetime(2026, 11, 23, tzinfo=UTC)
    await ticks.adopt(table("86400"), now=now)
    await ticks.adopt(table("60"), now=now + timedelta(minutes=5))

    await ticks.make_due_ticks(table("60"), now=now + timedelta(minutes=7))

    assert 1 == await finish_all()


@pytest.mark.parametrize("change", ["2026-03-29", "2026-10-25"])
async def test_the_clocks_change(database: str, change: str) -> None:
    """A beat that looks every hour over both changes makes one tick a day at 02:30."""
    daily = table("02:30 Europe/Berlin")
    day = datetime.fromisoformat(change).replace(tzinfo=UTC)
    now, made = day - timedelta(days=1, hours=2), Counter[str]()
    await ticks.adopt(daily, now=now)
    before = 0

    for _ in range(72):
        now += timedelta(hours=1)
        await ticks.make_due_ticks(daily, now=now)
        count = await finish_all()
        made[f"{now + timedelta(hours=1):%Y-%m-%d}"] += count - before
        before = count

    days = [f"{day + timedelta(days=shift):%Y-%m-%d}" for shift in (-1, 0, 1)]
    assert dict.fromkeys(days, 1) == +made
    recovered(f"clocks changed on {change}", condition="one tick a day", seconds=0, limit=0)


@pytest.fixture
def clocks(
    servers: TestServers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningStack]:
    stack = make_stack(servers, tmp_path_factory.mktemp("beats"), {"BEAT_SWEEP_MAIL": "1"})
    try:
        with applied(stack.environment):
            for name in ("one", "two"):
                stack.spawn(name, "-m", "app.cli", "beat")
            yield stack
    finally:
        stack.stop()


def test_a_beat_is_killed_and_the_other_takes_over(clocks: RunningStack) -> None:
    """Two beats, one killed with -9: no second tick before, none missing after."""

    async def made() -> list[datetime]:
        await finish_all()
        statement = select(Job.created_at).where(Job.task_name == "default.sweep_mail")
        async with session_scope(system="test") as session:
            return list(await session.scalars(statement.order_by(Job.created_at)))

    async def at_least(count: int) -> None:
        async def there_are() -> bool:
            return len(await made()) >= count

        await eventually(there_are)

    async def scenario() -> tuple[float, list[datetime]]:
        await at_least(2)
        clocks.kill("one")
        killed, before = time.monotonic(), len(await made())
        await at_least(before + 1)
        seconds = time.monotonic() - killed
        await at_least(before + 3)
        async with session_scope(system="test") as session:
            assert await session.get(BeatTick, "sweep-mail")
        return seconds, await made()

    seconds, moments = scene(scenario)

    gaps = [(later - one).total_seconds() for one, later in pairwise(moments)]
    assert min(gaps) >= 1, "a tick was made twice"
    recovered(
        "one of two beats killed",
        condition="the other makes the next tick",
        seconds=seconds,
        limit=TAKES_OVER_WITHIN,
    )
