"""Which video plays: the rules one by one, on days that calendars get wrong."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.rotation.kinds import (
    AtEnd,
    DateRule,
    Every,
    Reason,
    Rotation,
    RotationKind,
    Schedule,
    Showing,
    Shown,
    Turn,
    Window,
)
from app.rotation.rules import showings, video_at

A, B, C, D = (UUID(int=number) for number in range(1, 5))
CONTENT = Shown((A, B, C, D), default=A)
BERLIN = ZoneInfo("Europe/Berlin")


def at(
    zone: ZoneInfo,
    year: int,
    month: int,
    day: int,
    hour: int = 0,
    minute: int = 0,
    *,
    fold: int = 0,
) -> datetime:
    """The moment at which the clocks of the zone show this."""
    return datetime(year, month, day, hour, minute, tzinfo=zone, fold=fold).astimezone(UTC)


def plays(schedule: Schedule, moment: datetime, content: Shown = CONTENT, view: int = 0) -> Showing:
    return video_at(schedule, moment, content, view=view)


def test_a_date_comes_before_a_window_before_a_rotation_before_the_default() -> None:
    """Each part, taken away, lets the next one play."""
    noon = at(BERLIN, 2026, 2, 14, 12)
    dates = (DateRule(B, Every.YEAR, month=2, day=14),)
    windows = (Window(C, first_day=date(2026, 2, 1), last_day=date(2026, 2, 28)),)
    rotation = Rotation(RotationKind.DAYS, (Turn(D),))

    found = [
        plays(Schedule(BERLIN, dates, windows, rotation), noon),
        plays(Schedule(BERLIN, (), windows, rotation), noon),
        plays(Schedule(BERLIN, (), (), rotation), noon),
        plays(Schedule(BERLIN), noon),
    ]

    assert [
        (B, Reason.DATE, 0, at(BERLIN, 2026, 2, 15)),
        (C, Reason.WINDOW, 0, at(BERLIN, 2026, 3, 1)),
        (D, Reason.ROTATION, 0, None),
        (A, Reason.DEFAULT, None, None),
    ] == [(each.video_id, each.reason, each.index, each.valid_until) for each in found]


def test_of_two_that_meet_the_first_plays() -> None:
    """The order of the list decides."""
    windows = (Window(C, first_day=date(2026, 5, 2)), Window(B, first_day=date(2026, 5, 1)))

    found = showings(
        Schedule(BERLIN, windows=windows),
        CONTENT,
        start=at(BERLIN, 2026, 4, 30),
        end=at(BERLIN, 2026, 5, 9),
    )

    assert [(30, A), (1, B), (2, C)] == [
        (moment.astimezone(BERLIN).day, showing.video_id) for moment, showing in found
    ]


@pytest.mark.parametrize(("year", "day"), [(2024, 29), (2025, 28), (2026, 28), (2028, 29)])
def test_the_29th_of_february_is_the_28th_in_a_common_year(year: int, day: int) -> None:
    """A birthday on a leap day is never left out, and never doubled."""
    schedule = Schedule(BERLIN, (DateRule(B, Every.YEAR, month=2, day=29),))

    february = showings(
        schedule, CONTENT, start=at(BERLIN, year, 2, 1), end=at(BERLIN, year, 3, 31)
    )

    assert [(2, 1, A), (2, day, B), (3, 1, A)] == [
        (local.month, local.day, showing.video_id)
        for local, showing in ((moment.astimezone(BERLIN), s) for moment, s in february)
    ]


def test_the_31st_is_the_last_day_of_every_month() -> None:
    """Twelve last days in a year, also in February and from one year to the next."""
    schedule = Schedule(BERLIN, (DateRule(B, Every.MONTH, day=31),))

    year = showings(schedule, CONTENT, start=at(BERLIN, 2026, 1, 1), end=at(BERLIN, 2027, 1, 2))

    lasts = [m.astimezone(BERLIN).date() for m, showing in year if showing.video_id == B]
    assert [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] == [day.day for day in lasts]
    assert (date(2027, 1, 1), A) == (year[-1][0].astimezone(BERLIN).date(), year[-1][1].video_id)


# The week of each change of the clocks, and how long its seven days are together.
WEEKS = [
    ("Europe/Berlin", date(2026, 3, 23), 167),
    ("Europe/Berlin", date(2026, 10, 19), 169),
    ("America/New_York", date(2026, 3, 2), 167),
    ("America/New_York", date(2026, 10, 26), 169),
    ("Australia/Lord_Howe", date(2026, 9, 28), 167.5),
    ("Australia/Lord_Howe", date(2026, 3, 30), 168.5),
    ("Asia/Kathmandu", date(2026, 3, 23), 168),
    ("Asia/Kathmandu", date(2026, 10, 19), 168),
]


@pytest.mark.parametrize(("name", "monday", "hours"), WEEKS)
def test_a_week_of_changing_clocks_has_seven_days(name: str, monday: date, hours: float) -> None:
    """A daily video changes at each midnight there, seven times, however long the days are."""
    zone = ZoneInfo(name)
    rotation = Rotation(RotationKind.DAYS, (Turn(A), Turn(B), Turn(C)), first_day=monday)
    start = datetime.combine(monday, time(), zone).astimezone(UTC)

    week = showings(
        Schedule(zone, rotation=rotation), CONTENT, start=start, end=start + timedelta(hours=hours)
    )

    assert [A, B, C, A, B, C, A] == [showing.video_id for _, showing in week]
    assert {time()} == {moment.astimezone(zone).time() for moment, _ in week}
    assert start + timedelta(hours=hours) == week[-1][1].valid_until


def hours_of(*turns: tuple[int, int, UUID]) -> Rotation:
    return Rotation(
        RotationKind.HOURS,
        tuple(Turn(video, from_time=time(hour, minute)) for hour, minute, video in turns),
    )


@pytest.mark.parametrize(
    ("name", "wall", "begins"),
    [
        ("Europe/Berlin", time(2, 30), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("America/New_York", time(2, 30), datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
        ("Australia/Lord_Howe", time(2, 15), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        ("Asia/Kathmandu", time(2, 30), datetime(2026, 3, 28, 20, 45, tzinfo=UTC)),
    ],
)
def test_a_time_the_clocks_jump_over_begins_with_the_jump(
    name: str, wall: time, begins: datetime
) -> None:
    """A video from 02:30 begins when the clocks have passed 02:30, if not at it then behind it."""
    rotation = hours_of((0, 0, A), (wall.hour, wall.minute, B))
    schedule = Schedule(ZoneInfo(name), rotation=rotation)

    before = plays(schedule, begins - timedelta(seconds=1))

    assert (A, begins) == (before.video_id, before.valid_until)
    assert B == plays(schedule, begins).video_id


@pytest.mark.parametrize(
    ("name", "day", "repeated"),
    [
        ("Europe/Berlin", (2026, 10, 25), (2, 30)),
        ("America/New_York", (2026, 11, 1), (1, 30)),
        ("Australia/Lord_Howe", (2026, 4, 5), (1, 45)),
    ],
)
def test_an_hour_the_clocks_repeat_brings_nothing_back(
    name: str, day: tuple[int, int, int], repeated: tuple[int, int]
) -> None:
    """What began at 02:30 stays when the clocks show 02:00 once more."""
    zone = ZoneInfo(name)
    schedule = Schedule(zone, rotation=hours_of((0, 0, A), (*repeated, B)))
    first = at(zone, *day, *repeated)

    assert A == plays(schedule, first - timedelta(minutes=1)).video_id
    again = at(zone, *day, *repeated, fold=1) - timedelta(minutes=10)
    assert again.astimezone(zone).time() < time(*repeated)
    assert [B, B] == [plays(schedule, each).video_id for each in (first, again)]


def test_the_last_video_of_the_day_plays_into_the_morning() -> None:
    """What begins at ten in the evening lasts until the first of the next day begins, across a year's end."""
    schedule = Schedule(BERLIN, rotation=hours_of((8, 0, A), (22, 0, B)))

    night = plays(schedule, at(BERLIN, 2026, 12, 31, 23, 59))
    morning = plays(schedule, at(BERLIN, 2027, 1, 1, 7, 59))

    assert (B, at(BERLIN, 2027, 1, 1, 8)) == (night.video_id, night.valid_until)
    assert night == morning


