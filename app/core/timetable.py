"""When something that runs by the clock is due next: every so many seconds, or at a time of day somewhere.

    900                       every quarter of an hour
    03:30 Europe/Berlin       once a day at half past three there, in summer and winter
    sun 03:30 Europe/Berlin   the same on Sundays
    0                         never

A time that the clocks jump over in spring comes when they have jumped; one that comes twice in autumn counts
the first time. So there is exactly one a day.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHORTEST_SECONDS: Final = 1.0
_CLOCK: Final = re.compile(r"(?:([a-z]{3}) )?(\d{1,2}):(\d{2}) (\S+)")


class Timing(Protocol):
    """When it is due."""

    def next_after(self, moment: datetime) -> datetime:
        """The first time due after `moment`, in UTC."""


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again after the same time."""

    seconds: float

    def next_after(self, moment: datetime) -> datetime:
        return moment.astimezone(UTC) + timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """Once a day, or once a week when a day (0 is Monday) is named."""

    at: time
    zone: ZoneInfo
    weekday: int | None = None

    def next_after(self, moment: datetime) -> datetime:
        today = moment.astimezone(self.zone).date()
        # From yesterday on: a time that was jumped over may come after midnight.
        for days in range(-1, 16):
            day = today + timedelta(days=days)
            due = datetime.combine(day, self.at, tzinfo=self.zone).astimezone(UTC)
            if due > moment and self.weekday in (None, day.weekday()):
                return due
        raise AssertionError("every weekday comes within a fortnight")


def parse(text: str) -> Timing | None:
    """What the text says, None for never. Raises `ValueError` with what to write instead."""
    text = text.strip()
    try:
        seconds = float(text)
    except ValueError:
        return _time_of_day(text)
    if seconds == 0:
        return None
    if not SHORTEST_SECONDS <= seconds < float("inf"):
        raise ValueError("write a number of seconds from 1 on, or 0 for never")
    return Every(seconds)


def _time_of_day(text: str) -> TimeOfDay:
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise ValueError(
            "write seconds, such as 900, or a time of day, such as 03:30 Europe/Berlin"
        )
    day, hour, minute, zone = found.groups()
    if day is not None and day not in DAYS:
        raise ValueError(f"{day} is no weekday: write one of {', '.join(DAYS)}")
    try:
        at = time(int(hour), int(minute))
    except ValueError:
        raise ValueError(f"{hour}:{minute} is no time of day") from None
    try:
        return TimeOfDay(at, ZoneInfo(zone), DAYS.index(day) if day else None)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"{zone} is no time zone: write one such as Europe/Berlin or UTC"
        ) from None
