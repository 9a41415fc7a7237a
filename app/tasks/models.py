"""The clock's ticks, and the processes that are at work."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class BeatTick(Base):
    """Something that runs by the clock: when it is due. Who moves `due_at` on has the tick."""

    __tablename__ = "beat_ticks"

    name: Mapped[str] = mapped_column(primary_key=True)
    timing: Mapped[str]
    due_at: Mapped[datetime]
    last_at: Mapped[datetime | None]
    job_id: Mapped[uuid.UUID | None]


class WorkProcess(Base):
    """A worker or beat that has shown itself; silent ones are forgotten after a day."""

    __tablename__ = "work_processes"
    __table_args__ = (CheckConstraint("kind in ('worker', 'beat')", name="kind_known"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    host: Mapped[str]
    queues: Mapped[list[str]] = mapped_column(ARRAY(Text))
    slots: Mapped[int]
    version: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    seen_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
