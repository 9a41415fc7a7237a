"""The register of backups, and of the times one was restored to prove it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.database import Base
from app.core.ids import uuid7


class Backup(Base):
    """One backup. What is in the repository is the truth; this row is what the panel shows of it."""

    __tablename__ = "backups"
    __table_args__ = (
        CheckConstraint(
            "state in ('ordered', 'running', 'done', 'failed', 'pruned')", name="state_known"
        ),
        CheckConstraint("kind in ('scheduled', 'manual')", name="kind_known"),
        Index("ix_backups_created_at", "created_at"),
        Index(
            "uq_backups_open",
            text("(true)"),
            unique=True,
            postgresql_where=text("state in ('ordered', 'running')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str] = mapped_column(String(16), default="manual")
    state: Mapped[str] = mapped_column(String(16), default="ordered")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    database_bytes: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    files: Mapped[int] = mapped_column(default=0)
    files_bytes: Mapped[int] = mapped_column(default=0)
    places: Mapped[int] = mapped_column(default=0)
    manifest_sha256: Mapped[str | None] = mapped_column(String(64))
    elsewhere: Mapped[list[Any]] = mapped_column(
        JSONB, server_default=text("'[]'::jsonb"), default=list
    )
    error: Mapped[str | None]


class RestoreCheck(Base):
    """A backup restored into a scratch database and folder, and compared."""

    __tablename__ = "restore_checks"
    __table_args__ = (
        CheckConstraint("state in ('ordered', 'running', 'done', 'failed')", name="state_known"),
        Index("ix_restore_checks_backup_id", "backup_id"),
        Index(
            "uq_restore_checks_open",
            text("(true)"),
            unique=True,
            postgresql_where=text("state in ('ordered', 'running')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    backup_id: Mapped[UUID] = mapped_column(ForeignKey("backups.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(16), default="ordered")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    tables: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    files: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
