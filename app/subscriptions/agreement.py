"""What a company may use and how it stands, as plain values: nothing here asks the database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

WARNING_SHARE: Final = 0.8
# A warning is taken back only well below the mark, so that a company at it is not told every day.
CALM_SHARE: Final = 0.75


class Quota(StrEnum):
    """What is limited; the names are columns of plans and members of the API."""

    STORAGE_BYTES = "storage_bytes"
    CONTENTS = "contents"
    MEMBERS = "members"
    VIEWS_MONTH = "views_month"


class Level(StrEnum):
    """How full the fullest quota is."""

    OK = "ok"
    WARNING = "warning"
    FULL = "full"


class Status(StrEnum):
    """How a company stands. In `grace` and `lapsed` its subscription has ended."""

    ACTIVE = "active"
    WARNING = "warning"
    FULL = "full"
    GRACE = "grace"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A company's plan with its own limits put over it. A limit that is None is no limit.

    `max_upload_bytes` is the largest file; None leaves it to the installation (MAX_UPLOAD_BYTES).
    """

    plan_code: str
    plan_name: str
    limits: dict[Quota, int | None]
    grace_days: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    max_upload_bytes: int | None = None

    @property
    def grace_until(self) -> datetime | None:
        """When published work stops being shown; None while there is no end."""
        return self.ends_at + timedelta(days=self.grace_days) if self.ends_at else None

    def has_ended(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now

    def is_served(self, now: datetime) -> bool:
        """Whether visitors still see what was published."""
        return self.grace_until is None or now < self.grace_until


Figures = dict[Quota, int]


def level_of(used: int, limit: int | None, *, warned: bool = False) -> Level:
    """How full one quota is; one that was `warned` of counts as such until well below the mark."""
    if limit is None:
        return Level.OK
    if used >= limit:
        return Level.FULL
    return Level.WARNING if used >= limit * (CALM_SHARE if warned else WARNING_SHARE) else Level.OK


def highest_level(agreement: Agreement, figures: Figures, *, warned: bool = False) -> Level:
    """The level of the fullest quota."""
    levels = {
        level_of(figures[quota], limit, warned=warned) for quota, limit in agreement.limits.items()
    }
    return max(levels, key=tuple(Level).index)


def status_of(agreement: Agreement, level: Level, *, now: datetime) -> Status:
    """The end of a subscription weighs more than what is used."""
    if not agreement.is_served(now):
        return Status.LAPSED
    if agreement.has_ended(now):
        return Status.GRACE
    return {Level.OK: Status.ACTIVE, Level.WARNING: Status.WARNING, Level.FULL: Status.FULL}[level]


def month_of(moment: datetime) -> date:
    """The first day of the moment's month, in UTC as the moment is."""
    return moment.date().replace(day=1)
