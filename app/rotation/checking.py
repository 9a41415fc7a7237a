"""Whether the rules of a schedule make sense together; each finding names its place."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final
from uuid import UUID

from app.core.errors import Invalid
from app.rotation.kinds import Every, RotationKind
from app.rotation.schemas import DateRule, Rotation, Rules, Turn, Window

Finding = tuple[str, str]

_LONGEST_MONTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def require_sense(rules: Rules, *, own_videos: Collection[UUID], root: str = "#") -> None:
    """Raises `Invalid` with all findings at once; `root` is where the rules stand in what was sent."""
    errors = [
        {"pointer": pointer.replace("#", root, 1), "detail": detail}
        for pointer, detail in _findings(rules, own_videos)
    ]
    if errors:
        first = "; ".join(f"{error['pointer']}: {error['detail']}" for error in errors[:3])
        raise Invalid(first, errors=errors)


def _findings(rules: Rules, own_videos: Collection[UUID]) -> Iterator[Finding]:
    for index, rule in enumerate(rules.dates):
        yield from _of_date(rule, f"#/dates/{index}")
    for index, window in enumerate(rules.windows):
        yield from _of_window(window, f"#/windows/{index}")
    if rules.rotation is not None:
        yield from _of_rotation(rules.rotation, "#/rotation")
    yield from _of_videos(rules, own_videos)


def _of_videos(rules: Rules, own_videos: Collection[UUID]) -> Iterator[Finding]:
    turns = rules.rotation.turns if rules.rotation else []
    places: tuple[tuple[str, Sequence[DateRule | Window | Turn]], ...] = (
        ("#/dates", rules.dates),
        ("#/windows", rules.windows),
        ("#/rotation/turns", turns),
    )
    for place, named in places:
        for index, each in enumerate(named):
            if each.video_id not in own_videos:
                yield f"{place}/{index}/video_id", "This content has no such video."


def _of_date(rule: DateRule, place: str) -> Iterator[Finding]:
    if rule.every is Every.WEEK:
        if not rule.weekdays:
            yield f"{place}/weekdays", "Name at least one day of the week."
        return
    if rule.day is None:
        yield f"{place}/day", "Say which day of the month."
    if rule.every is Every.MONTH:
        return
    if rule.month is None:
        yield f"{place}/month", "Say which month."
    elif rule.day is not None and rule.day > _LONGEST_MONTHS[rule.month - 1]:
        yield f"{place}/day", "This month never has that day."


def _of_window(window: Window, place: str) -> Iterator[Finding]:
    days, moments = (window.first_day, window.last_day), (window.starts_at, window.ends_at)
    if any(days) and any(moments):
        yield place, "Use days or moments, not both."
    elif not any(days) and not any(moments):
        yield place, "Say when it begins or when it ends."
    if window.first_day and window.last_day and window.last_day < window.first_day:
        yield f"{place}/last_day", "It ends before it begins."
    if window.starts_at and window.ends_at and window.ends_at <= window.starts_at:
        yield f"{place}/ends_at", "It ends before it begins."


def _of_rotation(rotation: Rotation, place: str) -> Iterator[Finding]:
    seen: set[object] = set()
    for index, turn in enumerate(rotation.turns):
        at = f"{place}/turns/{index}"
        if rotation.kind is RotationKind.HOURS:
            yield from _of_hour(turn, at, seen)
        elif rotation.kind is RotationKind.WEEKDAYS:
            yield from _of_weekdays(turn, at, seen)


def _of_hour(turn: Turn, place: str, seen: set[object]) -> Iterator[Finding]:
    if turn.from_time is None:
        yield f"{place}/from_time", "Say from what time of day."
    elif turn.from_time in seen:
        yield f"{place}/from_time", "Another video begins at that time."
    seen.add(turn.from_time)


def _of_weekdays(turn: Turn, place: str, seen: set[object]) -> Iterator[Finding]:
    if not turn.weekdays:
        yield f"{place}/weekdays", "Name at least one day of the week."
    elif seen.intersection(turn.weekdays):
        yield f"{place}/weekdays", "Another video has that day of the week."
    seen.update(turn.weekdays)
