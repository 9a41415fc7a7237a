"""Projects of a company."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status

from app.auth.dependencies import CompanyActor
from app.core.database import SessionDep
from app.core.etags import SeenDep, TaggingDep
from app.core.filters import DatesDep
from app.core.openapi import problems
from app.core.pagination import PageRequest, sorted_by
from app.projects import queries, schemas, service
from app.projects.presenter import PresenterDep

router = APIRouter(prefix="/companies/{company_id}/projects", tags=["projects"])

SortedPage = Annotated[PageRequest, Depends(sorted_by(*queries.SORTS))]
Archived = Annotated[bool, Query(description="Those in the archive instead of the others")]


@router.get("", responses=problems(401, 403, 404))
async def list_projects(
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    params: SortedPage,
    dates: DatesDep,
    archived: Archived = False,
) -> schemas.ProjectPage:
    """The company's projects, newest first unless asked otherwise."""
    summaries, next_cursor = await queries.list_summaries(
        session, actor, params, archived=archived, dates=dates
    )
    items = [present(summary) for summary in summaries]
    return schemas.ProjectPage(items=items, next_cursor=next_cursor)


@router.post("", status_code=status.HTTP_201_CREATED, responses=problems(401, 403, 404, 422))
async def create_project(
    body: schemas.ProjectCreate,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    tagging: TaggingDep,
) -> schemas.Project:
    """Add a project."""
    project = await service.create_project(session, actor, **body.model_dump())
    return tagging.tag(present(await queries.get_summary(session, actor, project.id)), project)


@router.get("/{project_id}", responses=problems(401, 403, 404))
async def get_project(
    project_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    tagging: TaggingDep,
) -> schemas.Project:
    """One project with its counts."""
    summary = await queries.get_summary(session, actor, project_id)
    return tagging.tag(present(summary), summary.project)


@router.patch("/{project_id}", responses=problems(401, 403, 404, 412, 422))
async def update_project(
    project_id: UUID,
    body: schemas.ProjectUpdate,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    tagging: TaggingDep,
    seen: SeenDep,
) -> schemas.Project:
    """Change the name, the description or the dates."""
    changes = body.model_dump(exclude_unset=True)
    changes = {k: v for k, v in changes.items() if v is not None or k in schemas.MAY_BE_TAKEN_AWAY}
    project = await service.update_project(session, actor, project_id, changes=changes, seen=seen)
    return tagging.tag(present(await queries.get_summary(session, actor, project_id)), project)


@router.post("/{project_id}/archive", responses=problems(401, 403, 404, 412))
async def archive_project(
    project_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    tagging: TaggingDep,
    seen: SeenDep,
) -> schemas.Project:
    """Put a project out of the way; what is published in it stays open."""
    project = await service.archive_project(session, actor, project_id, seen=seen)
    return tagging.tag(present(await queries.get_summary(session, actor, project_id)), project)


@router.post("/{project_id}/restore", responses=problems(401, 403, 404, 412))
async def restore_project(
    project_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    tagging: TaggingDep,
    seen: SeenDep,
) -> schemas.Project:
    """Take a project out of the archive."""
    project = await service.restore_project(session, actor, project_id, seen=seen)
    return tagging.tag(present(await queries.get_summary(session, actor, project_id)), project)


@router.delete(
    "/{project_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404, 409, 412),
)
async def delete_project(
    project_id: UUID, actor: CompanyActor, session: SessionDep, seen: SeenDep
) -> None:
    """Remove an empty project; one with contents answers 409 `project_not_empty`."""
    await service.delete_project(session, actor, project_id, seen=seen)
