"""Signing in and out, and who is signed in."""

from fastapi import APIRouter, Request, Response, status

from app.auth import schemas, service
from app.auth.cookies import clear_session_cookie, set_session_cookie
from app.auth.dependencies import CurrentSession, client_address
from app.core.database import SessionDep
from app.core.openapi import problems

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post("/sign-in", responses=problems(401, 403, 429))
async def sign_in(body: schemas.SignIn, request: Request, response: Response) -> schemas.Me:
    """Start a session; its token is set as an HttpOnly cookie."""
    opened = await service.sign_in(
        email=body.email,
        password=body.password,
        address=client_address(request),
        user_agent=request.headers.get("user-agent", ""),
    )
    set_session_cookie(response, opened.token, max_age_seconds=opened.max_age_seconds)
    return opened.me


@router.post("/sign-out", status_code=status.HTTP_204_NO_CONTENT, responses=problems(401, 403))
async def sign_out(current: CurrentSession, session: SessionDep, response: Response) -> None:
    """End this session and take its cookie back."""
    await service.sign_out(session, current)
    clear_session_cookie(response)


@router.get("/me", responses=problems(401))
async def get_me(current: CurrentSession, session: SessionDep) -> schemas.Me:
    """Who is signed in, and the companies open to them."""
    return await service.describe(session, current.actor.person_id)


@router.post(
    "/password", status_code=status.HTTP_204_NO_CONTENT, responses=problems(401, 403, 409, 422, 429)
)
async def change_password(
    body: schemas.PasswordChange, current: CurrentSession, request: Request
) -> None:
    """Set a new password; every other session of the user ends."""
    await service.change_password(
        current,
        current_password=body.current_password,
        new_password=body.new_password,
        address=client_address(request),
    )
