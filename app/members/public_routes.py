"""Invitations as who received the link sees them. Tokens travel in bodies: addresses end up in logs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.auth import proof
from app.auth import schemas as auth_schemas
from app.auth import service as auth
from app.auth.cookies import session_token, set_device_cookie, set_session_cookie
from app.auth.dependencies import VisitorDep, session_unless_key
from app.auth.service import Current
from app.core.clock import utcnow
from app.core.database import PublicSessionDep
from app.core.errors import Unauthenticated
from app.core.openapi import problems
from app.members import acceptance, schemas

router = APIRouter(prefix="/invitations", tags=["members"])


async def session_if_any(request: Request) -> Current | None:
    """The live session of the request, or None for a visitor. An API key is nobody here, and who came through
    one company's provider may not join another by its word (`OwnSignInRequired`)."""
    if session_token(request) is None:
        return None
    try:
        current = await session_unless_key(request)
    except Unauthenticated:  # it has ended: the link still works
        return None
    if current is not None:
        current.refuse_unfinished()
        proof.require_own_sign_in(current)
    return current


CurrentIfAny = Annotated[Current | None, Depends(session_if_any)]


@router.post("/preview", responses=problems(404))
async def preview_invitation(
    body: schemas.InvitationToken, session: PublicSessionDep
) -> schemas.InvitationPreview:
    """What a link invites to, also when it no longer works."""
    found = await acceptance.preview(session, body.token, now=utcnow())
    return schemas.InvitationPreview.model_validate(found)


@router.post("/accept", responses=problems(401, 403, 404, 409, 410))
async def accept_invitation(
    body: schemas.InvitationAnswer,
    current: CurrentIfAny,
    visitor: VisitorDep,
    session: PublicSessionDep,
    response: Response,
) -> auth_schemas.Me:
    """Join the company: signed in, with the token alone; without an account, with a name and a password,
    and you are signed in. 401 `sign_in_to_accept` when the invited address has an account."""
    if current is not None:
        await acceptance.accept_as(session, current.actor, body.token, now=utcnow())
        return await auth.describe(session, current.actor.person_id)
    opened = await acceptance.accept_as_new(
        body.token, name=body.name, password=body.password, visitor=visitor
    )
    set_session_cookie(response, opened.token, max_age_seconds=opened.max_age_seconds)
    set_device_cookie(response, opened.me.user.email, opened.device_cookie)
    return opened.me
