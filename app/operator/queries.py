"""All companies, for the operator."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.companies.models import Company
from app.core.pagination import PageRequest, fetch_page
from app.subscriptions.agreement import Level, Status
from app.subscriptions.models import Plan, Subscription, Usage


async def list_companies(
    session: AsyncSession,
    request: PageRequest,
    *,
    status: Status | None,
    plan: str | None,
    deleted: bool,
    now: datetime,
) -> tuple[list[Company], str | None]:
    """One page of all companies by name. Full and warning are as of the last review, minutes ago."""
    statement = _with_plans().where(
        Company.deleted_at.is_not(None) if deleted else Company.deleted_at.is_(None)
    )
    if request.q:
        statement = statement.where(
            Company.name.icontains(request.q, autoescape=True)
            | Company.slug.icontains(request.q, autoescape=True)
        )
    if plan is not None:
        statement = statement.where(Plan.code == plan)
    if status is not None:
        statement = statement.where(_status(now) == status.value)
    return await fetch_page(
        session, statement, key=(Company.name, Company.id), request=request, newest_first=False
    )


def _with_plans() -> Select[Company]:
    return (
        select(Company)
        .outerjoin(Subscription, Subscription.company_id == Company.id)
        .outerjoin(Usage, Usage.company_id == Company.id)
        .join(
            Plan,
            (Plan.id == Subscription.plan_id)
            | (Subscription.company_id.is_(None) & Plan.is_default),
        )
    )


def _status(now: datetime) -> ColumnElement[str]:
    """The same as `status_of`, for the database."""
    grace = func.coalesce(Subscription.grace_days, Plan.grace_days) * literal(timedelta(days=1))
    return case(
        (Subscription.ends_at + grace <= now, Status.LAPSED.value),
        (Subscription.ends_at <= now, Status.GRACE.value),
        (Usage.level == Level.FULL.value, Status.FULL.value),
        (Usage.level == Level.WARNING.value, Status.WARNING.value),
        else_=Status.ACTIVE.value,
    )
