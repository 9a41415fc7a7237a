"""Companies, and which user works in which as what."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.database import Base
from app.core.ids import uuid7


class Company(Base):
    """A tenant. `storage_path` is its folder in every storage and never changes.

    One that was deleted (`deleted_at`) is hidden from everybody, can be restored for a while, and is
    then erased.
    """

    __tablename__ = "companies"
    __table_args__ = (CheckConstraint("language in ('en', 'ru')", name="language_known"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(String(120))
    slug: Mapped[str] = mapped_column(String(63), unique=True)
    storage_path: Mapped[str] = mapped_column(String(63), unique=True)
    accent_color: Mapped[str | None] = mapped_column(String(7))
    contact: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default=text("'{}'::jsonb")
    )
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC", server_default=text("'UTC'"))
    language: Mapped[str] = mapped_column(String(2), default="en", server_default=text("'en'"))
    expiry_warning_days: Mapped[list[int]] = mapped_column(
        ARRAY(Integer), default=lambda: [30, 7, 1], server_default=text("'{30,7,1}'")
    )
    expiry_grace_days: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    deleted_at: Mapped[datetime | None]
    require_two_factor: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    __mapper_args__: Any = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it once)


class Membership(Base):
    """A user's role in a company."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("role in ('owner', 'editor', 'viewer')", name="role_known"),
        Index("ix_memberships_user_id", "user_id"),
    )

    company_id: Mapped[UUID] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
