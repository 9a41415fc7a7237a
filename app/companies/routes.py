"""Companies: who is served here."""

from fastapi import APIRouter, status

from app.auth.dependencies import CompanyActor, SignedInActor
from app.companies import queries, schemas, service
from app.core.database import SessionDep
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
async def get_company(actor: CompanyActor, session: SessionDep) -> schemas.Company:
    """One company."""
    return schemas.Company.model_validate(await queries.get_company(session, actor))


@router.patch("/{company_id}", responses=problems(401, 403, 404, 422))
async def update_company(
    body: schemas.CompanyUpdate, actor: CompanyActor, session: SessionDep
) -> schemas.Company:
    """Change the name or the accent colour."""
    changes = body.model_dump(exclude_unset=True)
    company = await service.update_company(session, actor, changes=changes)
    return schemas.Company.model_validate(company)
