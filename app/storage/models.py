"""Storage connections, and what is kept in them."""

from datetime import datetime
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
    secret: Mapped[str | None]
    is_default: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    archived_at: Mapped[datetime | None]
    last_tested_at: Mapped[datetime | None]
    last_test: Mapped[dict[str, object] | None] = mapped_column(JSONB)


class StoredFile(Base):
    """A file in a storage. The row is the register that quotas, backups and the sweep rely on.

    `released_at` is set when its last user lets go; the bytes stay until the sweep.
    """

    __tablename__ = "stored_files"
    __table_args__ = (UniqueConstraint("company_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id", ondelete="RESTRICT"))
    key: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    released_at: Mapped[datetime | None]
