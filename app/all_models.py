"""Imports every models.py, so that migrations, workers and tests see all tables."""

from app.core.database import Base
from app.core.jobs import Job
from app.events.models import Event

__all__ = ["Base", "Event", "Job"]
