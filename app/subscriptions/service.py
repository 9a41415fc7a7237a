"""Holding companies to what was agreed: warn at 80 %, refuse what is new at 100 %, keep serving.

`check` is called first in a transaction that makes a company use more, before any other row is locked.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.errors import Conflict, Forbidden
from app.subscriptions import queries
from app.subscriptions.agreement import Agreement, Level, Quota, level_of, month_of
from app.subscriptions.models import Usage
from app.subscriptions.notices import tell_owners

# What runs full stops these too: a company whose views are used up adds nothing new.
ALSO_ASKED: Final = {Quota.CONTENTS: (Quota.VIEWS_MONTH,)}
WORDS: Final = {
    Quota.STORAGE_BYTES: "storage",
    Quota.CONTENTS: "contents",
    Quota.MEMBERS: "members",
    Quota.VIEWS_MONTH: "views this month",
}


class QuotaExceeded(Conflict):
    """The problem also says `quota`, `used` and `limit`."""

    code = "quota_exceeded"
    title = "The plan does not hold more"


class SubscriptionEnded(Forbidden):
    code = "subscription_ended"
    title = "The subscription has ended"


async def check(session: AsyncSession, actor: Actor, quota: str, amount: int = 1) -> None:
    """Let the transaction add `amount` to what the actor's company uses.

    Raises `QuotaExceeded` or `SubscriptionEnded`. With a limit, transactions of a company that ask follow
    one another, so of many at the last place exactly one passes. Call it before locking anything else.
    """
    assert actor.company_id is not None
    wanted, now = Quota(quota), utcnow()
    agreement = await queries.agreement_of(session, actor.company_id)
    if agreement.has_ended(now):
        raise SubscriptionEnded(
            "The company's subscription has ended, so nothing new can be added. What is published is shown "
            f"until {agreement.grace_until:%d %B %Y}. Ask the operator to renew it."
        )
    asked = (wanted, *ALSO_ASKED.get(wanted, ()))
    if all(agreement.limits[each] is None for each in asked):
        return
    usage = await queries.enter_gate(session, actor.company_id)
    for each in asked:
        step = amount if each is wanted else 0
        await _check_one(session, usage, agreement, each, step, now=now)


async def _check_one(
    session: AsyncSession,
    usage: Usage,
    agreement: Agreement,
    quota: Quota,
    step: int,
    *,
    now: datetime,
) -> None:
    limit = agreement.limits[quota]
    if limit is None:
        return
    used = await queries.used_of(session, usage.company_id, quota, month=month_of(now))
    if used + max(step, 1) > limit:
        raise quota_exceeded(quota, used=used, limit=limit)
    level = level_of(used + step, limit)
    if is_higher(level, Level(usage.level)):
        await raise_level(session, usage, level, quota=quota, used=used + step, limit=limit)


def quota_exceeded(quota: Quota, *, used: int, limit: int) -> QuotaExceeded:
    """The refusal, with the figures a program may show."""
    return QuotaExceeded(
        f"Your plan holds {_amount(quota, limit)}, and {_amount(quota, used)} are used. Remove something, or "
        "ask the operator for a larger plan. What is published stays open.",
        quota=quota.value,
        used=used,
        limit=limit,
    )


def _amount(quota: Quota, number: int) -> str:
    if quota is Quota.STORAGE_BYTES:
        return f"{number / 1024**2:,.0f} MB of storage"
    return f"{number:,} {WORDS[quota]}"


def is_higher(level: Level, than: Level) -> bool:
    order = tuple(Level)
    return order.index(level) > order.index(than)


async def raise_level(
    session: AsyncSession, usage: Usage, level: Level, *, quota: Quota, used: int, limit: int
) -> None:
    """Note that a quota fills up, and tell the owners; each level is told once until it is left."""
    before, usage.level = usage.level, level.value
    await session.flush()
    events.record(
        session,
        "quota.warned" if level is Level.WARNING else "quota.filled",
        company_id=usage.company_id,
        subject_id=usage.company_id,
        data={"quota": quota.value, "used": used, "limit": limit},
        changes={"level": [before, level.value]},
    )
    await tell_owners(session, usage.company_id, level, quota=quota, used=used, limit=limit)


async def storage_room(session: AsyncSession, company_id: UUID) -> int | None:
    """How many bytes the company may still store, None without a limit. `check` decides."""
    agreement = await queries.agreement_of(session, company_id)
    limit = agreement.limits[Quota.STORAGE_BYTES]
    if limit is None:
        return None
    used = await queries.used_of(session, company_id, Quota.STORAGE_BYTES, month=month_of(utcnow()))
    return max(0, limit - used)


async def largest_upload(session: AsyncSession, company_id: UUID) -> int:
    """How many bytes one file of the company may have: its plan says, else the installation."""
    agreement = await queries.agreement_of(session, company_id)
    return agreement.max_upload_bytes or get_settings().uploads.max_bytes
