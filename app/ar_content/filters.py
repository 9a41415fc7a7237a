"""Which contents a list is asked for."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.ar_content.schemas import ContentStatus, TargetStatus
from app.core.filters import ANY_TIME, Dates


@dataclass(frozen=True, slots=True)
class ContentFilter:
    """Every field narrows the list; None asks for nothing. The archive is a list of its own."""

    project_id: UUID | None = None
    status: ContentStatus | None = None
    target_status: TargetStatus | None = None
    archived: bool | None = False
    has_video: bool | None = None
    score_below: float | None = None
    ends_before: datetime | None = None
    dates: Dates = ANY_TIME

    def inside(self, project_id: UUID | None) -> "ContentFilter":
        """The same, in one project only; None leaves it as it is."""
        return self if project_id is None else replace(self, project_id=project_id)
