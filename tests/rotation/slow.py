"""The schedule's rules once more, written another way and slowly: what the fast functions are held to.

It knows nothing of `app.rotation.days`. It watches the clocks of the zone minute by minute, remembers the
furthest they have ever shown, and reads day and time from that.
"""

import hashlib
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from app.rotation.kinds import DateRule, Rotation, Schedule, Shown, Window

MINUTE = timedelta(minutes=1)
Answer = tuple[UUID | None, str, int | None]


def furthest(schedule: Schedule, moment: datetime) -> datetime:
    """The furthest the clocks have shown by then; no clock was ever set back by more than 26 hours."""
    utc = moment.astimezone(UTC)
    whole = utc.replace(second=0, microsecond=0)
    best = utc.astimezone(schedule.zone).replace(tzinfo=None)
    for minutes in range(26 * 60):
        shown = (whole - MINUTE * minutes).astimezone(schedule.zone).replace(tzinfo=None)
        # Just before the next minute the clock showed almost a minute more.
        best = max(best, shown)
    return best


def slow_video_at(schedule: Schedule, moment: datetime, content: Shown, view: int) -> Answer:
    """Video, reason and place, as `video_at` must tell them."""
    wall = furthest(schedule, moment)
    candidates: list[Answer] = [
        *((rule.video_id, "date", i) for i, rule in enumerate(schedule.dates) if on(rule, wall)),
        *(
            (window.video_id, "window", i)
            for i, window in enumerate(schedule.windows)
            if inside(window, moment, wall.date())
        ),
    ]
    if schedule.rotation is not None:
        candidates += turns(schedule.rotation, wall, content, view)
    candidates.append((content.default, "default", None))
    candidates += [(video, "default", None) for video in content.playable]
    playable = [each for each in candidates if each[0] in content.playable]
    return playable[0] if playable else (None, "nothing", None)


def on(rule: DateRule, wall: datetime) -> bool:
    today = wall.date()
    if rule.every == "week":
        return today.weekday() + 1 in rule.weekdays
    length = monthrange(today.year, today.month)[1]
    is_that_day = today.day == rule.day or (today.day == length and rule.day > length)
    return is_that_day and (rule.every == "month" or today.month == rule.month)


def inside(window: Window, moment: datetime, today: date) -> bool:
    if window.first_day and today < window.first_day:
        return False
    if window.last_day and today > window.last_day:
        return False
    if window.starts_at and moment < window.starts_at:
        return False
    return not (window.ends_at and moment >= window.ends_at)


def turns(rotation: Rotation, wall: datetime, content: Shown, view: int) -> list[Answer]:
    """The rotation's turns in the order in which they are tried."""
    every: list[Answer] = [(turn.video_id, "rotation", i) for i, turn in enumerate(rotation.turns)]
    match rotation.kind:
        case "weekdays":
            weekday = wall.weekday() + 1
            return [
                each
                for each, turn in zip(every, rotation.turns, strict=True)
                if weekday in turn.weekdays
            ][:1]
        case "hours":
            begun = [i for i, turn in enumerate(rotation.turns) if turn.from_time <= wall.time()]
            return [every[begun[-1]] if begun else every[-1]]
        case "days":
            start = (wall.date().toordinal() - rotation.first_day.toordinal()) % len(every)
        case "random":
            text = f"{rotation.seed}|{wall.date():%Y-%m-%d}"
            number = int(hashlib.sha256(text.encode()).hexdigest()[:16], 16)
            tickets = [i for i, turn in enumerate(rotation.turns) for _ in range(turn.weight)]
            start = tickets[number % len(tickets)]
        case _:
            every = [each for each in every if each[0] in content.playable]
            last = rotation.at_end == "stay" and view >= len(every)
            start = (len(every) - 1 if last else view % len(every)) if every else 0
    return [*every[start:], *every[:start]]
