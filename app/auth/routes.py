"""Signing in and out, in one step or two, and who is signed in."""

from fastapi import APIRouter, Request, Response, status

from app.auth import cookies, new_password, proof, schemas, service
from app.auth.dependencies import CurrentSession, VisitorDep
from app.core.database import PublicSessionDep, SessionDep
from app.core.openapi import problems

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post(
    "/sign-in",
    responses=problems(401, 403, 429, 503)
    | {
        202: {
            "model": schemas.SecondStep,
            "description": "The password was right; a code comes next",
        }
    },
)
async def sign_in(
    body: schemas.SignIn, visitor: VisitorDep, response: Response
) -> schemas.Me | schemas.SecondStep:
    """Start a session; its token is set as an HttpOnly cookie. 202 asks for the second step."""
    opened = await service.sign_in(email=body.email, password=body.password, visitor=visitor)
    if isinstance(opened, service.Challenged):
        return ask_second_step(response, opened)
    return welcome(response, opened)


@router.post("/second-factor", responses=problems(401, 403, 429))
async def answer_second_factor(
    body: schemas.Code, visitor: VisitorDep, request: Request, response: Response
) -> schemas.Me:
    """The second step: a code from the app, or a recovery code. The cookie of the first step is needed."""
    token = cookies.cookie(request, cookies.CHALLENGE)
    opened = await service.answer_challenge(token=token or "", code=body.code, visitor=visitor)
    cookies.clear_cookie(response, cookies.CHALLENGE)
    return welcome(response, opened)


def welcome(response: Response, opened: service.SignedIn) -> schemas.Me:
    """Hand the browser its session, and what makes it a known device."""
    cookies.set_session_cookie(response, opened.token, max_age_seconds=opened.max_age_seconds)
    cookies.set_device_cookie(response, opened.me.user.email, opened.device_cookie)
    return opened.me


def ask_second_step(response: Response, challenged: service.Challenged) -> schemas.SecondStep:
    """Hand the browser the challenge, which opens nothing without a code."""
    seconds = challenged.max_age_seconds
    cookies.set_cookie(response, cookies.CHALLENGE, challenged.token, max_age_seconds=seconds)
    response.status_code = status.HTTP_202_ACCEPTED
    return schemas.SecondStep(expires_in_seconds=seconds)


@router.post("/sign-out", status_code=status.HTTP_204_NO_CONTENT, responses=problems(401, 403))
async def sign_out(current: CurrentSession, session: SessionDep, response: Response) -> None:
    """End this session and take its cookie back."""
    await service.sign_out(session, current)
    cookies.clear_session_cookie(response)


@router.get("/me", responses=problems(401))
async def get_me(current: CurrentSession, session: SessionDep) -> schemas.Me:
    """Who is signed in, and the companies open to them."""
    return await service.describe(
        session, current.actor.person_id, only_company_id=current.only_company_id
    )


@router.post(
    "/confirm",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 422, 429, 503),
)
async def confirm(body: schemas.Confirmation, current: CurrentSession, visitor: VisitorDep) -> None:
    """Enter the password once more; for ten minutes dangerous changes are open."""
    await proof.confirm(current, password=body.password, visitor=visitor)


@router.post(
    "/password",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 409, 422, 429, 503),
)
async def change_password(
    body: schemas.PasswordChange, current: CurrentSession, visitor: VisitorDep
) -> None:
    """Set a new password; every other session of the user ends."""
    await new_password.change_password(
        current,
        current_password=body.current_password,
        new_password=body.new_password,
        visitor=visitor,
    )


@router.post(
    "/password-reset", status_code=status.HTTP_202_ACCEPTED, responses=problems(403, 422, 429)
)
async def request_password_reset(
    body: schemas.PasswordResetRequest, visitor: VisitorDep, session: PublicSessionDep
) -> schemas.PasswordResetRequested:
    """Have a link mailed. The answer does not tell whether there is such an account."""
    await new_password.request_reset(session, email=body.email, visitor=visitor)
    return schemas.PasswordResetRequested()


@router.post(
    "/password-reset/confirm",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(403, 410, 422, 429, 503),
)
async def reset_password(
    body: schemas.PasswordReset, visitor: VisitorDep, response: Response
) -> None:
    """Set a new password with the token of a link; every session of the user ends."""
    email, device_cookie = await new_password.reset_password(
        token=body.token, new_password=body.new_password, visitor=visitor
    )
    cookies.set_device_cookie(response, email, device_cookie)
