"""The clock's part: levels that change without anybody asking, and counters proved against the files."""

from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.core.clock import utcnow
from app.core.database import session_scope
from app.subscriptions import queries
from app.subscriptions.agreement import (
    Agreement,
    Figures,
    Level,
    Quota,
    highest_level,
    level_of,
    month_of,
)
from app.subscriptions.service import is_higher, raise_level

log = structlog.get_logger(__name__)

SYSTEM: Final = "subscriptions"


async def review_all() -> int:
    """Bring every company's level up to date; the number of those whose level changed."""
    return sum([await review_one(company_id) for company_id in await _companies()])


async def _companies() -> list[UUID]:
    async with session_scope(system=SYSTEM) as session:
        return await queries.company_ids(session)


async def review_one(company_id: UUID) -> bool:
    """One company in a transaction of its own, so that the gate is held for moments only."""
    async with session_scope(system=SYSTEM) as session:
        return await review(session, company_id)


async def review(session: AsyncSession, company_id: UUID) -> bool:
    """Whether the company's level changed: up with a mail to the owners, down without a word."""
    agreement = await queries.agreement_of(session, company_id)
    usage = await queries.enter_gate(session, company_id)
    figures = await queries.figures_of(session, company_id, month=month_of(utcnow()))
    before = Level(usage.level)
    level = highest_level(agreement, figures, warned=before is not Level.OK)
    if level is before:
        return False
    if is_higher(level, before):
        quota, limit = _fullest(agreement, figures)
        await raise_level(session, usage, level, quota=quota, used=figures[quota], limit=limit)
        return True
    usage.level = level.value
    await session.flush()
    events.record(
        session,
        "quota.relaxed",
        company_id=company_id,
        subject_id=company_id,
        changes={"level": [before.value, level.value]},
    )
    return True


def _fullest(agreement: Agreement, figures: Figures) -> tuple[Quota, int]:
    limits = {quota: limit for quota, limit in agreement.limits.items() if limit is not None}
    order = tuple(Level)
    quota = max(limits, key=lambda each: order.index(level_of(figures[each], limits[each])))
    return quota, limits[quota]


async def recount_all() -> int:
    """Compare every counter with the files themselves, repair it, and return how many were wrong."""
    return sum([await recount_one(company_id) for company_id in await _companies()])


async def recount_one(company_id: UUID) -> bool:
    """Whether the company's storage counter was wrong. It is right now."""
    async with session_scope(system=SYSTEM) as session:
        usage = await queries.enter_gate(session, company_id)
        counted = usage.storage_bytes
        found, pending = await queries.stored_and_pending_bytes(session, company_id)
        usage.storage_bytes = found - pending
        usage.counted_at = utcnow()
        if found == counted + pending:
            return False
        log.error(
            "usage.counter_repaired",
            company_id=str(company_id),
            counted=counted + pending,
            found=found,
        )
        events.record(
            session,
            "usage.repaired",
            company_id=company_id,
            subject_id=company_id,
            changes={"storage_bytes": [counted + pending, found]},
        )
        return True
