"""Changing projects."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies.roles import WRITE_PROJECTS
from app.core.actor import Actor
from app.core.errors import Conflict
from app.projects import queries
from app.projects.models import Project


class ProjectNotEmpty(Conflict):
    code = "project_not_empty"
    title = "There are contents in this project"


async def create_project(
    session: AsyncSession, actor: Actor, *, name: str, description: str
) -> Project:
    """A new project of the actor's company."""
    actor.require(WRITE_PROJECTS)
    assert actor.company_id is not None
    project = Project(company_id=actor.company_id, name=name, description=description)
    session.add(project)
    await session.flush()
    events.record(
        session, "project.created", actor=actor, subject_id=project.id, data={"name": name}
    )
    return project


async def update_project(
    session: AsyncSession, actor: Actor, project_id: UUID, *, changes: dict[str, Any]
) -> Project:
    """The project with the changes applied. Raises `NotFound`."""
    actor.require(WRITE_PROJECTS)
    project = await queries.get_project(session, actor, project_id)
    for field, value in changes.items():
        setattr(project, field, value)
    await session.flush()
    events.record(
        session, "project.updated", actor=actor, subject_id=project_id, data={"changes": changes}
    )
    return project


async def delete_project(session: AsyncSession, actor: Actor, project_id: UUID) -> None:
    """Remove an empty project. Raises `NotFound`, or `ProjectNotEmpty`."""
    actor.require(WRITE_PROJECTS)
    # The lock makes a content that is just being added to the project wait, or us for it.
    project = await queries.get_project(session, actor, project_id, for_update=True)
    summary = await queries.get_summary(session, actor, project_id)
    if summary.content_count:
        raise ProjectNotEmpty(
            f"“{project.name}” still holds {summary.content_count} contents. Delete those first."
        )
    await session.delete(project)
    await session.flush()
    events.record(
        session, "project.deleted", actor=actor, subject_id=project_id, data={"name": project.name}
    )
