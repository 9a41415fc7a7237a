"""Schedules of contents, and what was said about their end."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.database import Base
from app.core.ids import uuid7


class Schedule(Base):
    """The rules of one content, kept as the API takes them; without a row its default video plays.

    `time_zone` is None where the company's own is meant, also after the company moves.
    """

    __tablename__ = "schedules"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "content_id"],
            ["ar_contents.company_id", "ar_contents.id"],
            ondelete="CASCADE",
        ),
        Index("ix_schedules_company_id_content_id", "company_id", "content_id"),
    )

    content_id: Mapped[UUID] = mapped_column(primary_key=True)
    company_id: Mapped[UUID]
    time_zone: Mapped[str | None] = mapped_column(String(64))
    rules: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    __mapper_args__: Any = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it once)


class ExpiryNotice(Base):
    """A warning, an end, a closing or a reopening that was told; what has its row is not told again."""

    __tablename__ = "expiry_notices"
    __table_args__ = (
        CheckConstraint("kind in ('warning', 'expired', 'closed', 'reopened')", name="kind_known"),
        CheckConstraint("(kind = 'warning') = (days_before is not null)", name="warning_has_days"),
        ForeignKeyConstraint(
            ["company_id", "content_id"],
            ["ar_contents.company_id", "ar_contents.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint(
            "content_id", "ends_at", "kind", "days_before", postgresql_nulls_not_distinct=True
        ),
        Index("ix_expiry_notices_company_id_content_id", "company_id", "content_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID]
    content_id: Mapped[UUID]
    ends_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    days_before: Mapped[int | None]
    due_at: Mapped[datetime]
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
