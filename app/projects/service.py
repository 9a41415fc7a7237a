"""Changing projects."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies.roles import WRITE_PROJECTS
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.errors import Conflict, Invalid
from app.core.etags import ANY_VERSION, Seen
from app.projects import queries
from app.projects.models import Project


class ProjectNotEmpty(Conflict):
    code = "project_not_empty"
    title = "There are contents in this project"


class ProjectArchived(Conflict):
    code = "project_archived"
    title = "The project is archived"


async def create_project(
    session: AsyncSession,
    actor: Actor,
    *,
    name: str,
    description: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    expires_at: datetime | None = None,
) -> Project:
    """A new project of the actor's company. Raises `Invalid` when it ends before it starts."""
    actor.require(WRITE_PROJECTS)
    assert actor.company_id is not None
    _require_order(starts_on, ends_on)
    project = Project(
        company_id=actor.company_id,
        name=name,
        description=description,
        starts_on=starts_on,
        ends_on=ends_on,
        expires_at=expires_at,
    )
    session.add(project)
    await session.flush()
    events.record(
        session, "project.created", actor=actor, subject_id=project.id, data={"name": name}
    )
    return project


async def update_project(
    session: AsyncSession,
    actor: Actor,
    project_id: UUID,
    *,
    changes: dict[str, Any],
    seen: Seen = ANY_VERSION,
) -> Project:
    """The project with the changes applied. Raises `NotFound`, or `PreconditionFailed`."""
    actor.require(WRITE_PROJECTS)
    project = await queries.get_project(session, actor, project_id, for_update=True)
    seen.require(project)
    _require_order(
        changes.get("starts_on", project.starts_on), changes.get("ends_on", project.ends_on)
    )
    changed = events.changes_of(project, changes)
    for field, value in changes.items():
        setattr(project, field, value)
    await session.flush()
    events.record(session, "project.updated", actor=actor, subject_id=project_id, changes=changed)
    return project


def _require_order(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise Invalid("The project ends before it starts.", pointer="#/ends_on")


async def archive_project(
    session: AsyncSession, actor: Actor, project_id: UUID, *, seen: Seen = ANY_VERSION
) -> Project:
    """Put the project out of the way; what is published in it stays open. Twice is the same as once."""
    return await _set_archived(session, actor, project_id, archived=True, seen=seen)


async def restore_project(
    session: AsyncSession, actor: Actor, project_id: UUID, *, seen: Seen = ANY_VERSION
) -> Project:
    """Take the project out of the archive. Twice is the same as once."""
    return await _set_archived(session, actor, project_id, archived=False, seen=seen)


async def _set_archived(
    session: AsyncSession, actor: Actor, project_id: UUID, *, archived: bool, seen: Seen
) -> Project:
    actor.require(WRITE_PROJECTS)
    project = await queries.get_project(session, actor, project_id, for_update=True)
    seen.require(project)
    if (project.archived_at is not None) == archived:
        return project
    moment = utcnow() if archived else None
    changed = events.changes_of(project, {"archived_at": moment})
    project.archived_at = moment
    await session.flush()
    name = "project.archived" if archived else "project.restored"
    events.record(session, name, actor=actor, subject_id=project_id, changes=changed)
    return project


async def delete_project(
    session: AsyncSession, actor: Actor, project_id: UUID, *, seen: Seen = ANY_VERSION
) -> None:
    """Remove an empty project. Raises `NotFound`, `PreconditionFailed` or `ProjectNotEmpty`."""
    actor.require(WRITE_PROJECTS)
    # The lock makes a content that is just being added to the project wait, or us for it.
    project = await queries.get_project(session, actor, project_id, for_update=True)
    seen.require(project)
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


async def open_project(session: AsyncSession, actor: Actor, project_id: UUID) -> Project:
    """The project, locked, to add contents to. Raises `NotFound` or `ProjectArchived`."""
    project = await queries.get_project(session, actor, project_id, for_update=True)
    if project.archived_at is not None:
        raise ProjectArchived(f"“{project.name}” is archived. Restore it, or choose another one.")
    return project
