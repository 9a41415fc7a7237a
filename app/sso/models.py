"""A company's identity provider, and who is who there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.database import Base
from app.core.ids import uuid7
from app.core.resealing import sealed


class IdentityProvider(Base):
    """How a company's people sign in with its own accounts; one for each company."""

    __tablename__ = "identity_providers"
    __table_args__ = (
        CheckConstraint("default_role in ('owner', 'editor', 'viewer')", name="role_known"),
    )

    company_id: Mapped[UUID] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    issuer: Mapped[str] = mapped_column(String(500))
    client_id: Mapped[str] = mapped_column(String(255))
    client_secret_encrypted: Mapped[str] = mapped_column(
        info=sealed("identity provider:{company_id}")
    )
    allowed_domains: Mapped[list[str]] = mapped_column(ARRAY(String(253)))
    default_role: Mapped[str] = mapped_column(String(16))
    auto_provision: Mapped[bool] = mapped_column(default=False)
    enabled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)


class UserIdentity(Base):
    """A user's account at a company's provider, known by its `sub`, which never changes hands."""

    __tablename__ = "user_identities"
    __table_args__ = (
        UniqueConstraint("company_id", "issuer", "subject"),
        Index("ix_user_identities_user_id", "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    last_used_at: Mapped[datetime] = mapped_column(default=utcnow)
