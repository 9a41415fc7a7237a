"""Hostnames of companies."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.database import Base


class CompanyDomain(Base):
    """The hostname a company wants its links under, and whether it proved that it is theirs.

    Many may ask for a hostname, one may hold it: only verified ones are unique, so nobody can block
    a name by asking for it first.
    """

    __tablename__ = "company_domains"
    __table_args__ = (
        CheckConstraint("state in ('pending', 'verified', 'failed')", name="state_known"),
        Index(
            "uq_company_domains_hostname_verified",
            "hostname",
            unique=True,
            postgresql_where=text("state = 'verified'"),
        ),
    )

    company_id: Mapped[UUID] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    hostname: Mapped[str] = mapped_column(String(253))
    token: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default="pending")
    failure: Mapped[str | None] = mapped_column(String(64))
    checked_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    missing_since: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
