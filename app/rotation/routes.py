"""Schedules of contents, and what visitors will see."""

from datetime import date
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from app.auth.dependencies import CompanyActor
from app.companies.schemas import TimeZone
from app.core.clock import utcnow
from app.core.database import SessionDep
from app.core.etags import SeenDep, TaggingDep
from app.core.openapi import problems
from app.rotation import preview as previews
from app.rotation import schemas, service
from app.rotation.days import day_of
from app.rotation.plans import Plan, plan_of

router = APIRouter(prefix="/companies/{company_id}/contents/{content_id}", tags=["schedules"])

Asked = Annotated[
    schemas.ReckonableMoment,
    Query(description="A moment; without an offset a local time of the zone. Now, if left out."),
]
Zone = Annotated[TimeZone, Query(description="The schedule's own, if left out.")]


@router.get("/schedule", responses=problems(401, 403, 404))
async def get_schedule(
    content_id: UUID, actor: CompanyActor, session: SessionDep, tagging: TaggingDep
) -> schemas.Schedule:
    """The content's rules; empty ones when nobody has made any."""
    return _tagged(tagging, await plan_of(session, actor, content_id))


@router.put("/schedule", responses=problems(401, 403, 404, 409, 412, 422))
async def set_schedule(
    content_id: UUID,
    body: schemas.Rules,
    actor: CompanyActor,
    session: SessionDep,
    tagging: TaggingDep,
    seen: SeenDep,
) -> schemas.Schedule:
    """Replace the content's rules as a whole; each value that makes no sense is named by its pointer."""
    await service.set_schedule(session, actor, content_id, body, seen=seen)
    return _tagged(tagging, await plan_of(session, actor, content_id))


def _tagged(tagging: TaggingDep, plan: Plan) -> schemas.Schedule:
    row = plan.row or service.never_made(plan.found.content)
    body = schemas.Schedule(
        **plan.rules.model_dump(),
        content_id=plan.found.content.id,
        effective_time_zone=plan.schedule.zone.key,
        updated_at=row.updated_at,
    )
    return tagging.tag(body, row)


@router.get("/preview", responses=problems(401, 403, 404, 422))
async def preview_content(
    content_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    at: Asked | None = None,
    zone: Zone | None = None,
    view: Annotated[schemas.ViewNumber, Query()] = 0,
) -> schemas.Preview:
    """What a visitor sees at a moment, why, and until when."""
    plan = await plan_of(session, actor, content_id)
    return previews.preview(plan, at or utcnow(), zone=_zone(zone, plan), view=view)


@router.post("/preview", responses=problems(401, 403, 404, 422))
async def preview_rules(
    content_id: UUID, body: schemas.AskedMoment, actor: CompanyActor, session: SessionDep
) -> schemas.Preview:
    """What a visitor would see at a moment under rules that nobody has saved; saves nothing."""
    plan = await service.plan_with(session, actor, content_id, body.rules)
    return previews.preview(plan, body.at or utcnow(), zone=_zone(body.zone, plan), view=body.view)


@router.get("/preview/days", responses=problems(401, 403, 404, 422))
async def preview_days(
    content_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    first_day: Annotated[
        schemas.Day | None, Query(description="Today in the zone, if left out")
    ] = None,
    days: Annotated[schemas.DayCount, Query()] = 31,
    zone: Zone | None = None,
) -> schemas.Calendar:
    """What visitors see day by day, for a calendar."""
    plan = await plan_of(session, actor, content_id)
    return _calendar(plan, first_day, days, _zone(zone, plan))


@router.post("/preview/days", responses=problems(401, 403, 404, 422))
async def preview_days_of_rules(
    content_id: UUID, body: schemas.AskedDays, actor: CompanyActor, session: SessionDep
) -> schemas.Calendar:
    """What visitors would see day by day under rules that nobody has saved; saves nothing."""
    plan = await service.plan_with(session, actor, content_id, body.rules)
    return _calendar(plan, body.first_day, body.days, _zone(body.zone, plan))


def _zone(asked: str | None, plan: Plan) -> ZoneInfo:
    return ZoneInfo(asked) if asked else plan.schedule.zone


def _calendar(plan: Plan, first_day: date | None, days: int, zone: ZoneInfo) -> schemas.Calendar:
    return previews.calendar(plan, first_day or day_of(zone, utcnow()), days=days, zone=zone)
