"""The operator's view: all companies, their usage, and their end."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from app.auth.dependencies import SignedInActor
from app.companies.schemas import Company as ShownCompany
from app.core.clock import utcnow
from app.core.database import SessionDep
from app.core.openapi import problems
from app.core.pagination import PageRequestDep
from app.erasure import queries as erasures
from app.erasure import schemas as erasure_schemas
from app.erasure import service as erasure
from app.operator import queries, schemas, service
from app.subscriptions import presenter
from app.subscriptions.agreement import Status

router = APIRouter(prefix="/operator", tags=["operator"])


@router.get("/companies", responses=problems(401, 403))
async def list_operated_companies(
    actor: SignedInActor,
    session: SessionDep,
    params: PageRequestDep,
    standing: Annotated[Status | None, Query(alias="status", description="How it stands")] = None,
    plan: Annotated[str | None, Query(max_length=32, description="A plan's code")] = None,
    deleted: Annotated[bool, Query(description="Those that can still be restored")] = False,
) -> schemas.OperatedCompanyPage:
    """All companies by name with plan, status and usage; only a superadmin may."""
    service.require_operator(actor)
    companies, next_cursor = await queries.list_companies(
        session, params, status=standing, plan=plan, deleted=deleted, now=utcnow()
    )
    standings = await presenter.present_many(session, [company.id for company in companies])
    items = [
        schemas.OperatedCompany(
            company=ShownCompany.model_validate(company),
            deleted_at=company.deleted_at,
            subscription=standings[company.id],
        )
        for company in companies
    ]
    return schemas.OperatedCompanyPage(items=items, next_cursor=next_cursor)


@router.post(
    "/companies", status_code=status.HTTP_201_CREATED, responses=problems(401, 403, 409, 422)
)
async def create_operated_company(
    body: schemas.CompanyWithOwner, actor: SignedInActor, session: SessionDep
) -> schemas.CreatedCompany:
    """Add a company on a plan and invite its first owner by mail; only a superadmin may."""
    company, invitation = await service.create_company(
        session,
        actor,
        name=body.name,
        slug=body.slug,
        owner_email=body.owner_email,
        plan=body.plan,
        language=body.language,
    )
    return schemas.CreatedCompany(
        company=ShownCompany.model_validate(company), invitation_id=invitation.id
    )


@router.post(
    "/companies/{company_id}/erasure",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(401, 403, 404, 409, 422),
)
async def erase_company(
    company_id: UUID,
    actor: SignedInActor,
    session: SessionDep,
    confirm: Annotated[str, Query(max_length=200, description="The company's name, as typed.")],
) -> erasure_schemas.Erasure:
    """Erase a deleted company now and for good instead of after 30 days; only a superadmin may."""
    begun = await erasure.begin_by_operator(
        session, actor, company_id, confirm=confirm, now=utcnow()
    )
    return erasure_schemas.Erasure.model_validate(begun)


@router.get("/erasures", responses=problems(401, 403))
async def list_erasures(
    actor: SignedInActor, session: SessionDep, params: PageRequestDep
) -> erasure_schemas.ErasurePage:
    """What was erased, newest first."""
    service.require_operator(actor)
    found, next_cursor = await erasures.list_erasures(session, params)
    items = [erasure_schemas.Erasure.model_validate(each) for each in found]
    return erasure_schemas.ErasurePage(items=items, next_cursor=next_cursor)


@router.get("/erasures/{erasure_id}", responses=problems(401, 403, 404))
async def get_erasure(
    erasure_id: UUID, actor: SignedInActor, session: SessionDep
) -> erasure_schemas.Erasure:
    """One erasure with its report."""
    service.require_operator(actor)
    return erasure_schemas.Erasure.model_validate(await erasures.get_erasure(session, erasure_id))
