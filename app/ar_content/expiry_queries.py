"""The end of contents as conditions of a statement; what they mean is told in `expiry.py`."""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, not_, or_, select

from app.ar_content.models import ArContent
from app.ar_content.schemas import ContentStatus
from app.projects.models import Project


def end_column() -> ColumnElement[datetime | None]:
    """`earlier` in a statement about contents; LEAST passes over what is null."""
    project: ScalarSelect[datetime | None] = (
        select(Project.expires_at)
        .where(Project.company_id == ArContent.company_id, Project.id == ArContent.project_id)
        .scalar_subquery()
    )
    return func.least(ArContent.expires_at, project)


def has_status(status: ContentStatus, now: datetime) -> ColumnElement[bool]:
    """`status_at` as a condition on contents."""
    is_published = ArContent.status == ContentStatus.PUBLISHED.value
    has_ended = func.coalesce(end_column() <= now, False)
    if status is ContentStatus.PUBLISHED:
        return and_(is_published, not_(has_ended))
    if status is ContentStatus.EXPIRED:
        is_closed = ArContent.status == ContentStatus.EXPIRED.value
        return or_(is_closed, and_(is_published, has_ended))
    return ArContent.status == status.value
