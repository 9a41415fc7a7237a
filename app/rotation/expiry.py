"""The clock's part of ends: warnings, the end, the closing after the grace, opening again; each told once.

Nothing here decides what visitors see (`app/ar_content/expiry.py` does, from the clock). A row of
`expiry_notices` stands for what was told, in the transaction that tells it: two ticks at once, one that
crashed and one that comes a week late all tell each thing once, and only what is true by then.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.ar_content.models import ArContent
from app.ar_content.schemas import ContentStatus
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.notices import Kind, notify
from app.rotation import queries
from app.rotation.ending import DueNotice, NoticeKind, days_left, notice_due

SYSTEM: Final = "expiry"
BATCH: Final = 100

_EVENTS: Final[dict[NoticeKind, str]] = {
    "warning": "content.expiring",
    "expired": "content.expired",
    "closed": "content.closed",
    "reopened": "content.reopened",
}
# A closing is told to people only when the end was not: then it is how they hear of it.
_NOTICES: Final[dict[NoticeKind, Kind]] = {
    "warning": "content.expiring",
    "expired": "content.expired",
    "closed": "content.expired",
}


async def review_ends(*, now: datetime | None = None) -> int:
    """Tell everything that is due, batch by batch; how many things that were."""
    now = now or utcnow()
    return await _until_done(_tell_batch, now) + await _until_done(_reopen_batch, now)


async def _until_done(step: Callable[[datetime], Awaitable[int]], now: datetime) -> int:
    told = 0
    while count := await step(now):
        told += count
    return told


async def _tell_batch(now: datetime) -> int:
    async with session_scope(system=SYSTEM) as session:
        told = 0
        for ending in await queries.lock_endings(session, now=now, limit=BATCH):
            notice = notice_due(
                ending.ends_at,
                now,
                warning_days=ending.warning_days,
                grace_days=ending.grace_days,
            )
            assert notice is not None, "the statement finds only ends of which something is due"
            told += await _tell(session, ending.content, notice, now=now)
        return told


async def _reopen_batch(now: datetime) -> int:
    async with session_scope(system=SYSTEM) as session:
        told = 0
        for content, ends_at in await queries.lock_reopened(session, now=now, limit=BATCH):
            notice = DueNotice("reopened", ends_at, now)
            told += await _tell(session, content, notice, now=now)
        return told


async def _tell(
    session: AsyncSession, content: ArContent, notice: DueNotice, *, now: datetime
) -> bool:
    """Whether it was told now and not before."""
    if not await queries.insert_notice(session, content, notice, now=now):
        return False
    if notice.kind == "closed":
        content.status = ContentStatus.EXPIRED.value
        await session.flush()
    data = _facts(content, notice, now)
    events.record(
        session,
        _EVENTS[notice.kind],
        company_id=content.company_id,
        subject_id=content.id,
        data=data,
    )
    await _notify(session, content, notice, data)
    return True


def _facts(content: ArContent, notice: DueNotice, now: datetime) -> dict[str, Any]:
    facts: dict[str, Any] = {"title": content.title, "expires_at": notice.ends_at.isoformat()}
    if notice.kind == "warning":
        facts["days_left"] = days_left(notice.ends_at, now)
    return facts


async def _notify(
    session: AsyncSession, content: ArContent, notice: DueNotice, data: dict[str, Any]
) -> None:
    kind = _NOTICES.get(notice.kind)
    if kind is None:
        return
    days = f":{notice.days_before}" if notice.days_before is not None else ""
    await notify(
        session,
        kind,
        company_id=content.company_id,
        subject_id=content.id,
        data=data,
        once_key=f"{kind}:{content.id}:{notice.ends_at.isoformat()}{days}",
    )
