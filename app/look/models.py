"""The look of a company's viewer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.database import Base


class Look(Base):
    """Colours, logo and words; the accent colour is the company's own. No row: as ARV looks.

    `texts` is by language: `{"en": {"title": ..., "hint": ..., "call_label": ..., "call_url": ...}}`.
    """

    __tablename__ = "looks"

    company_id: Mapped[UUID] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    background_color: Mapped[str | None] = mapped_column(String(7))
    ink_color: Mapped[str | None] = mapped_column(String(7))
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'::jsonb"))
    logo_key: Mapped[str | None] = mapped_column(String(200))
    logo_width: Mapped[int | None]
    logo_height: Mapped[int | None]
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    __mapper_args__: Any = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it once)
