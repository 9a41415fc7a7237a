"""Local days and clock times as moments: exact over daylight saving, leap days and skipped days.

One rule gives all answers: a clock time belongs to the FIRST moment at which the clocks there show it or a
later one. So a time the clocks jump over begins when they have jumped, an hour they repeat does not bring
back what had ended, and every day begins exactly once. A zone that skips a whole day (Samoa, 30 December
2011) gives that day no moment at all.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=8192)
def first_moment(zone: ZoneInfo, wall: datetime) -> datetime:
    """The first moment (UTC) at which the clocks of the zone show `wall` (naive) or later."""
    earlier = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if _shown(zone, earlier) == wall:
        return earlier
    # The clocks jump over it, so the jump lies between what both offsets make of it.
    low = wall.replace(tzinfo=zone, fold=1).astimezone(UTC) - _SECOND
    high = earlier
    while high - low > _SECOND:
        middle = low + ((high - low) // 2 // _SECOND) * _SECOND
        low, high = (low, middle) if _shown(zone, middle) >= wall else (middle, high)
    return high


def _shown(zone: ZoneInfo, moment: datetime) -> datetime:
    """What the clocks show then, as a naive time."""
    return moment.astimezone(zone).replace(tzinfo=None)


def day_start(zone: ZoneInfo, day: date) -> datetime:
    """The moment the day begins: midnight, or what comes instead of it."""
    return first_moment(zone, datetime.combine(day, time()))


def day_of(zone: ZoneInfo, moment: datetime) -> date:
    """The last day that has begun by then."""
    day = moment.astimezone(zone).date()
    # Clocks that are set back over midnight show yesterday again; the new day has begun all the same.
    while day_start(zone, day + _DAY) <= moment:
        day += _DAY
    return day


def last_of_month(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def day_in_month(year: int, month: int, day: int) -> date:
    """The day of that number; a number the month does not have means its last day."""
    return date(year, month, min(day, last_of_month(year, month)))
