"""Telling a company's owners, by mail, that a quota fills up."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import mail
from app.companies import queries as companies
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.notices import notify
from app.subscriptions import queries
from app.subscriptions.agreement import Level, Quota

TEMPLATES = {Level.WARNING: "quota_warning", Level.FULL: "quota_full"}


async def tell_owners(
    session: AsyncSession, company_id: UUID, level: Level, *, quota: Quota, used: int, limit: int
) -> None:
    """A line at the bell and a mail to each owner, with the transaction that noted the level."""
    company = await companies.company_by_id(session, company_id)
    percent = used * 100 // limit if limit else 100
    await notify(
        session,
        "quota.warning",
        company_id=company_id,
        subject_id=company_id,
        data={"quota": quota.value, "percent": percent},
        once_key=f"quota.{level.value}:{quota.value}:{utcnow():%Y-%m-%dT%H}",
    )
    for owner in await queries.owners_of(session, company_id):
        await mail.send(
            session,
            TEMPLATES[level],
            to=owner.email,
            language=owner.language,
            company_id=company_id,
            context={
                "company_name": company.name,
                "accent_color": company.accent_color,
                "quota": quota.value,
                "used": _readable(quota, used),
                "limit": _readable(quota, limit),
                "percent": percent,
                "link": get_settings().web.page(f"c/{company.slug}/settings/usage"),
            },
        )


def _readable(quota: Quota, number: int) -> str:
    if quota is Quota.STORAGE_BYTES:
        return f"{number / 1024**3:,.1f} GB"
    return f"{number:,}"
