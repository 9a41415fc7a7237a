"""Folders of work."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.database import Base
from app.core.ids import uuid7


class Project(Base):
    """A folder of work of one company; an archived one is out of the way and holds what it held."""

    __tablename__ = "projects"
    __table_args__ = (
        # Lets contents point at (company, project), so that the database itself refuses a content
        # in another company's project.
        UniqueConstraint("company_id", "id"),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        Index("ix_projects_company_id_updated_at_id", "company_id", "updated_at", "id"),
        Index(
            "ix_projects_expires_at",
            "expires_at",
            postgresql_where=text("expires_at is not null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id", ondelete="RESTRICT"))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    expires_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    __mapper_args__: Any = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it once)


Index("ix_projects_company_id_name", Project.company_id, func.lower(Project.name), Project.id)
