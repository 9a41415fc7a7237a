"""The append-only table of events; a trigger in the database refuses changes to a row."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base
from app.core.ids import uuid7


class Event(Base):
    """One thing that happened: `name` is `noun.verb_past`, such as `content.published`.

    The actor is kept by words as well as by id, so that the log still reads when the account is gone.
    """

    __tablename__ = "events"
    __table_args__ = (
        # Lists of the audit log, newest first: a company's, a company's of one person, everybody's.
        Index("ix_events_company_id_created_at_id", "company_id", "created_at", "id"),
        Index("ix_events_company_id_actor_id_created_at", "company_id", "actor_id", "created_at"),
        Index("ix_events_created_at_id", "created_at", "id"),
        Index("ix_events_subject_id_created_at", "subject_id", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str]
    company_id: Mapped[uuid.UUID | None]
    actor_id: Mapped[uuid.UUID | None]
    actor_kind: Mapped[str] = mapped_column(server_default=text("'system'"))
    actor_label: Mapped[str | None]
    api_key_id: Mapped[uuid.UUID | None]
    address: Mapped[str | None]
    user_agent: Mapped[str | None]
    subject_id: Mapped[uuid.UUID | None]
    data: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    changes: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    words: Mapped[str] = mapped_column(Text(collation="C"), server_default=text("''"))
    """What a reader may search for, in lower case: one column is looked through ten times as fast as six."""
    request_id: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
