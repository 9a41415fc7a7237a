"""Plans, and how a company stands."""

from uuid import UUID

from fastapi import APIRouter, status

from app.auth.dependencies import CompanyActor, SignedInActor
from app.companies.roles import READ
from app.core.database import SessionDep
from app.core.openapi import problems
from app.subscriptions import plans, presenter, queries, schemas

router = APIRouter(tags=["subscriptions"])


@router.get("/plans", responses=problems(401, 403))
async def list_plans(_actor: SignedInActor, session: SessionDep) -> schemas.PlanList:
    """What the operator of this installation offers."""
    found = await queries.list_plans(session)
    return schemas.PlanList(items=[schemas.Plan.model_validate(plan) for plan in found])


@router.post("/plans", status_code=status.HTTP_201_CREATED, responses=problems(401, 403, 409, 422))
async def create_plan(
    body: schemas.PlanCreate, actor: SignedInActor, session: SessionDep
) -> schemas.Plan:
    """Add a plan; only a superadmin may."""
    plan = await plans.create_plan(session, actor, values=body.model_dump())
    return schemas.Plan.model_validate(plan)


@router.patch("/plans/{plan_id}", responses=problems(401, 403, 404, 409, 422))
async def update_plan(
    plan_id: UUID, body: schemas.PlanUpdate, actor: SignedInActor, session: SessionDep
) -> schemas.Plan:
    """Change a plan for every company that has it; only a superadmin may."""
    values = body.model_dump(exclude_unset=True)
    return schemas.Plan.model_validate(
        await plans.update_plan(session, actor, plan_id, values=values)
    )


@router.get("/companies/{company_id}/subscription", responses=problems(401, 403, 404))
async def get_subscription(actor: CompanyActor, session: SessionDep) -> schemas.Subscription:
    """The company's plan, how it stands, and what it uses of each quota."""
    actor.require(READ)
    assert actor.company_id is not None
    return await presenter.present(session, actor.company_id)


@router.patch("/companies/{company_id}/subscription", responses=problems(401, 403, 404, 422))
async def update_subscription(
    body: schemas.SubscriptionUpdate, actor: CompanyActor, session: SessionDep
) -> schemas.Subscription:
    """Agree another plan, term or limit with the company; only a superadmin may."""
    values = body.model_dump(exclude_unset=True)
    await plans.update_subscription(session, actor, values=values)
    assert actor.company_id is not None
    return await presenter.present(session, actor.company_id)
