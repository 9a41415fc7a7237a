"""The rules of a schedule as plain data, the way the pure functions take them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo


class Every(StrEnum):
    """How often a date comes again."""

    YEAR = "year"
    MONTH = "month"
    WEEK = "week"


class RotationKind(StrEnum):
    """What makes the next video's turn come."""

    DAYS = "days"
    """The next day, in the order of the list, over and over from `first_day`."""
    WEEKDAYS = "weekdays"
    """The weekdays named with each video."""
    HOURS = "hours"
    """The time of day from which each video plays, until the next one's."""
    VIEWS = "views"
    """Each view of one visitor."""
    RANDOM = "random"
    """Chance, thrown once a day from the seed; a weight of two comes twice as often as one."""


class AtEnd(StrEnum):
    """What a visitor sees after the last video of a sequence."""

    AGAIN = "again"
    STAY = "stay"


class Reason(StrEnum):
    """Which part of a schedule decided; above comes before below."""

    DATE = "date"
    WINDOW = "window"
    ROTATION = "rotation"
    DEFAULT = "default"
    NOTHING = "nothing"
    """No video of the content can be played."""


@dataclass(frozen=True, slots=True)
class DateRule:
    """A day that comes again. In a month without that day it is the month's last: so is 29 February."""

    video_id: UUID
    every: Every
    month: int = 1
    day: int = 1
    weekdays: frozenset[int] = frozenset()
    """Monday is 1 (ISO 8601)."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time: local days, both included, or moments, the last one not; None is open."""

    video_id: UUID
    first_day: date | None = None
    last_day: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One video of a rotation, with what its kind needs to know."""

    video_id: UUID
    weight: int = 1
    from_time: time = time()
    weekdays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Rotation:
    """Videos that take turns; `hours` are in the order of the day."""

    kind: RotationKind
    turns: tuple[Turn, ...]
    first_day: date = date(2026, 1, 1)
    seed: str = ""
    at_end: AtEnd = AtEnd.AGAIN


@dataclass(frozen=True, slots=True)
class Schedule:
    """All rules of a content; of two dates or windows that meet, the one that stands first plays."""

    zone: ZoneInfo
    dates: tuple[DateRule, ...] = ()
    windows: tuple[Window, ...] = ()
    rotation: Rotation | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a content can play, in the order people gave its videos; the default first if there is one."""

    playable: tuple[UUID, ...]
    default: UUID | None = None


@dataclass(frozen=True, slots=True)
class Showing:
    """Which video plays and why. `index` is the place of the rule or turn among its kind.

    `valid_until` is the next moment at which anything of this changes; None: not within `HORIZON`.
    """

    video_id: UUID | None
    reason: Reason
    index: int | None = None
    valid_until: datetime | None = None
