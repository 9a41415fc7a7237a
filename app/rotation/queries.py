"""Schedules of contents, and contents whose end is near or was moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, case, cast, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.ar_content.models import ArContent
from app.ar_content.schemas import ContentStatus
from app.companies.models import Company
from app.core.ids import uuid7
from app.projects.models import Project
from app.rotation.ending import DueNotice
from app.rotation.models import ExpiryNotice, Schedule


async def find_schedule(
    session: AsyncSession, company_id: UUID, content_id: UUID
) -> Schedule | None:
    """The content's schedule; None when nobody has made one."""
    return await session.scalar(
        select(Schedule).where(Schedule.company_id == company_id, Schedule.content_id == content_id)
    )


@dataclass(frozen=True, slots=True)
class Ending:
    """A content whose end has a notice that is due, locked, with what its company wishes."""

    content: ArContent
    ends_at: datetime
    warning_days: Sequence[int]
    grace_days: int


def _days(number: Any) -> ColumnElement[Any]:
    return func.make_interval(0, 0, 0, cast(number, Integer))


def _due_at(end: Any, now: datetime) -> ColumnElement[datetime]:
    """When the last notice of an end that is due by now was due: `ending.notice_due` as a column."""
    days = func.unnest(Company.expiry_warning_days).column_valued("warning_days")
    warned = (
        select(func.max(end - _days(days)))
        .where(end - _days(days) <= now)
        .correlate(ArContent, Project, Company)
        .scalar_subquery()
    )
    closes_at = end + _days(Company.expiry_grace_days)
    return case((closes_at <= now, closes_at), (end <= now, end), else_=warned)


def _is_told(end: Any, due_at: Any) -> ColumnElement[bool]:
    return exists().where(
        ExpiryNotice.content_id == ArContent.id,
        ExpiryNotice.company_id == ArContent.company_id,
        ExpiryNotice.ends_at == end,
        ExpiryNotice.kind != "reopened",
        ExpiryNotice.due_at >= due_at,
    )


async def lock_endings(session: AsyncSession, *, now: datetime, limit: int) -> list[Ending]:
    """Published contents, of all companies, of whose end something is due and not told.

    Rows another tick holds are passed over. The project is locked too, so that nobody moves its end between
    our reading it and what follows from it.
    """
    end = func.least(ArContent.expires_at, Project.expires_at)
    due_at = _due_at(end, now)
    statement = (
        select(ArContent, end, Company.expiry_warning_days, Company.expiry_grace_days)
        .join(Project, Project.id == ArContent.project_id)
        .join(Company, Company.id == ArContent.company_id)
        .where(
            ArContent.status == ContentStatus.PUBLISHED.value,
            or_(ArContent.expires_at.is_not(None), Project.expires_at.is_not(None)),
            Company.deleted_at.is_(None),
            due_at.is_not(None),
            ~_is_told(end, due_at),
        )
        .order_by(end, ArContent.id)
        .limit(limit)
        .with_for_update(of=[ArContent, Project], skip_locked=True, key_share=True)
    )
    return [Ending(*row) for row in await session.execute(statement)]


async def lock_reopened(
    session: AsyncSession, *, now: datetime, limit: int
) -> list[tuple[ArContent, datetime]]:
    """Contents whose end was told and then moved, so that they are open again; with the end that was told."""
    again = aliased(ExpiryNotice)
    is_over = exists().where(
        again.content_id == ExpiryNotice.content_id,
        again.ends_at == ExpiryNotice.ends_at,
        again.kind.in_(("closed", "reopened")),
    )
    end = func.least(ArContent.expires_at, Project.expires_at)
    statement = (
        select(ArContent, ExpiryNotice.ends_at)
        .join(ExpiryNotice, ExpiryNotice.content_id == ArContent.id)
        .join(Project, Project.id == ArContent.project_id)
        .where(
            ArContent.status == ContentStatus.PUBLISHED.value,
            or_(end.is_(None), end > now),
            ExpiryNotice.kind == "expired",
            ~is_over,
        )
        .order_by(ExpiryNotice.id)
        .limit(limit)
        .with_for_update(of=[ArContent, Project], skip_locked=True, key_share=True)
    )
    return [(content, ends_at) for content, ends_at in await session.execute(statement)]


async def insert_notice(
    session: AsyncSession, content: ArContent, notice: DueNotice, *, now: datetime
) -> bool:
    """Whether it was new."""
    statement = (
        insert(ExpiryNotice)
        .values(
            id=uuid7(),
            company_id=content.company_id,
            content_id=content.id,
            kind=notice.kind,
            ends_at=notice.ends_at,
            days_before=notice.days_before,
            due_at=notice.due_at,
            made_at=now,
        )
        .on_conflict_do_nothing()
        .returning(ExpiryNotice.id)
    )
    return await session.scalar(statement) is not None
