"""One's own profile, and the operator's view of everybody with an account."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status

from app.auth import queries as proofs
from app.auth import sessions
from app.auth.dependencies import FreshAccount, SignedInActor
from app.companies import queries as companies
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.database import PublicSessionDep, SessionDep
from app.core.openapi import problems
from app.core.pagination import PageRequest, sorted_by
from app.users import people, profile, queries, schemas
from app.users.models import User

router = APIRouter(tags=["users"])

AccountList = Annotated[PageRequest, Depends(sorted_by(*queries.USER_SORTS))]


async def operator(actor: SignedInActor) -> Actor:
    """A signed-in superadmin. Raises `Forbidden`."""
    people.require_operator(actor)
    return actor


Operator = Annotated[Actor, Depends(operator)]


@router.get("/profile", responses=problems(401, 403))
async def get_profile(actor: SignedInActor, session: SessionDep) -> schemas.User:
    """Your own account."""
    return schemas.User.model_validate(await queries.get_user(session, actor.person_id))


@router.patch("/profile", responses=problems(401, 403))
async def update_profile(
    body: schemas.ProfileUpdate, actor: SignedInActor, session: SessionDep
) -> schemas.User:
    """Change what you are called, and the language of your panel and mails."""
    changes = body.model_dump(exclude_unset=True)
    user = await profile.update_profile(session, actor, changes=changes)
    return schemas.User.model_validate(user)


@router.post("/profile/email", status_code=status.HTTP_202_ACCEPTED, responses=problems(401, 403))
async def request_email_change(
    body: schemas.EmailChangeRequest, current: FreshAccount, session: PublicSessionDep
) -> schemas.EmailChangeRequested:
    """Have a link mailed to a new address. The old one is told, and stays until the link is opened.
    Asks for a password entered within ten minutes (403 `confirmation_required`)."""
    current.refuse_unfinished()
    await profile.ask_email_change(session, current.actor, new_email=body.new_email, now=utcnow())
    return schemas.EmailChangeRequested()


@router.post("/profile/email/confirm", responses=problems(404, 409, 410))
async def confirm_email_change(
    body: schemas.EmailChangeConfirmation, session: PublicSessionDep
) -> schemas.EmailChanged:
    """Take the new address. The link's token is proof enough; links mailed to the old address die."""
    now = utcnow()
    user = await profile.confirm_email_change(session, body.token, now=now)
    await proofs.end_challenges_and_resets(session, user.id, now=now)
    return schemas.EmailChanged(email=user.email)


@router.get("/users", responses=problems(401, 403))
async def list_users(
    _actor: Operator,
    session: PublicSessionDep,
    params: AccountList,
    *,
    is_superadmin: Annotated[bool | None, Query(description="Only superadmins, or none")] = None,
    is_disabled: Annotated[bool | None, Query(description="Only disabled ones, or none")] = None,
) -> schemas.AccountPage:
    """Everybody with an account, by e-mail; for superadmins."""
    users, next_cursor = await queries.list_users(
        session, params, is_superadmin=is_superadmin, is_disabled=is_disabled
    )
    items = [schemas.Account.model_validate(user) for user in users]
    return schemas.AccountPage(items=items, next_cursor=next_cursor)


@router.get("/users/{user_id}", responses=problems(401, 403, 404))
async def get_user(
    user_id: UUID, _actor: Operator, session: PublicSessionDep
) -> schemas.AccountDetail:
    """One account and where the person works; for superadmins."""
    return await _detail(session, await queries.get_user(session, user_id))


@router.patch("/users/{user_id}", responses=problems(401, 403, 404, 409))
async def update_user(
    user_id: UUID, body: schemas.AccountUpdate, actor: Operator, session: PublicSessionDep
) -> schemas.AccountDetail:
    """Close or open an account, give or take superadmin; the last superadmin stays one. For superadmins.

    A closed account is signed out everywhere at once.
    """
    user = await people.change_account(
        session,
        actor,
        user_id,
        is_disabled=body.is_disabled,
        is_superadmin=body.is_superadmin,
        now=utcnow(),
    )
    if body.is_disabled:
        await sessions.sign_user_out(session, actor, user_id)
    return await _detail(session, user)


async def _detail(session: PublicSessionDep, user: User) -> schemas.AccountDetail:
    places = await companies.memberships_of(session, user.id)
    account = schemas.Account.model_validate(user).model_dump()
    workplaces = [
        schemas.Workplace.model_validate(
            {"company_id": company.id, "name": company.name, "role": role}
        )
        for company, role in places
    ]
    return schemas.AccountDetail(**account, workplaces=workplaces)
