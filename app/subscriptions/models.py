"""Plans, subscriptions, and the counters of what a company uses."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.database import Base
from app.core.ids import uuid7


class Plan(Base):
    """What a company may use. A limit that is null is no limit; `is_default` holds where none is chosen."""

    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint("grace_days >= 0", name="grace_not_negative"),
        CheckConstraint(
            "least(storage_bytes, contents, members, views_month) >= 0", name="limits_not_negative"
        ),
        Index(
            "uq_plans_is_default", "is_default", unique=True, postgresql_where=text("is_default")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    storage_bytes: Mapped[int | None] = mapped_column(BigInteger)
    contents: Mapped[int | None]
    members: Mapped[int | None]
    views_month: Mapped[int | None]
    max_upload_bytes: Mapped[int | None] = mapped_column(BigInteger)
    grace_days: Mapped[int] = mapped_column(SmallInteger, default=30)
    is_default: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)


class Subscription(Base):
    """What was agreed with one company; a limit here stands before the plan's. No row: the default plan."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        CheckConstraint("ends_at is null or ends_at > starts_at", name="ends_after_start"),
        Index("ix_subscriptions_plan_id", "plan_id"),
    )

    company_id: Mapped[UUID] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id", ondelete="RESTRICT"))
    starts_at: Mapped[datetime] = mapped_column(default=utcnow)
    ends_at: Mapped[datetime | None]
    grace_days: Mapped[int | None] = mapped_column(SmallInteger)
    storage_bytes: Mapped[int | None] = mapped_column(BigInteger)
    contents: Mapped[int | None]
    members: Mapped[int | None]
    views_month: Mapped[int | None]
    max_upload_bytes: Mapped[int | None] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)


class Usage(Base):
    """The counter row of a company, and the gate what grows passes one by one (ADR 0034).

    Storage in use is `storage_bytes` plus the company's `StorageDelta` rows. `level` is what was last
    told to its owners: `ok`, `warning` or `full`.
    """

    __tablename__ = "company_usage"
    __table_args__ = (CheckConstraint("level in ('ok', 'warning', 'full')", name="level_known"),)

    company_id: Mapped[UUID] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    storage_bytes: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    level: Mapped[str] = mapped_column(String(8), server_default=text("'ok'"))
    counted_at: Mapped[datetime | None]


class StorageDelta(Base):
    """Bytes that came into use or went out of it; written by a trigger of `stored_files`.

    Appended without a lock by any transaction, folded into `Usage` by whoever holds the gate.
    """

    __tablename__ = "storage_deltas"
    __table_args__ = (Index("ix_storage_deltas_company_id", "company_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    bytes: Mapped[int] = mapped_column(BigInteger)


class MonthlyViews(Base):
    """How often a company's prints were opened in a month (UTC; `month` is its first day)."""

    __tablename__ = "monthly_views"

    company_id: Mapped[UUID] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    month: Mapped[date] = mapped_column(primary_key=True)
    views: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
