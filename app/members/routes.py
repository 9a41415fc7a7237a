"""Members of a company, and those invited to become members."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status

from app.auth.dependencies import CompanyActor
from app.companies.roles import MANAGE_MEMBERS, READ
from app.core.clock import utcnow
from app.core.database import SessionDep
from app.core.openapi import problems
from app.core.pagination import PageRequest, PageRequestDep, sorted_by
from app.members import invitations, queries, schemas, service
from app.members.presenter import present_invitations, present_member

router = APIRouter(prefix="/companies/{company_id}", tags=["members"])

MemberList = Annotated[PageRequest, Depends(sorted_by(*queries.MEMBER_SORTS))]


@router.get("/members", responses=problems(401, 403, 404))
async def list_members(
    actor: CompanyActor,
    session: SessionDep,
    params: MemberList,
    role: Annotated[schemas.Role | None, Query(description="Only members in this role")] = None,
) -> schemas.MemberPage:
    """Who works in the company, by e-mail; `q` looks in names and addresses."""
    actor.require(READ)
    rows, next_cursor = await queries.list_members(session, actor, params, role=role)
    items = [present_member(membership, user) for membership, user in rows]
    return schemas.MemberPage(items=items, next_cursor=next_cursor)


@router.get("/members/{user_id}", responses=problems(401, 403, 404))
async def get_member(user_id: UUID, actor: CompanyActor, session: SessionDep) -> schemas.Member:
    """One member."""
    actor.require(READ)
    return present_member(*await queries.get_member(session, actor, user_id))


@router.patch("/members/{user_id}", responses=problems(401, 403, 404, 409))
async def change_member_role(
    user_id: UUID, body: schemas.RoleChange, actor: CompanyActor, session: SessionDep
) -> schemas.Member:
    """Change the role; the last owner keeps theirs (409 `last_owner`)."""
    return present_member(*await service.change_role(session, actor, user_id, role=body.role))


@router.delete(
    "/members/{user_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404, 409),
)
async def remove_member(user_id: UUID, actor: CompanyActor, session: SessionDep) -> None:
    """End the member's access at once; what they made stays. With your own id you leave the company."""
    await service.remove_member(session, actor, user_id)


@router.get("/invitations", responses=problems(401, 403, 404))
async def list_invitations(
    actor: CompanyActor, session: SessionDep, params: PageRequestDep
) -> schemas.InvitationPage:
    """Invitations without an answer, the newest first."""
    actor.require(MANAGE_MEMBERS)
    rows, next_cursor = await queries.list_invitations(session, actor, params)
    items = await present_invitations(session, rows, now=utcnow())
    return schemas.InvitationPage(items=items, next_cursor=next_cursor)


@router.post(
    "/invitations",
    status_code=status.HTTP_201_CREATED,
    responses=problems(401, 403, 404, 409),
)
async def create_invitation(
    body: schemas.InvitationCreate, actor: CompanyActor, session: SessionDep
) -> schemas.Invitation:
    """Invite somebody by mail; the link works for seven days."""
    now = utcnow()
    invitation = await invitations.invite(
        session, actor, email=body.email, role=body.role, language=body.language, now=now
    )
    return (await present_invitations(session, [invitation], now=now))[0]


@router.post("/invitations/{invitation_id}/resend", responses=problems(401, 403, 404))
async def resend_invitation(
    invitation_id: UUID, actor: CompanyActor, session: SessionDep
) -> schemas.Invitation:
    """Send the mail again with a new link for another seven days; the old link no longer works."""
    now = utcnow()
    invitation = await invitations.resend(session, actor, invitation_id, now=now)
    return (await present_invitations(session, [invitation], now=now))[0]


@router.delete(
    "/invitations/{invitation_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404),
)
async def revoke_invitation(invitation_id: UUID, actor: CompanyActor, session: SessionDep) -> None:
    """Take the invitation back; its link no longer works."""
    await invitations.revoke(session, actor, invitation_id, now=utcnow())
