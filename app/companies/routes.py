"""Companies: who is served here."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from app.auth.dependencies import CompanyActor, FreshSession, SignedInActor
from app.companies import queries, schemas, service
from app.core.clock import utcnow
from app.core.database import SessionDep
from app.core.etags import SeenDep, TaggingDep
from app.core.openapi import problems
from app.core.pagination import PageRequestDep

router = APIRouter(prefix="/companies", tags=["companies"])


@router.get("", responses=problems(401, 403))
async def list_companies(
    actor: SignedInActor, session: SessionDep, params: PageRequestDep
) -> schemas.CompanyPage:
    """The companies open to you, by name; a superadmin sees all."""
    companies, next_cursor = await queries.list_companies(session, actor, params)
    items = [schemas.Company.model_validate(company) for company in companies]
    return schemas.CompanyPage(items=items, next_cursor=next_cursor)


@router.post("", status_code=status.HTTP_201_CREATED, responses=problems(401, 403, 409, 422))
async def create_company(
    body: schemas.CompanyCreate, actor: SignedInActor, session: SessionDep
) -> schemas.Company:
    """Add a company; only a superadmin may."""
    company = await service.create_company(
        session, actor, name=body.name, slug=body.slug, accent_color=body.accent_color
    )
    return schemas.Company.model_validate(company)


@router.get("/{company_id}", responses=problems(401, 403, 404))
async def get_company(
    actor: CompanyActor, session: SessionDep, tagging: TaggingDep
) -> schemas.Company:
    """One company."""
    company = await queries.get_company(session, actor)
    return tagging.tag(schemas.Company.model_validate(company), company)


@router.patch("/{company_id}", responses=problems(401, 403, 404, 412, 422))
async def update_company(
    body: schemas.CompanyUpdate,
    actor: CompanyActor,
    session: SessionDep,
    seen: SeenDep,
    tagging: TaggingDep,
) -> schemas.Company:
    """Change the name, contact, time zone, language or the accent colour."""
    changes = body.model_dump(exclude_unset=True)
    company = await service.update_company(session, actor, changes=changes, seen=seen)
    return tagging.tag(schemas.Company.model_validate(company), company)


@router.delete(
    "/{company_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404, 412, 422),
)
async def delete_company(
    actor: CompanyActor,
    _fresh: FreshSession,
    session: SessionDep,
    seen: SeenDep,
    confirm: Annotated[str, Query(max_length=200, description="The company's name, as typed.")],
) -> None:
    """Hide the company from everybody at once; takes a fresh session. It can be restored for 30 days."""
    await service.delete_company(session, actor, confirm=confirm, now=utcnow(), seen=seen)


@router.post("/{company_id}/restore", responses=problems(401, 403, 404))
async def restore_company(
    company_id: UUID, actor: SignedInActor, session: SessionDep
) -> schemas.Company:
    """Bring a deleted company back; its owners and the operator may, for 30 days."""
    company = await service.restore_company(session, actor, company_id, now=utcnow())
    return schemas.Company.model_validate(company)
