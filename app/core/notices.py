"""Something people should hear of, said once.

    await notify(session, "content.expiring", company_id=..., subject_id=..., data={...}, once_key="...")

The row and its job are there exactly when the caller's change is. Whom it reaches and how is decided after
the commit by `app/notifications`, which stands far above; this stands in the core, so that everybody can
say something. What each kind's `data` holds is told in `app/notifications/kinds.py`.
"""

import uuid
from datetime import datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.core import jobs
from app.core.clock import utcnow
from app.core.database import Base
from app.core.ids import uuid7

Kind = Literal[
    "content.expiring",
    "content.expired",
    "target.failed",
    "video.failed",
    "video.ready",
    "storage.failing",
    "storage.moved",
    "job.dead",
    "quota.warning",
    "domain.lost",
    "webhook.disabled",
]
KIND_NAMES: Final[tuple[str, ...]] = get_args(Kind)
SPREAD_TASK: Final = "notifications.spread"


class Notice(Base):
    """What was said: kept for as long as somebody might say it again."""

    __tablename__ = "notices"
    __table_args__ = (
        Index(
            "uq_notices_company_id_once_key",
            "company_id",
            "once_key",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_notices_created_at", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[uuid.UUID | None]
    data: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    once_key: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


async def notify(
    session: AsyncSession,
    kind: Kind,
    *,
    company_id: uuid.UUID | None,
    subject_id: uuid.UUID | None = None,
    data: dict[str, Any] | None = None,
    once_key: str,
) -> bool:
    """Whether it was new: the same `once_key` of a company is said once, however often and by however many.

    Without a company it is for the operators. `data` is plain JSON: ids, names, numbers, moments as text;
    never a secret. Raises `ValueError` for a kind that has no words.
    """
    if kind not in KIND_NAMES:
        raise ValueError(f"{kind}: not among {', '.join(KIND_NAMES)}")
    statement = (
        insert(Notice)
        .values(
            id=uuid7(),
            company_id=company_id,
            kind=kind,
            subject_id=subject_id,
            data=data or {},
            once_key=once_key,
            created_at=utcnow(),
        )
        .on_conflict_do_nothing()
        .returning(Notice.id)
    )
    notice_id = await session.scalar(statement)
    if notice_id is None:
        return False
    await jobs.enqueue(session, SPREAD_TASK, company_id=company_id, notice_id=notice_id)
    return True
