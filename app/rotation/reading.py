"""From what is stored and sent to what the pure functions take."""

from collections.abc import Iterable
from datetime import date, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from app.ar_content.models import ArContent, Video
from app.rotation import kinds, models, schemas

# A Monday; a rotation by days that does not say where it begins, begins here.
FIRST_DAY: Final = date(2024, 1, 1)


def rules_of(row: models.Schedule | None) -> schemas.Rules:
    """What people set; without a row nothing."""
    if row is None:
        return schemas.Rules()
    return schemas.Rules(**row.rules, time_zone=row.time_zone)


def videos_named_in(rules: schemas.Rules) -> set[UUID]:
    """Every video the rules name; one of them may have been deleted since they were set."""
    named = {rule.video_id for rule in rules.dates} | {window.video_id for window in rules.windows}
    return named | {turn.video_id for turn in (rules.rotation.turns if rules.rotation else ())}


def shown_of(content: ArContent, videos: Iterable[Video]) -> kinds.Shown:
    """What the content can play now: videos with a file, also while a newer one is being made."""
    playable = tuple(video.id for video in videos if video.key is not None)
    return kinds.Shown(playable, content.default_video_id)


def schedule_of(rules: schemas.Rules, *, content_id: UUID, company_zone: str) -> kinds.Schedule:
    """The rules for `video_at`, in their own time zone or the company's."""
    return kinds.Schedule(
        zone=ZoneInfo(rules.time_zone or company_zone),
        dates=tuple(_date_rule(rule) for rule in rules.dates),
        windows=tuple(_window(window) for window in rules.windows),
        rotation=_rotation(rules.rotation, content_id) if rules.rotation else None,
    )


def _date_rule(rule: schemas.DateRule) -> kinds.DateRule:
    return kinds.DateRule(
        rule.video_id,
        rule.every,
        month=rule.month or 1,
        day=rule.day or 1,
        weekdays=frozenset(rule.weekdays),
    )


def _window(window: schemas.Window) -> kinds.Window:
    return kinds.Window(
        window.video_id, window.first_day, window.last_day, window.starts_at, window.ends_at
    )


def _rotation(rotation: schemas.Rotation, content_id: UUID) -> kinds.Rotation:
    turns = [
        kinds.Turn(
            turn.video_id,
            turn.weight,
            time.fromisoformat(turn.from_time) if turn.from_time else time(),
            frozenset(turn.weekdays),
        )
        for turn in rotation.turns
    ]
    return kinds.Rotation(
        rotation.kind,
        tuple(turns),
        first_day=rotation.first_day or FIRST_DAY,
        seed=str(content_id) if rotation.seed is None else rotation.seed,
        at_end=rotation.at_end,
    )