def test_a_day_the_country_skipped_is_nobodys() -> None:
    """Samoa had no 30 December 2011: its video has no turn, and the next day has its own."""
    apia = ZoneInfo("Pacific/Apia")
    dates = tuple(
        DateRule(video, Every.YEAR, month=12, day=day) for day, video in ((29, B), (30, C), (31, D))
    )

    found = showings(
        Schedule(apia, dates), CONTENT, start=at(apia, 2011, 12, 28), end=at(apia, 2012, 1, 2)
    )

    assert [A, B, D, A] == [showing.video_id for _, showing in found]


def test_weekdays_leave_the_other_days_to_the_default() -> None:
    """Saturday and Sunday have a video; the rest of the week plays the default."""
    rotation = Rotation(RotationKind.WEEKDAYS, (Turn(B, weekdays=frozenset({6, 7})),))

    saturday = plays(Schedule(BERLIN, rotation=rotation), at(BERLIN, 2026, 11, 21, 10))
    monday = plays(Schedule(BERLIN, rotation=rotation), at(BERLIN, 2026, 11, 23, 10))

    assert (B, at(BERLIN, 2026, 11, 23)) == (saturday.video_id, saturday.valid_until)
    assert (A, Reason.DEFAULT, at(BERLIN, 2026, 11, 28)) == (
        monday.video_id,
        monday.reason,
        monday.valid_until,
    )


def test_every_view_shows_the_next_video() -> None:
    """Over and over, or staying with the last one."""
    turns = (Turn(A), Turn(B), Turn(C))

    def seen(at_end: AtEnd, content: Shown = CONTENT) -> list[UUID | None]:
        schedule = Schedule(BERLIN, rotation=Rotation(RotationKind.VIEWS, turns, at_end=at_end))
        noon = at(BERLIN, 2026, 1, 1, 12)
        return [plays(schedule, noon, content, view).video_id for view in range(5)]

    assert [A, B, C, A, B] == seen(AtEnd.AGAIN)
    assert [A, B, C, C, C] == seen(AtEnd.STAY)
    assert [A, C, A, C, A] == seen(AtEnd.AGAIN, Shown((A, C)))


def test_a_video_that_does_not_play_leaves_the_others_their_days() -> None:
    """The next one takes its turn; nobody else's day moves."""
    rotation = Rotation(RotationKind.DAYS, (Turn(A), Turn(B), Turn(C)), first_day=date(2026, 6, 1))
    schedule = Schedule(BERLIN, rotation=rotation)
    days = [at(BERLIN, 2026, 6, day, 12) for day in range(1, 7)]

    assert [A, C, C, A, C, C] == [plays(schedule, d, Shown((A, C))).video_id for d in days]


def test_nothing_to_play_is_an_answer_too() -> None:
    """A content without a video that plays says so and does not raise."""
    schedule = Schedule(BERLIN, (DateRule(B, Every.YEAR, month=2, day=14),))

    assert Showing(None, Reason.NOTHING) == plays(schedule, at(BERLIN, 2026, 2, 14), Shown(()))
