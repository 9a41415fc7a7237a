"""Projects as the API shows them."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from app.core.database import SessionDep
from app.projects import schemas
from app.projects.queries import Summary
from app.storage.service import storage_of

Presenter = Callable[[Summary], schemas.Project]


async def presenter_of(company_id: UUID, session: SessionDep) -> Presenter:
    """A function that shows projects whose covers are in the storage of the path's company."""
    storage = await storage_of(session, company_id)

    def present(summary: Summary) -> schemas.Project:
        project = summary.project
        return schemas.Project(
            id=project.id,
            company_id=project.company_id,
            name=project.name,
            description=project.description,
            content_count=summary.content_count,
            published_count=summary.published_count,
            cover_url=storage.url_for(summary.cover_key) if summary.cover_key else None,
            starts_on=project.starts_on,
            ends_on=project.ends_on,
            expires_at=project.expires_at,
            archived_at=project.archived_at,
            created_at=project.created_at,
            updated_at=project.updated_at,
        )

    return present


PresenterDep = Annotated[Presenter, Depends(presenter_of)]
