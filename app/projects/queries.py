"""Projects of a company, with what is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import DateTime, String, Uuid, column, func, select, table
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.filters import ANY_TIME, Dates, is_set, within
from app.core.pagination import KeyColumn, PageRequest, fetch_page
from app.projects.models import Project

# Contents stand above projects on the import ladder, so a project's summary knows their table by name only.
_contents = table(
    "ar_contents",
    column("id", Uuid),
    column("company_id", Uuid),
    column("project_id", Uuid),
    column("status", String),
    column("expires_at", DateTime(timezone=True)),
    column("image_thumbnail_key", String),
)


@dataclass(frozen=True, slots=True)
class Summary:
    """A project, how much is in it, and the picture of its newest content."""

    project: Project
    content_count: int = 0
    published_count: int = 0
    cover_key: str | None = None


SORTS: Final[Mapping[str, KeyColumn]] = {
    "created_at": Project.created_at,
    "updated_at": Project.updated_at,
    "name": func.lower(Project.name),
}


async def list_summaries(
    session: AsyncSession,
    actor: Actor,
    request: PageRequest,
    *,
    archived: bool | None = False,
    dates: Dates = ANY_TIME,
) -> tuple[list[Summary], str | None]:
    """One page of projects, newest first unless asked otherwise, and the next page's cursor."""
    statement = select(Project).where(
        Project.company_id == actor.company_id,
        *is_set(Project.archived_at, wanted=archived),
        *within(dates, Project.created_at, Project.updated_at),
    )
    if request.q:
        statement = statement.where(
            func.lower(Project.name).contains(request.q.lower(), autoescape=True)
        )
    projects, cursor = await fetch_page(
        session, statement, key=(Project.id,), request=request, sorts=SORTS
    )
    return await _summaries(session, actor, projects), cursor


async def get_summary(session: AsyncSession, actor: Actor, project_id: UUID) -> Summary:
    """One project with its counts. Raises `NotFound`."""
    project = await get_project(session, actor, project_id)
    return (await _summaries(session, actor, [project]))[0]


async def get_project(
    session: AsyncSession, actor: Actor, project_id: UUID, *, for_update: bool = False
) -> Project:
    """The project. Raises `NotFound`, for another company's too."""
    statement = select(Project).where(
        Project.company_id == actor.company_id, Project.id == project_id
    )
    if for_update:
        statement = statement.with_for_update()
    project = await session.scalar(statement)
    if project is None:
        raise NotFound("There is no such project.")
    return project


async def _summaries(
    session: AsyncSession, actor: Actor, projects: Sequence[Project]
) -> list[Summary]:
    covers = aggregate_order_by(_contents.c.image_thumbnail_key, _contents.c.id.desc())
    has_ended = func.coalesce(
        func.least(_contents.c.expires_at, Project.expires_at) <= utcnow(), False
    )
    rows = await session.execute(
        select(
            _contents.c.project_id,
            func.count(),
            func.count().filter(_contents.c.status == "published", ~has_ended),
            func.array_agg(covers)[1],
        )
        .join(Project, Project.id == _contents.c.project_id)
        .where(
            _contents.c.company_id == actor.company_id,
            Project.company_id == actor.company_id,
            _contents.c.project_id.in_([project.id for project in projects]),
        )
        .group_by(_contents.c.project_id)
    )
    found = {row[0]: row for row in rows}
    return [
        Summary(project, *found[project.id][1:]) if project.id in found else Summary(project)
        for project in projects
    ]
