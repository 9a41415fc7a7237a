"""Schedules, contents and moments for property tests, most of them where calendars are hard."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from app.rotation.kinds import (
    AtEnd,
    DateRule,
    Every,
    Rotation,
    RotationKind,
    Schedule,
    Shown,
    Turn,
    Window,
)

VIDEOS = tuple(UUID(int=number) for number in range(1, 6))
GONE = UUID(int=99)

# Gaps and folds of an hour and of half, at midnight, over midnight; odd offsets; a day that never was.
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/Sao_Paulo",
    "America/Scoresbysund",
    "America/St_Johns",
    "Asia/Tehran",
    "Pacific/Apia",
)
# Where something happens somewhere: changes of the clocks, ends of months and years, leap days.
HARD_DAYS = (
    date(2000, 2, 29),
    date(2010, 11, 7),
    date(2011, 12, 30),
    date(2016, 10, 16),
    date(2018, 2, 18),
    date(2024, 2, 29),
    date(2025, 2, 28),
    date(2025, 12, 31),
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 4, 24),
    date(2026, 10, 4),
    date(2026, 10, 25),
    date(2026, 10, 30),
    date(2026, 11, 1),
    date(2027, 1, 1),
)

zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.one_of(st.sampled_from(HARD_DAYS), st.dates(date(1995, 1, 1), date(2035, 12, 31)))
minutes = st.integers(-26 * 60, 26 * 60).map(lambda each: timedelta(minutes=each))
moments = st.builds(
    lambda day, past: datetime.combine(day, time(), UTC) + past, day=days, past=minutes
)
videos = st.sampled_from((*VIDEOS, GONE))
weekdays = st.frozensets(st.integers(1, 7), min_size=1, max_size=7)
clock_times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))

date_rules = st.builds(
    DateRule,
    video_id=videos,
    every=st.sampled_from(Every),
    month=st.integers(1, 12),
    day=st.sampled_from((1, 7, 14, 28, 29, 30, 31)),
    weekdays=weekdays,
)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Local days or moments, open on one side now and then."""
    open_sides = draw(st.sampled_from(((0, 0), (1, 0), (0, 1))))
    if draw(st.booleans()):
        first, last = sorted((draw(days), draw(days)))
        return Window(
            draw(videos),
            first_day=None if open_sides[0] else first,
            last_day=None if open_sides[1] else last,
        )
    start, end = sorted((draw(moments), draw(moments)))
    return Window(
        draw(videos),
        starts_at=None if open_sides[0] else start,
        ends_at=None if open_sides[1] else end + timedelta(minutes=1),
    )


@st.composite
def rotations(draw: st.DrawFn) -> Rotation:
    kind = draw(st.sampled_from(RotationKind))
    times = sorted(draw(st.lists(clock_times, min_size=1, max_size=4, unique=True)))
    turns = tuple(
        Turn(draw(videos), draw(st.integers(1, 9)), each, draw(weekdays)) for each in times
    )
    return Rotation(
        kind,
        turns,
        first_day=draw(days),
        seed=draw(st.text(max_size=4)),
        at_end=draw(st.sampled_from(AtEnd)),
    )


schedules = st.builds(
    Schedule,
    zone=zones,
    dates=st.lists(date_rules, max_size=3).map(tuple),
    windows=st.lists(windows(), max_size=3).map(tuple),
    rotation=st.none() | rotations(),
)
contents = st.builds(
    Shown,
    playable=st.lists(st.sampled_from(VIDEOS), unique=True, max_size=5).map(tuple),
    default=st.none() | videos,
)
views = st.integers(0, 12)
