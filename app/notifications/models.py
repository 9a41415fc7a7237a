"""What people were told, by which ways, and how they want to be told."""

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


class Notification(Base):
    """A notice as one person sees it in the panel."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("notice_id", "user_id"),
        Index("ix_notifications_user_id_id", "user_id", "id"),
        Index("ix_notifications_company_id", "company_id"),
        Index("ix_notifications_unread", "user_id", "id", postgresql_where=text("read_at IS NULL")),
        Index(
            "ix_notifications_for_digest",
            "user_id",
            postgresql_where=text("digest_state = 'waiting'"),
        ),
        CheckConstraint("digest_state in ('none', 'waiting', 'sent')", name="digest_state_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"))
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    digest_state: Mapped[str] = mapped_column(String(10), server_default=text("'none'"))
    read_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Preference(Base):
    """How one person wants to be told; no row is as everybody is told.

    `choices` holds what differs: `{"content.expiring": {"email": false}}`. Without a zone the days are those
    of the company it is about.
    """

    __tablename__ = "notification_preferences"
    __table_args__ = (CheckConstraint("digest in ('off', 'daily', 'weekly')", name="digest_known"),)

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(String(10), default="daily")
    time_zone: Mapped[str | None] = mapped_column(String(64))
    choices: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default=text("'{}'::jsonb")
    )
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    __mapper_args__: Any = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it once)


class ChannelKind(enum.StrEnum):
    TELEGRAM = "telegram"
    MESSENGER = "messenger"


class Channel(Base):
    """A company's chat or messenger. Its token and address are encrypted; `label` is what may be seen.

    `resting_until` spares a target that does not answer, so that its messages do not hold up others'.
    """

    __tablename__ = "notification_channels"
    __table_args__ = (
        CheckConstraint("kind in ('telegram', 'messenger')", name="kind_known"),
        CheckConstraint("language in ('en', 'ru')", name="language_known"),
        Index("ix_notification_channels_company_id_id", "company_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(120))
    label: Mapped[str] = mapped_column(String(200))
    settings_encrypted: Mapped[str] = mapped_column(
        info=sealed("notification channel:{company_id}")
    )
    link_token: Mapped[str | None] = mapped_column(String(64))
    link_expires_at: Mapped[datetime | None]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    language: Mapped[str] = mapped_column(String(2), server_default=text("'en'"))
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    failure: Mapped[dict[str, Any] | None]
    resting_until: Mapped[datetime | None]
    last_sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    __mapper_args__: Any = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it once)


class DeliveryState(enum.StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Delivery(Base):
    """One message to one target. `once_key` is what makes a second one impossible.

    For mail the state and the attempts are those of the mail itself (`mail_id`), which has its own job.
    """

    __tablename__ = "notification_deliveries"
    __table_args__ = (
        CheckConstraint("state in ('queued', 'sent', 'failed')", name="state_known"),
        UniqueConstraint("once_key"),
        Index("ix_notification_deliveries_company_id_id", "company_id", "id"),
        Index("ix_notification_deliveries_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    channel_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("notification_channels.id", ondelete="SET NULL")
    )
    channel: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(40))
    once_key: Mapped[str] = mapped_column(String(200))
    target: Mapped[str] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(10), default=DeliveryState.QUEUED.value)
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    failure: Mapped[dict[str, Any] | None]
    provider_id: Mapped[str | None] = mapped_column(String(100))
    mail_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    finished_at: Mapped[datetime | None]
