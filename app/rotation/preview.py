"""What visitors will see: at a moment, and day by day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.rotation import schemas
from app.rotation.days import day_start
from app.rotation.kinds import Showing
from app.rotation.plans import Plan
from app.rotation.rules import showings

_DAY = timedelta(days=1)


def preview(plan: Plan, at: datetime, *, zone: ZoneInfo, view: int) -> schemas.Preview:
    """What is seen at the moment, told in the time of the zone; a time without an offset is the zone's."""
    moment = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    showing = plan.showing_at(moment, view=view)
    return schemas.Preview(
        **_told(plan, showing, moment),
        at=moment,
        local_time=moment.astimezone(zone).replace(tzinfo=None),
        time_zone=zone.key,
        valid_until=plan.valid_until(showing, moment),
    )


def _told(plan: Plan, showing: Showing, moment: datetime) -> dict[str, object]:
    return {
        "is_open": plan.is_open(moment),
        "video_id": showing.video_id,
        "reason": showing.reason,
        "index": showing.index,
        "name": plan.name_of(showing),
    }


def calendar(plan: Plan, first_day: date, *, days: int, zone: ZoneInfo) -> schemas.Calendar:
    """What is seen on each of the zone's days, for a visitor's first view."""
    start, end = day_start(zone, first_day), day_start(zone, first_day + _DAY * days)
    stretches = list(_stretches(plan, start, end))
    found = []
    for number in range(days):
        day = first_day + _DAY * number
        found.append(_day(plan, day, zone, stretches))
    return schemas.Calendar(time_zone=zone.key, days=found)


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: datetime
    end: datetime
    showing: Showing


def _stretches(plan: Plan, start: datetime, end: datetime) -> Iterator[_Stretch]:
    """Change by change, the end of the content among them."""
    close = plan.found.ends_at
    for moment, showing in showings(plan.schedule, plan.shown, start=start, end=end):
        until = min(showing.valid_until or end, end)
        if close is not None and moment < close < until:
            yield _Stretch(moment, close, showing)
            yield _Stretch(close, until, showing)
        else:
            yield _Stretch(moment, until, showing)


def _day(plan: Plan, day: date, zone: ZoneInfo, stretches: list[_Stretch]) -> schemas.CalendarDay:
    start, end = day_start(zone, day), day_start(zone, day + _DAY)
    parts = [
        schemas.DayPart(
            **_told(plan, stretch.showing, stretch.start),
            starts_at=max(stretch.start, start),
            ends_at=min(stretch.end, end),
        )
        for stretch in stretches
        if stretch.start < end and stretch.end > start
    ]
    return schemas.CalendarDay(day=day, starts_at=start, ends_at=end, parts=parts)
