"""When a schedule may change its mind: the moments worth asking it again."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.rotation.days import day_in_month, day_of, day_start, first_moment
from app.rotation.kinds import DateRule, Every, Rotation, RotationKind, Schedule, Window

_DAY = timedelta(days=1)
_DAILY = (RotationKind.DAYS, RotationKind.WEEKDAYS, RotationKind.RANDOM)


def next_edge(schedule: Schedule, moment: datetime) -> datetime | None:
    """The first moment after this one at which a rule begins or ends; None when none ever will."""
    today = day_of(schedule.zone, moment)
    return min((edge for edge in _edges(schedule, today) if edge > moment), default=None)


def _edges(schedule: Schedule, today: date) -> Iterator[datetime]:
    """Every kind's nearest edges: some lie before the moment, at least one of each kind behind it."""
    for rule in schedule.dates:
        yield from _date_edges(schedule.zone, rule, today)
    for window in schedule.windows:
        yield from window_bounds(schedule.zone, window)
    if schedule.rotation is not None:
        yield from _rotation_edges(schedule.zone, schedule.rotation, today)


def _date_edges(zone: ZoneInfo, rule: DateRule, today: date) -> Iterator[datetime]:
    for day in _days_near(rule, today):
        yield day_start(zone, day)
        yield day_start(zone, day + _DAY)


def _days_near(rule: DateRule, today: date) -> Iterator[date]:
    """The days of the rule from today until one is surely in the future."""
    if rule.every is Every.WEEK:
        yield from (
            today + _DAY * ahead for ahead in range(8) if is_day(rule, today + _DAY * ahead)
        )
    elif rule.every is Every.MONTH:
        for ahead in range(3):
            years, month = divmod(today.month - 1 + ahead, 12)
            yield day_in_month(today.year + years, month + 1, rule.day)
    else:
        for year in (today.year, today.year + 1):
            yield day_in_month(year, rule.month, rule.day)


def is_day(rule: DateRule, day: date) -> bool:
    """Whether the rule is about this day."""
    if rule.every is Every.WEEK:
        return day.isoweekday() in rule.weekdays
    if rule.every is Every.YEAR and day.month != rule.month:
        return False
    return day == day_in_month(day.year, day.month, rule.day)


def window_bounds(zone: ZoneInfo, window: Window) -> Iterator[datetime]:
    """Where the window begins and where it ends, as far as it does."""
    if window.first_day is not None:
        yield day_start(zone, window.first_day)
    if window.last_day is not None:
        yield day_start(zone, window.last_day + _DAY)
    if window.starts_at is not None:
        yield window.starts_at
    if window.ends_at is not None:
        yield window.ends_at


def _rotation_edges(zone: ZoneInfo, rotation: Rotation, today: date) -> Iterator[datetime]:
    if rotation.kind in _DAILY:
        # The day after next too: a zone may skip tomorrow.
        yield day_start(zone, today + _DAY)
        yield day_start(zone, today + 2 * _DAY)
    elif rotation.kind is RotationKind.HOURS:
        for day in (today, today + _DAY, today + 2 * _DAY):
            for turn in rotation.turns:
                yield first_moment(zone, datetime.combine(day, turn.from_time))
