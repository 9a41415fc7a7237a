"""What a schedule looks like from outside."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from app.companies.schemas import TimeZone
from app.core.moments import Moment, refuse_numbers
from app.rotation import examples
from app.rotation.kinds import AtEnd, Every, Reason, RotationKind

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
ClockTime = Annotated[
    str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"), Field(examples=["18:00"])
]
Weekday = Annotated[int, Field(ge=1, le=7, description="Monday is 1")]
# What the clocks of a place show: without an offset, so no `date-time` of JSON Schema.
LocalTime = Annotated[
    datetime,
    WithJsonSchema({"type": "string", "description": "What the clocks of the place show then"}),
]
# What the pure functions reckon with; see `video_at`.
FIRST_YEAR, LAST_YEAR = 1970, 2200
Day = Annotated[date, Field(ge=date(FIRST_YEAR, 1, 1), le=date(LAST_YEAR, 12, 31))]
LONGEST_CALENDAR_DAYS = 62
DayCount = Annotated[int, Field(ge=1, le=LONGEST_CALENDAR_DAYS)]
ViewNumber = Annotated[int, Field(ge=0, le=1000, description="Which view of one visitor, from 0")]


def _reckonable(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"ask about the years {FIRST_YEAR} to {LAST_YEAR}")
    return moment


ReckonableMoment = Annotated[datetime, BeforeValidator(refuse_numbers), AfterValidator(_reckonable)]


class DateRule(BaseModel):
    """A day that comes again: `month` and `day`, `day`, or `weekdays`, as `every` says.

    A day the month does not have is its last one: 31 is the last day of every month, and 29 February is
    28 February in a common year.
    """

    model_config = ConfigDict(extra="forbid")

    name: Name = ""
    video_id: UUID
    every: Every
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    day: Annotated[int, Field(ge=1, le=31)] | None = None
    weekdays: Annotated[list[Weekday], Field(max_length=7)] = []


class Window(BaseModel):
    """A stretch of time: local days, both included, or moments, the end not; one side may be open."""

    model_config = ConfigDict(extra="forbid")

    name: Name = ""
    video_id: UUID
    first_day: Day | None = None
    last_day: Day | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None


class Turn(BaseModel):
    """One video of a rotation: `weight` for `random`, `from_time` for `hours`, `weekdays` for those."""

    model_config = ConfigDict(extra="forbid")

    video_id: UUID
    weight: Annotated[int, Field(ge=1, le=100)] = 1
    from_time: ClockTime | None = None
    weekdays: Annotated[list[Weekday], Field(max_length=7)] = []


class Rotation(BaseModel):
    """Videos that take turns by day, weekday, time of day, view or chance.

    `first_day` is the first turn's (`days`); `seed` makes equal chances equal (`random`), null takes the
    content's own; `at_end` is what follows the last video (`views`).
    """

    model_config = ConfigDict(extra="forbid")

    kind: RotationKind
    turns: Annotated[list[Turn], Field(min_length=1, max_length=100)]
    first_day: Day | None = None
    seed: Annotated[str, StringConstraints(max_length=64)] | None = None
    at_end: AtEnd = AtEnd.AGAIN


class Rules(BaseModel):
    """All rules of a schedule. A date comes before a window before the rotation before the default video.

    Of two dates, or two windows, that meet, the first of the list plays.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.SENT]})

    time_zone: TimeZone | None = None
    dates: Annotated[list[DateRule], Field(max_length=100)] = []
    windows: Annotated[list[Window], Field(max_length=100)] = []
    rotation: Rotation | None = None


class Schedule(Rules):
    """A content's rules; `effective_time_zone` is the company's where they name none."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.SCHEDULE]})

    content_id: UUID
    effective_time_zone: str
    updated_at: datetime | None


class AskedMoment(BaseModel):
    """Rules nobody has saved, and a moment to see them at; without an offset a local time of the zone."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [examples.ASKED_MOMENT]}
    )

    rules: Rules
    at: ReckonableMoment | None = None
    zone: TimeZone | None = None
    view: ViewNumber = 0


class AskedDays(BaseModel):
    """Rules nobody has saved, and the days to see them on; today in the zone, if none is named."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.ASKED_DAYS]})

    rules: Rules
    first_day: Day | None = None
    days: DayCount = 31
    zone: TimeZone | None = None


class Part(BaseModel):
    """What is seen for a while, and why.

    `reason` says which part of the schedule decided; `index` is the place of its rule, or of the turn in
    the rotation, and `name` the rule's. `is_open` is false when the print itself does not open: it is not
    published, or its end has passed.
    """

    is_open: bool
    video_id: UUID | None
    reason: Reason
    index: int | None
    name: str | None


class Preview(Part):
    """What a visitor sees at a moment; `valid_until` is when that changes, null if not within 400 days."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PREVIEW]})

    at: datetime
    local_time: LocalTime
    time_zone: str
    valid_until: datetime | None


class DayPart(Part):
    """A stretch of a day in which the same is seen."""

    starts_at: datetime
    ends_at: datetime


class CalendarDay(BaseModel):
    """One local day with everything seen on it, in order; a day the zone skips has no parts."""

    day: date
    starts_at: datetime
    ends_at: datetime
    parts: list[DayPart]


class Calendar(BaseModel):
    """Day by day what visitors see."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CALENDAR]})

    time_zone: str
    days: list[CalendarDay]
