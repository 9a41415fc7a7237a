"""Projects of a company."""

from uuid import UUID

from fastapi import APIRouter, status

from app.auth.dependencies import CompanyActor
from app.core.database import SessionDep
from app.core.openapi import problems
from app.core.pagination import PageRequestDep
from app.projects import queries, schemas, service
from app.projects.presenter import PresenterDep

router = APIRouter(prefix="/companies/{company_id}/projects", tags=["projects"])


@router.get("", responses=problems(401, 403, 404))
async def list_projects(
    actor: CompanyActor, session: SessionDep, present: PresenterDep, params: PageRequestDep
) -> schemas.ProjectPage:
    """The company's projects, newest first."""
    summaries, next_cursor = await queries.list_summaries(session, actor, params)
    items = [present(summary) for summary in summaries]
    return schemas.ProjectPage(items=items, next_cursor=next_cursor)


@router.post("", status_code=status.HTTP_201_CREATED, responses=problems(401, 403, 404, 422))
async def create_project(
    body: schemas.ProjectCreate, actor: CompanyActor, session: SessionDep, present: PresenterDep
) -> schemas.Project:
    """Add a project."""
    project = await service.create_project(
        session, actor, name=body.name, description=body.description
    )
    return present(await queries.get_summary(session, actor, project.id))


@router.get("/{project_id}", responses=problems(401, 403, 404))
async def get_project(
    project_id: UUID, actor: CompanyActor, session: SessionDep, present: PresenterDep
) -> schemas.Project:
    """One project with its counts."""
    return present(await queries.get_summary(session, actor, project_id))


@router.patch("/{project_id}", responses=problems(401, 403, 404, 422))
async def update_project(
    project_id: UUID,
    body: schemas.ProjectUpdate,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
) -> schemas.Project:
    """Change the name or the description."""
    changes = body.model_dump(exclude_unset=True, exclude_none=True)
    await service.update_project(session, actor, project_id, changes=changes)
    return present(await queries.get_summary(session, actor, project_id))


@router.delete(
    "/{project_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404, 409),
)
async def delete_project(project_id: UUID, actor: CompanyActor, session: SessionDep) -> None:
    """Remove an empty project; one with contents answers 409 `project_not_empty`."""
    await service.delete_project(session, actor, project_id)
