"""When the clock's tasks are due: seconds, and times of day that survive the change of clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.timetable import Every, TimeOfDay, Timing, parse


def timing(text: str) -> Timing:
    found = parse(text)
    assert found is not None
    return found


def dues(text: str, since: str, count: int) -> list[str]:
    """The next times due, in UTC."""
    moment, found = datetime.fromisoformat(since).replace(tzinfo=UTC), []
    for _ in range(count):
        moment = timing(text).next_after(moment)
        found.append(f"{moment:%m-%d %H:%M}")
    return found


def test_seconds() -> None:
    """A number is how often, counted from the day's beginning."""
    assert Every(900) == parse("900")
    assert ["01-01 00:15", "01-01 00:30"] == dues("900", "2026-01-01", 2)


def test_never() -> None:
    """Nought is never."""
    assert parse("0") is None


@pytest.mark.parametrize(
    "text",
    ["", "-5", "0.5", "nan", "inf", "25:00 UTC", "03:30", "03:30 Mars/Base", "xyz 03:30 UTC"],
)
def test_nonsense_is_refused(text: str) -> None:
    """What is neither seconds nor a time of day with its zone is refused with what to write."""
    with pytest.raises(ValueError, match=r"write|time of day|weekday"):
        parse(text)


def test_a_time_the_clocks_jump_over_comes_when_they_have() -> None:
    """On 29 March 2026 there is no 02:30 in Berlin: it is 03:30 then, 01:30 UTC, and one that day."""
    expected = ["03-28 01:30", "03-29 01:30", "03-30 00:30"]

    assert expected == dues("02:30 Europe/Berlin", "2026-03-27T12:00", 3)


def test_a_time_that_comes_twice_counts_once() -> None:
    """On 25 October 2026 it is 02:30 twice in Berlin; the first one counts."""
    expected = ["10-24 00:30", "10-25 00:30", "10-26 01:30"]

    assert expected == dues("02:30 Europe/Berlin", "2026-10-23T12:00", 3)


def test_a_weekday_is_that_of_the_place() -> None:
    """Sunday 00:30 in Auckland is Saturday in Greenwich."""
    assert ["11-28 11:30", "12-05 11:30"] == dues("sun 00:30 Pacific/Auckland", "2026-11-23", 2)


def test_leap_day_and_the_end_of_the_year() -> None:
    """A day is a day, in February and at New Year too."""
    assert ["02-28 03:00", "02-29 03:00", "03-01 03:00"] == dues("03:00 UTC", "2028-02-27T12:00", 3)
    assert ["12-31 03:00", "01-01 03:00"] == dues("03:00 UTC", "2026-12-30T12:00", 2)


ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")


@given(
    st.sampled_from(ZONES),
    st.times(),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001
)
def test_there_is_one_a_day(zone: str, at: object, since: datetime) -> None:
    """In any zone, whatever the clocks do: each local day has one, and they go forward."""
    place = ZoneInfo(zone)
    daily = TimeOfDay(at.replace(second=0, microsecond=0, fold=0), place)  # type: ignore[attr-defined]
    moment, days = since.replace(tzinfo=UTC), []
    for _ in range(5):
        after = daily.next_after(moment)
        assert moment < after <= moment + timedelta(hours=26)
        days.append(after.astimezone(place).date())
        moment = after

    assert days == sorted(set(days))
