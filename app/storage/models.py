"""Storage connections, and what is kept in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.database import Base
from app.core.ids import uuid7
from app.core.resealing import sealed


class StorageConnection(Base):
    """Where a company's files are; without a company it is the default of the installation.

    `settings` is what may be seen (endpoint, bucket), `secret` is encrypted (app/core/crypto.py). `version`
    grows with every change, so that clients opened for an older one are dropped.
    """

    __tablename__ = "storage_connections"
    __table_args__ = (
        CheckConstraint("kind in ('local', 's3', 'yandex_disk')", name="kind_known"),
        CheckConstraint("not (is_default and archived_at is not null)", name="active_not_archived"),
        Index(
            "uq_storage_connections_default",
            text("coalesce(company_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            unique=True,
            postgresql_where=text("is_default"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(16))
    settings: Mapped[dict[str, object]] = mapped_column(JSONB, default=dict)
    secret: Mapped[str | None] = mapped_column(info=sealed("storage:{id}"))
    is_default: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    archived_at: Mapped[datetime | None]
    last_tested_at: Mapped[datetime | None]
    last_test: Mapped[dict[str, object] | None] = mapped_column(JSONB)

    __mapper_args__: Any = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it once)


class StoredFile(Base):
    """A file in a storage. The row is the register that quotas, backups and the sweep rely on.

    `released_at` is set when its last user lets go; the bytes stay until the sweep. From `sweeping_at` on
    nobody may use it again; `swept_at` says that the bytes are gone, and the row follows some time later.
    `moved_in` names the move that has a proved copy of it, `missing_since` when its bytes were not found.
    """

    __tablename__ = "stored_files"
    __table_args__ = (
        UniqueConstraint("company_id", "key"),
        Index("ix_stored_files_company_id_id", "company_id", "id"),
        Index(
            "ix_stored_files_released_at",
            "released_at",
            postgresql_where=text("released_at is not null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id", ondelete="RESTRICT"))
    key: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    released_at: Mapped[datetime | None]
    sweeping_at: Mapped[datetime | None]
    swept_at: Mapped[datetime | None]
    moved_in: Mapped[UUID | None]
    missing_since: Mapped[datetime | None]


class StorageGrant(Base):
    """What an account holder granted: the tokens of a Yandex Disk, encrypted.

    Who renews them claims the row by `renewing_until`; `generation` grows with each renewal.
    """

    __tablename__ = "storage_grants"

    connection_id: Mapped[UUID] = mapped_column(
        ForeignKey("storage_connections.id", ondelete="CASCADE"), primary_key=True
    )
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    tokens_encrypted: Mapped[str] = mapped_column(info=sealed("storage_grant:{connection_id}"))
    generation: Mapped[int] = mapped_column(default=1)
    expires_at: Mapped[datetime]
    renewing_until: Mapped[datetime | None]
    granted_at: Mapped[datetime] = mapped_column(default=utcnow)


class StorageMove(Base):
    """A company's files on their way from one connection to another.

    The copies nobody needs any more (the old ones; after a cancelled move the new ones) stay until
    `clean_up_after`. From `cleaning_at` to `cleaned_at` they are being removed, and no move may begin.
    """

    __tablename__ = "storage_moves"
    __table_args__ = (
        CheckConstraint(
            "state in ('running', 'paused', 'failed', 'cancelled', 'done')", name="state_known"
        ),
        Index(
            "uq_storage_moves_open",
            "company_id",
            unique=True,
            postgresql_where=text("state in ('running', 'paused', 'failed')"),
        ),
        Index("ix_storage_moves_company_id_id", "company_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id", ondelete="RESTRICT"))
    from_connection_id: Mapped[UUID] = mapped_column(ForeignKey("storage_connections.id"))
    to_connection_id: Mapped[UUID] = mapped_column(ForeignKey("storage_connections.id"))
    state: Mapped[str] = mapped_column(String(16), default="running")
    leave_missing: Mapped[bool] = mapped_column(default=False)
    files_total: Mapped[int] = mapped_column(default=0)
    files_done: Mapped[int] = mapped_column(default=0)
    bytes_total: Mapped[int] = mapped_column(default=0)
    bytes_done: Mapped[int] = mapped_column(default=0)
    files_missing: Mapped[int] = mapped_column(default=0)
    failure_code: Mapped[str | None] = mapped_column(String(64))
    failure_detail: Mapped[str | None]
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    finished_at: Mapped[datetime | None]
    clean_up_after: Mapped[datetime | None]
    cleaning_at: Mapped[datetime | None]
    cleaned_at: Mapped[datetime | None]


class StorageCheck(Base):
    """One comparison of the register with what is in the storage, and what it found."""

    __tablename__ = "storage_checks"
    __table_args__ = (
        CheckConstraint("state in ('running', 'done', 'failed')", name="state_known"),
        Index("ix_storage_checks_company_id_id", "company_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id", ondelete="RESTRICT"))
    state: Mapped[str] = mapped_column(String(16), default="running")
    is_deep: Mapped[bool] = mapped_column(default=False)
    files: Mapped[int] = mapped_column(default=0)
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    missing: Mapped[int] = mapped_column(default=0)
    damaged: Mapped[int] = mapped_column(default=0)
    orphans: Mapped[int] = mapped_column(default=0)
    orphan_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    examples: Mapped[list[str]] = mapped_column(JSONB, default=list)
    failure_code: Mapped[str | None] = mapped_column(String(64))
    failure_detail: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    finished_at: Mapped[datetime | None]
