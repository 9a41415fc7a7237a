"""Files that arrived whole and wait to be used, and those still on their way."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
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


class SessionState(StrEnum):
    """Where a file on its way is. With all its bytes there it is still `receiving`, until it is judged."""

    RECEIVING = "receiving"
    DONE = "done"
    REFUSED = "refused"


class UploadSession(Base):
    """A file on its way in pieces (tus), or through the company's object store (`is_direct`).

    The first `offset_bytes` bytes are on stable storage: in the incoming folder, or under `key` in the
    storage of `connection_id`. `sha256` is what the sender says the whole file has. In the end there is an
    upload, or a `problem` as the API tells it.
    """

    __tablename__ = "upload_sessions"
    __table_args__ = (
        CheckConstraint("purpose in ('image', 'video')", name="purpose_known"),
        CheckConstraint("state in ('receiving', 'done', 'refused')", name="state_known"),
        CheckConstraint("offset_bytes between 0 and size_bytes", name="offset_in_range"),
        Index("ix_upload_sessions_company_id", "company_id"),
        Index("ix_upload_sessions_expires_at", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    purpose: Mapped[str] = mapped_column(String(16))
    filename: Mapped[str] = mapped_column(String(255))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    offset_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    sha256: Mapped[str | None] = mapped_column(String(64))
    sender_metadata: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(16), default=SessionState.RECEIVING)
    is_direct: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    key: Mapped[str | None] = mapped_column(String(200))
    connection_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("storage_connections.id", ondelete="SET NULL")
    )
    upload_id: Mapped[UUID | None] = mapped_column(ForeignKey("uploads.id", ondelete="SET NULL"))
    problem: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]

    @property
    def is_whole(self) -> bool:
        return self.offset_bytes == self.size_bytes
