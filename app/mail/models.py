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
    gone; `message_id` never changes, so a mail handed over twice is recognised as one. `one_click_url` ends
    such mails (RFC 8058) and is blanked with the body."""

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
    one_click_url: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(10), default=MailState.QUEUED.value)
    failure: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    finished_at: Mapped[datetime | None]


class Letterhead(Base):
    """What a company's mails wear besides its accent colour, as the look last said: a logo, which every mail
    carries with it, on the background it was made for. No row: the company's name on white."""

    __tablename__ = "mail_letterheads"

    company_id: Mapped[UUID] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    background_color: Mapped[str | None] = mapped_column(String(7))
    ink_color: Mapped[str | None] = mapped_column(String(7))
    logo: Mapped[bytes | None]
    logo_width: Mapped[int | None]
    logo_height: Mapped[int | None]
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
