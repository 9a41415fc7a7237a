"""Which video plays: a pure function of the rules, the moment and the visitor's view. No clock, no I/O.

    date rule  >  window  >  rotation  >  default  >  the first video that plays

A rule whose video can not be played, because it is being made or was deleted, is passed over. In a list
(days, views, chance) the next video that plays takes its turn, so the others keep theirs.
"""

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from app.rotation.days import day_of, first_moment
from app.rotation.edges import is_day, next_edge
from app.rotation.kinds import (
    AtEnd,
    Reason,
    Rotation,
    RotationKind,
    Schedule,
    Showing,
    Shown,
    Window,
)

HORIZON: Final = timedelta(days=400)
_DAY: Final = timedelta(days=1)


def video_at(schedule: Schedule, moment: datetime, content: Shown, *, view: int = 0) -> Showing:
    """What the content plays at the moment (aware, years 1900 to 2999) for a visitor's view, from 0."""
    showing = _showing(schedule, moment, content, view)
    return replace(showing, valid_until=_next_change(schedule, moment, content, view, showing))


def _next_change(
    schedule: Schedule, moment: datetime, content: Shown, view: int, showing: Showing
) -> datetime | None:
    edge = next_edge(schedule, moment)
    while edge is not None and edge - moment <= HORIZON:
        if _showing(schedule, edge, content, view) != showing:
            return edge
        edge = next_edge(schedule, edge)
    return None


def _showing(schedule: Schedule, moment: datetime, content: Shown, view: int) -> Showing:
    day = day_of(schedule.zone, moment)
    for index, rule in enumerate(schedule.dates):
        if is_day(rule, day) and rule.video_id in content.playable:
            return Showing(rule.video_id, Reason.DATE, index)
    for index, window in enumerate(schedule.windows):
        if is_open(window, moment, day) and window.video_id in content.playable:
            return Showing(window.video_id, Reason.WINDOW, index)
    if schedule.rotation is not None:
        turn = _turn_at(schedule, schedule.rotation, moment, day, view, content)
        if turn is not None:
            return Showing(schedule.rotation.turns[turn].video_id, Reason.ROTATION, turn)
    return _default(content)


def is_open(window: Window, moment: datetime, day: date) -> bool:
    """Whether the window is open then; `day` is the day of the moment."""
    return (
        (window.first_day is None or window.first_day <= day)
        and (window.last_day is None or day <= window.last_day)
        and (window.starts_at is None or window.starts_at <= moment)
        and (window.ends_at is None or moment < window.ends_at)
    )


def _default(content: Shown) -> Showing:
    if content.default in content.playable:
        return Showing(content.default, Reason.DEFAULT)
    if content.playable:
        return Showing(content.playable[0], Reason.DEFAULT)
    return Showing(None, Reason.NOTHING)


def _turn_at(
    schedule: Schedule, rotation: Rotation, moment: datetime, day: date, view: int, content: Shown
) -> int | None:
    """The place of the turn that is on; None when nothing of the rotation plays."""
    if rotation.kind is RotationKind.VIEWS:
        return _of_view(rotation, view, content)
    if rotation.kind is RotationKind.WEEKDAYS:
        return _only_playable(rotation, _of_weekday(rotation, day), content)
    if rotation.kind is RotationKind.HOURS:
        return _only_playable(rotation, _of_hour(schedule, rotation, moment, day), content)
    is_random = rotation.kind is RotationKind.RANDOM
    days = (day - rotation.first_day).days
    wanted = thrown(rotation, day) if is_random else days % len(rotation.turns)
    return _playable_from(rotation, wanted, content)


def _only_playable(rotation: Rotation, index: int | None, content: Shown) -> int | None:
    if index is None or rotation.turns[index].video_id not in content.playable:
        return None
    return index


def _playable_from(rotation: Rotation, wanted: int, content: Shown) -> int | None:
    """The turn wanted, or the next one in the circle that plays."""
    count = len(rotation.turns)
    circle = ((wanted + step) % count for step in range(count))
    return next((i for i in circle if rotation.turns[i].video_id in content.playable), None)


def _of_weekday(rotation: Rotation, day: date) -> int | None:
    weekday = day.isoweekday()
    return next((i for i, turn in enumerate(rotation.turns) if weekday in turn.weekdays), None)


def _of_hour(schedule: Schedule, rotation: Rotation, moment: datetime, day: date) -> int:
    """The last turn that has begun, today's or yesterday's: until the first of today it is still on."""
    begun: tuple[datetime, datetime, int] | None = None
    for each in (day - _DAY, day):
        for index, turn in enumerate(rotation.turns):
            wall = datetime.combine(each, turn.from_time)
            start = first_moment(schedule.zone, wall)
            if start <= moment and (begun is None or (start, wall) > begun[:2]):
                begun = (start, wall, index)
    return begun[2] if begun else len(rotation.turns) - 1


def sequence_of(rotation: Rotation, content: Shown) -> list[int]:
    """The places of the turns a visitor's views go through, in order."""
    return [i for i, turn in enumerate(rotation.turns) if turn.video_id in content.playable]


def _of_view(rotation: Rotation, view: int, content: Shown) -> int | None:
    places = sequence_of(rotation, content)
    if not places:
        return None
    last = len(places) - 1
    return places[min(view, last) if rotation.at_end is AtEnd.STAY else view % len(places)]


def thrown(rotation: Rotation, day: date) -> int:
    """The turn chance gives the day: the same for the same seed, day and turns, on every machine.

    The hash is even over 2**64, so a turn of weight w comes on w of `sum of weights` days in the long run.
    """
    digest = hashlib.sha256(f"{rotation.seed}|{day.isoformat()}".encode()).digest()
    point = int.from_bytes(digest[:8]) % sum(turn.weight for turn in rotation.turns)
    for index, turn in enumerate(rotation.turns):
        point -= turn.weight
        if point < 0:
            return index
    raise AssertionError("a point below the sum of weights lies in one of them")


def video_ids_of(schedule: Schedule) -> set[UUID]:
    """Every video the rules name."""
    named = {rule.video_id for rule in schedule.dates}
    named |= {window.video_id for window in schedule.windows}
    return named | {
        turn.video_id for turn in (schedule.rotation.turns if schedule.rotation else ())
    }


def showings(
    schedule: Schedule, content: Shown, *, start: datetime, end: datetime, view: int = 0
) -> list[tuple[datetime, Showing]]:
    """What plays from `start` to `end`, change by change: the moment each begins, and what it is."""
    found: list[tuple[datetime, Showing]] = []
    moment: datetime | None = start
    while moment is not None and moment < end:
        showing = video_at(schedule, moment, content, view=view)
        found.append((moment, showing))
        moment = showing.valid_until
    return found
