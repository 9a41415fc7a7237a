"""How a company stands, as the API shows it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utcnow
from app.core.config import get_settings
from app.subscriptions import queries, schemas
from app.subscriptions.agreement import (
    Agreement,
    Figures,
    Quota,
    highest_level,
    level_of,
    month_of,
    status_of,
)


async def present(session: AsyncSession, company_id: UUID) -> schemas.Subscription:
    """The company's plan, status and quotas at this moment."""
    now = utcnow()
    agreement = await queries.agreement_of(session, company_id)
    figures = await queries.figures_of(session, company_id, month=month_of(now))
    return _presented(agreement, figures, now)


async def present_many(
    session: AsyncSession, company_ids: Collection[UUID]
) -> dict[UUID, schemas.Subscription]:
    """The same of several companies, asked at once."""
    now = utcnow()
    found = await queries.standings_of(session, company_ids, month=month_of(now))
    return {
        company_id: _presented(agreement, figures, now)
        for company_id, (agreement, figures) in found.items()
    }


def _presented(agreement: Agreement, figures: Figures, now: datetime) -> schemas.Subscription:
    return schemas.Subscription(
        plan=schemas.PlanName(code=agreement.plan_code, name=agreement.plan_name),
        status=status_of(agreement, highest_level(agreement, figures), now=now),
        starts_at=agreement.starts_at,
        ends_at=agreement.ends_at,
        grace_until=agreement.grace_until,
        max_upload_bytes=agreement.max_upload_bytes or get_settings().uploads.max_bytes,
        quotas=quota_states(agreement, figures),
    )


def quota_states(agreement: Agreement, figures: Figures) -> list[schemas.QuotaState]:
    """One entry for each quota, in their fixed order."""
    return [_quota_state(quota, figures[quota], agreement.limits[quota]) for quota in Quota]


def _quota_state(quota: Quota, used: int, limit: int | None) -> schemas.QuotaState:
    percent = None if limit is None else used * 100 // limit if limit else 100
    return schemas.QuotaState(
        quota=quota, used=used, limit=limit, percent=percent, level=level_of(used, limit)
    )
