"""Mails on their way, and what became of them."""

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.database import Base
from app.core.ids import uuid7


class MailState(enum.StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    KEPT = "kept"  # development without a mail server: it lies in the mailbox page
    FAILED = "failed"


class MailMessage(Base):
    """One mail to one person. Its body may hold a link with a token, so it is blanked once the mail is
    gone; `message_id` never changes, so a mail handed over twice is recognised as one."""

    __tablename__ = "mail_messages"
    __table_args__ = (
        CheckConstraint("state in ('queued', 'sent', 'kept', 'failed')", name="state_known"),
        Index("ix_mail_messages_company_id", "company_id"),
        Index("ix_mail_messages_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    job_id: Mapped[UUID | None]
    template: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2))
    recipient: Mapped[str] = mapped_column(String(254))
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str]
    html: Mapped[str]
    state: Mapped[str] = mapped_column(String(10), default=MailState.QUEUED.value)
    failure: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    finished_at: Mapped[datetime | None]
