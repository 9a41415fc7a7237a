"""What is true of every schedule at every moment."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rotation.days import day_of, day_start
from app.rotation.kinds import Reason, Rotation, RotationKind, Schedule, Showing, Shown, Turn
from app.rotation.rules import HORIZON, showings, thrown, video_at
from tests.faults.report import full
from tests.rotation import given as some
from tests.rotation.slow import slow_video_at

FEW, MANY = 60, 4_000
# Four thousand of each take minutes on two cores.
pytestmark = pytest.mark.timeout(full(180, 3600))
often = settings(max_examples=full(FEW, MANY), deadline=None)


def told(showing: Showing) -> tuple[UUID | None, str, int | None]:
    return showing.video_id, showing.reason.value, showing.index


@often
@given(some.schedules, some.moments, some.contents, some.views)
def test_it_is_what_the_slow_one_says(
    schedule: Schedule, moment: datetime, content: Shown, view: int
) -> None:
    """An independent reading of the rules, minute by minute, comes to the same video and reason."""
    expected = slow_video_at(schedule, moment, content, view)
    assert expected == told(video_at(schedule, moment, content, view=view))


@often
@given(some.schedules, some.moments, some.contents, some.views, st.data())
def test_valid_until_is_the_next_change(
    schedule: Schedule, moment: datetime, content: Shown, view: int, data: st.DataObject
) -> None:
    """Something else plays then, and nothing else at any moment before."""
    showing = video_at(schedule, moment, content, view=view)
    until = showing.valid_until
    if until is not None:
        assert moment < until <= moment + HORIZON
        assert told(showing) != slow_video_at(schedule, until, content, view)
        before = until - timedelta(microseconds=1)
        assert told(showing) == told(video_at(schedule, before, content, view=view))
    minutes = int(((until or moment + HORIZON) - moment).total_seconds() // 60)
    between = data.draw(st.integers(0, max(minutes - 1, 0)))
    asked = moment + timedelta(minutes=between)
    assert told(showing) == slow_video_at(schedule, asked, content, view)


@often
@given(some.schedules, some.moments, some.contents, some.views)
def test_only_what_can_be_played_is_played(
    schedule: Schedule, moment: datetime, content: Shown, view: int
) -> None:
    """A video that is being made, was deleted or never was is passed over; with none there is none."""
    showing = video_at(schedule, moment, content, view=view)
    assert showing.video_id in content.playable or (showing.reason is Reason.NOTHING)
    assert (showing.reason is Reason.NOTHING) == (not content.playable)


@often
@given(some.schedules, st.lists(some.moments, min_size=2, max_size=5), some.contents)
def test_the_order_of_asking_does_not_matter(
    schedule: Schedule, moments: list[datetime], content: Shown
) -> None:
    """Asking forwards, backwards or again gives each moment the same answer."""
    forwards = [video_at(schedule, each, content) for each in moments]
    backwards = [video_at(schedule, each, content) for each in reversed(moments)]
    assert forwards == backwards[::-1]


@settings(max_examples=30, deadline=None)
@given(some.schedules, some.moments, some.contents)
def test_a_month_has_no_hole_and_no_overlap(
    schedule: Schedule, moment: datetime, content: Shown
) -> None:
    """Change by change, what plays covers all of it, and neighbours differ."""
    found = showings(schedule, content, start=moment, end=moment + timedelta(days=31))
    for (_, one), (next_moment, other) in pairwise(found):
        assert one.valid_until == next_moment
        assert told(one) != told(other)


@often
@given(some.zones, some.moments)
def test_days_follow_one_another(zone: ZoneInfo, moment: datetime) -> None:
    """A day has begun, the next one has not, and every day begins after the one before or with it."""
    day = day_of(zone, moment)
    assert day_start(zone, day) <= moment < day_start(zone, day + timedelta(days=1))


@given(
    st.text(max_size=8),
    st.lists(st.integers(1, 5), min_size=2, max_size=4),
)
@settings(max_examples=25, deadline=None)
def test_chance_keeps_to_the_weights(seed: str, weights: list[int]) -> None:
    """Over 3,000 days each video's share is its weight's, within five standard deviations."""
    days, total = 3000, sum(weights)
    turns = tuple(Turn(UUID(int=i), weight) for i, weight in enumerate(weights))
    rotation = Rotation(RotationKind.RANDOM, turns, seed=seed)
    found = [thrown(rotation, date(2026, 1, 1) + timedelta(days=n)) for n in range(days)]
    for index, weight in enumerate(weights):
        share = weight / total
        allowed = 5 * (days * share * (1 - share)) ** 0.5
        assert abs(found.count(index) - days * share) <= allowed, (index, found.count(index))


def test_equal_seeds_give_equal_days() -> None:
    """Two contents with one seed agree on every day; another seed is another year."""
    turns = tuple(Turn(video) for video in some.VIDEOS)
    content = Shown(some.VIDEOS)

    def year(seed: str) -> list[UUID | None]:
        rotation = Rotation(RotationKind.RANDOM, turns, seed=seed)
        schedule = Schedule(ZoneInfo("Europe/Berlin"), rotation=rotation)
        starts = [
            day_start(schedule.zone, date(2026, 1, 1) + timedelta(days=n)) for n in range(365)
        ]
        return [video_at(schedule, start, content).video_id for start in starts]

    assert year("autumn") == year("autumn")
    assert year("autumn") != year("winter")
