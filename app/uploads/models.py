"""Files that arrived whole and wait to be used."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.database import Base
from app.core.ids import uuid7


class Upload(Base):
    """A received file.

    `media_type`, `size_bytes` and `sha256` describe the bytes that were sent; `key` and
    `stored_size_bytes` what was made of them and kept: an image is re-encoded, a video stays.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        CheckConstraint("purpose in ('image', 'video')", name="purpose_known"),
        Index("ix_uploads_company_id_created_at", "company_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id", ondelete="RESTRICT"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    purpose: Mapped[str] = mapped_column(String(16))
    filename: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    duration_seconds: Mapped[float | None]
    has_audio: Mapped[bool | None]
    key: Mapped[str] = mapped_column(String(200))
    stored_media_type: Mapped[str] = mapped_column(String(100))
    stored_size_bytes: Mapped[int] = mapped_column(BigInteger)
    thumbnail_key: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
