"""Changing plans and what was agreed with a company; both are the operator's."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.ids import uuid7
from app.subscriptions import queries
from app.subscriptions.models import Plan
from app.subscriptions.review import review

# Fields whose null would mean nothing.
NEVER_NULL: Final = ("name", "grace_days", "is_default")


class PlanCodeTaken(Conflict):
    code = "plan_code_taken"
    title = "There is a plan with this code"


class DefaultPlanNeeded(Conflict):
    code = "default_plan_needed"
    title = "One plan must be the default"


def require_operator(actor: Actor) -> None:
    """Raises `Forbidden` unless a superadmin asks."""
    if not actor.is_superadmin:
        raise Forbidden("Only the operator of this installation changes plans and subscriptions.")


async def create_plan(session: AsyncSession, actor: Actor, *, values: dict[str, Any]) -> Plan:
    """A new plan. Raises `PlanCodeTaken`."""
    require_operator(actor)
    if values["is_default"]:
        await queries.clear_default(session)
    now = utcnow()
    plan = await queries.insert_plan(
        session, {**values, "id": uuid7(), "created_at": now, "updated_at": now}
    )
    if plan is None:
        raise PlanCodeTaken(f"Another plan has the code “{values['code']}”.")
    events.record(session, "plan.created", actor=actor, subject_id=plan.id, data=values)
    return plan


async def update_plan(
    session: AsyncSession, actor: Actor, plan_id: UUID, *, values: dict[str, Any]
) -> Plan:
    """The plan with the values. Companies that have it are held to them from the next moment on."""
    require_operator(actor)
    plan = await queries.get_plan(session, plan_id)
    for field in NEVER_NULL:
        if field in values and values[field] is None:
            raise Invalid("This can not be taken away.", pointer=f"#/{field}")
    if values.get("is_default") is False and plan.is_default:
        raise DefaultPlanNeeded("Make another plan the default instead.")
    changes = events.changes_of(plan, values)
    if values.get("is_default") and not plan.is_default:
        await queries.clear_default(session)
    for field, value in values.items():
        setattr(plan, field, value)
    await session.flush()
    events.record(session, "plan.updated", actor=actor, subject_id=plan.id, changes=changes)
    return plan


async def update_subscription(
    session: AsyncSession, actor: Actor, *, values: dict[str, Any]
) -> None:
    """Agree something else with the actor's company. Raises `Invalid` for an unknown plan or dates."""
    require_operator(actor)
    assert actor.company_id is not None
    before = await queries.subscription_of(session, actor.company_id)
    values = await _with_plan_id(session, values, is_new=before is None)
    if values.get("starts_at", utcnow()) is None:
        raise Invalid("A subscription begins at some time.", pointer="#/starts_at")
    starts_at = values.get("starts_at") or (before.starts_at if before else utcnow())
    ends_at = values.get("ends_at", before.ends_at if before else None)
    if ends_at is not None and ends_at <= starts_at:
        raise Invalid("It must end after it began.", pointer="#/ends_at")
    changes = events.changes_of(before, values) if before else _from_nothing(values)
    await queries.set_subscription(session, actor.company_id, values, now=utcnow())
    events.record(
        session,
        "subscription.updated",
        actor=actor,
        subject_id=actor.company_id,
        changes=changes,
    )
    await review(session, actor.company_id)


def _from_nothing(values: dict[str, Any]) -> dict[str, Any]:
    return {name: [None, str(value)] for name, value in values.items() if value is not None}


async def _with_plan_id(
    session: AsyncSession, values: dict[str, Any], *, is_new: bool
) -> dict[str, Any]:
    """`plan` by its code becomes `plan_id`; a first subscription without one has the default."""
    values = dict(values)
    code = values.pop("plan", None)
    if code is None and not is_new:
        return values
    plan = (
        await queries.default_plan(session)
        if code is None
        else await queries.plan_by_code(session, code)
    )
    if plan is None:
        raise Invalid("There is no such plan.", pointer="#/plan")
    return {**values, "plan_id": plan.id}
