"""A second factor: an authenticator app and recovery codes."""

from uuid import UUID

from fastapi import APIRouter, status

from app.auth import proof
from app.auth.dependencies import CurrentSession, FreshAccount, FreshSession, VisitorDep
from app.core.clock import utcnow
from app.core.database import SessionDep
from app.core.openapi import problems
from app.two_factor import schemas, service

router = APIRouter(tags=["auth"])


@router.get("/auth/two-factor", responses=problems(401))
async def get_two_factor(current: CurrentSession, session: SessionDep) -> schemas.TwoFactorStatus:
    """Whether a second factor is set up, and how many recovery codes are left."""
    found = await service.status_of(session, current.actor.person_id)
    return schemas.TwoFactorStatus.model_validate(found)


@router.post("/auth/two-factor/enrol", responses=problems(401, 403, 409))
async def enrol_two_factor(current: FreshAccount, session: SessionDep) -> schemas.Enrolment:
    """Begin: what to tell the app. It counts once a first code was confirmed."""
    return schemas.Enrolment.model_validate(
        await service.begin(session, current.actor), from_attributes=True
    )


@router.post("/auth/two-factor/confirm", responses=problems(401, 403, 409, 422))
async def confirm_two_factor(
    body: schemas.TwoFactorCode, current: FreshAccount, session: SessionDep
) -> schemas.RecoveryCodes:
    """Finish with a code of the app: from now on signing in asks for one. Keep the recovery codes."""
    codes = await service.confirm(session, current.actor, code=body.code, now=utcnow())
    return schemas.RecoveryCodes(recovery_codes=codes)


@router.post(
    "/auth/two-factor/disable",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 409, 422, 429, 503),
)
async def disable_two_factor(
    body: schemas.Disable, current: CurrentSession, visitor: VisitorDep, session: SessionDep
) -> None:
    """Switch it off; takes the password and a code."""
    await service.require_enabled(session, current.actor)
    await proof.confirm(current, password=body.password, visitor=visitor)
    await proof.prove_code(current, body.code, visitor)
    await service.disable(session, current.actor, current.actor.person_id)


@router.post("/auth/two-factor/recovery-codes", responses=problems(401, 403, 409, 422, 429))
async def renew_recovery_codes(
    body: schemas.TwoFactorCode, current: FreshAccount, visitor: VisitorDep, session: SessionDep
) -> schemas.RecoveryCodes:
    """Ten new recovery codes; takes a code of the app. Those of before are worth nothing."""
    await service.require_enabled(session, current.actor)
    await proof.prove_code(current, body.code, visitor)
    codes = await service.renew_recovery_codes(session, current.actor)
    return schemas.RecoveryCodes(recovery_codes=codes)


@router.delete(
    "/users/{user_id}/two-factor",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404, 409),
)
async def remove_two_factor(user_id: UUID, current: FreshSession, session: SessionDep) -> None:
    """Switch a person's second factor off who has lost phone and codes; only a superadmin may."""
    await service.remove_for(session, current.actor, user_id)
