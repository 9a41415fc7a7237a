"""Imports and their rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.database import Base
from app.core.ids import uuid7


class ContentImport(Base):
    """A table on its way to contents; who asked for it is kept to act in their name."""

    __tablename__ = "content_imports"
    __table_args__ = (
        CheckConstraint("status in ('queued', 'running', 'done', 'failed')", name="status_known"),
        UniqueConstraint("company_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    project_id: Mapped[UUID]
    filename: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(16), default="queued")
    user_id: Mapped[UUID | None]
    api_key_id: Mapped[UUID | None]
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_label: Mapped[str] = mapped_column(String(255))
    row_count: Mapped[int]
    job_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    finished_at: Mapped[datetime | None]


class ImportRow(Base):
    """One row, and what became of it."""

    __tablename__ = "content_import_rows"
    __table_args__ = (
        CheckConstraint(
            "status in ('pending', 'created', 'existing', 'failed')", name="status_known"
        ),
        ForeignKeyConstraint(
            ["company_id", "import_id"],
            ["content_imports.company_id", "content_imports.id"],
            ondelete="CASCADE",
        ),
        Index("ix_content_import_rows_company_id_import_id", "company_id", "import_id"),
    )

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    image: Mapped[str] = mapped_column(String(255))
    video: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(16), default="pending")
    error_column: Mapped[str | None] = mapped_column(String(16))
    error_code: Mapped[str | None] = mapped_column(String(64))
    error_detail: Mapped[str | None]
    content_id: Mapped[UUID | None]
