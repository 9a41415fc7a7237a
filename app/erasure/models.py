"""What became of companies that were erased."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.database import Base
from app.core.ids import uuid7


class Erasure(Base):
    """One erasure: which company (by number only), how far, and what was removed. It names nobody."""

    __tablename__ = "erasures"
    __table_args__ = (CheckConstraint("state in ('running', 'done')", name="state_known"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    erased_company_id: Mapped[UUID] = mapped_column(unique=True)
    storage_path: Mapped[str | None] = mapped_column(String(63))
    state: Mapped[str] = mapped_column(String(16), default="running")
    report: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'::jsonb"))
    started_at: Mapped[datetime] = mapped_column(default=utcnow)
    finished_at: Mapped[datetime | None]
