"""Endpoints of companies, what waits for them, and what became of it."""

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.database import Base
from app.core.ids import uuid7
from app.core.resealing import sealed


class Endpoint(Base):
    """An address that hears of events. While it rotates, both secrets sign until `old_secret_until`.

    `retry_at` holds back everything for an endpoint that is down, so order is kept and nobody waits for
    it; `lease_until` lets one worker at a time speak to it.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (Index("ix_webhook_endpoints_company_id_id", "company_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(String(2000))
    description: Mapped[str] = mapped_column(String(200), server_default=text("''"))
    events: Mapped[list[str]] = mapped_column(ARRAY(String(80)))
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    disabled_reason: Mapped[str | None] = mapped_column(String(40))
    secret_encrypted: Mapped[str] = mapped_column(info=sealed("webhook secret:{company_id}"))
    old_secret_encrypted: Mapped[str | None] = mapped_column(
        info=sealed("webhook secret:{company_id}")
    )
    old_secret_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    failing_since: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class DeliveryState(enum.StrEnum):
    QUEUED = "queued"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookDelivery(Base):
    """One event for one endpoint. Its body is made from the event, which never changes."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint("state in ('queued', 'delivered', 'failed')", name="state_known"),
        UniqueConstraint("endpoint_id", "event_id"),
        Index("ix_webhook_deliveries_company_id_id", "company_id", "id"),
        Index(
            "ix_webhook_deliveries_due",
            "endpoint_id",
            "event_id",
            postgresql_where=text("state = 'queued'"),
        ),
        Index("ix_webhook_deliveries_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    endpoint_id: Mapped[UUID] = mapped_column(
        ForeignKey("webhook_endpoints.id", ondelete="CASCADE")
    )
    event_id: Mapped[UUID]
    event_name: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10), default=DeliveryState.QUEUED.value)
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    next_attempt_at: Mapped[datetime] = mapped_column(default=utcnow)
    give_up_at: Mapped[datetime]
    response_status: Mapped[int | None]
    response_excerpt: Mapped[str | None] = mapped_column(String(500))
    failure: Mapped[dict[str, Any] | None]
    duration_ms: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    attempted_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]


class InboxEvent(Base):
    """An event somebody waits for and nobody has looked at yet; a trigger on `events` writes it.

    The trigger runs with the event's own insert, so neither an order of commits nor a crash loses one.
    """

    __tablename__ = "webhook_inbox"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
