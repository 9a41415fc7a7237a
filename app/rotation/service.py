"""Changing the schedule of a content, and copying it with the content."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.ar_content import queries as contents
from app.ar_content.copies import also_copy
from app.ar_content.models import ArContent
from app.companies.roles import READ, WRITE_CONTENTS
from app.core.actor import Actor
from app.core.etags import ANY_VERSION, Seen
from app.rotation import queries
from app.rotation.checking import require_sense
from app.rotation.kinds import RotationKind
from app.rotation.models import Schedule
from app.rotation.plans import Plan, plan_of
from app.rotation.reading import rules_of, videos_named_in
from app.rotation.schemas import Rules


async def set_schedule(
    session: AsyncSession, actor: Actor, content_id: UUID, rules: Rules, *, seen: Seen = ANY_VERSION
) -> Schedule:
    """The content's schedule, replaced as a whole; the same rules again change nothing.

    Raises `NotFound`, `ContentArchived`, `PreconditionFailed`, and `Invalid` with every place that does
    not make sense.
    """
    actor.require(WRITE_CONTENTS)
    content = await contents.open_content(session, actor, content_id, ANY_VERSION)
    row = await queries.find_schedule(session, content.company_id, content.id)
    seen.require(row or never_made(content))
    own = {video.id for video in await contents.videos_of(session, content)}
    require_sense(rules, own_videos=own | videos_named_in(rules_of(row)))
    return await _store(session, actor, content, row, _in_order(rules))


async def plan_with(session: AsyncSession, actor: Actor, content_id: UUID, rules: Rules) -> Plan:
    """The content's plan as it would be under other rules; nothing is saved.

    Raises `Forbidden`, `NotFound`, and `Invalid` where `set_schedule` would.
    """
    actor.require(READ)
    plan = await plan_of(session, actor, content_id)
    own = {video.id for video in plan.found.videos}
    require_sense(rules, own_videos=own | videos_named_in(plan.rules), root="#/rules")
    return plan.under(_in_order(rules))


def never_made(content: ArContent) -> Schedule:
    """What stands for the schedule nobody has made yet: version 0, no rules."""
    return Schedule(content_id=content.id, company_id=content.company_id, rules={}, version=0)


def _in_order(rules: Rules) -> Rules:
    """Times of day in the order of the day, which is how they are reckoned with."""
    rotation = rules.rotation
    if rotation is None or rotation.kind is not RotationKind.HOURS:
        return rules
    turns = sorted(rotation.turns, key=lambda turn: turn.from_time or "")
    return rules.model_copy(update={"rotation": rotation.model_copy(update={"turns": turns})})


async def _store(
    session: AsyncSession, actor: Actor, content: ArContent, row: Schedule | None, rules: Rules
) -> Schedule:
    before = rules_of(row)
    if row is not None and before == rules:
        return row
    if row is None:
        row = Schedule(content_id=content.id, company_id=content.company_id)
        session.add(row)
    row.time_zone = rules.time_zone
    row.rules = rules.model_dump(mode="json", exclude={"time_zone"})
    await session.flush()
    events.record(
        session,
        "schedule.updated",
        actor=actor,
        subject_id=content.id,
        data={"title": content.title},
        changes=_changes(before, rules),
    )
    return row


def _changes(before: Rules, after: Rules) -> dict[str, list[Any]]:
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    return {name: [old[name], new[name]] for name in old if old[name] != new[name]}


@also_copy
async def copy_schedule(
    session: AsyncSession, original: ArContent, copy: ArContent, twins: Mapping[UUID, UUID]
) -> None:
    """The same rules for a copied content, naming its own videos; chance throws the same days."""
    row = await queries.find_schedule(session, original.company_id, original.id)
    if row is None:
        return
    rules = _with_twins(rules_of(row), twins)
    if rules.rotation is not None and rules.rotation.seed is None:
        rules.rotation.seed = str(original.id)
    session.add(
        Schedule(
            content_id=copy.id,
            company_id=copy.company_id,
            time_zone=rules.time_zone,
            rules=rules.model_dump(mode="json", exclude={"time_zone"}),
        )
    )
    await session.flush()


def _with_twins(rules: Rules, twins: Mapping[UUID, UUID]) -> Rules:
    """The rules about the copies of the videos; about one that is gone there is nothing to copy."""
    rules = rules.model_copy(deep=True)
    rules.dates = [rule for rule in rules.dates if rule.video_id in twins]
    rules.windows = [window for window in rules.windows if window.video_id in twins]
    if rules.rotation is not None:
        rules.rotation.turns = [turn for turn in rules.rotation.turns if turn.video_id in twins]
        if not rules.rotation.turns:
            rules.rotation = None
    for rule in rules.dates:
        rule.video_id = twins[rule.video_id]
    for window in rules.windows:
        window.video_id = twins[window.video_id]
    for turn in rules.rotation.turns if rules.rotation else []:
        turn.video_id = twins[turn.video_id]
    return rules
