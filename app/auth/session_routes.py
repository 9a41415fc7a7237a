"""Where one is signed in, and ending it."""

from uuid import UUID

from fastapi import APIRouter, status

from app.auth import policy, schemas, sessions
from app.auth.dependencies import CompanyActor, CurrentSession, FreshSession, SignedInActor
from app.auth.devices import device_words
from app.core.database import SessionDep
from app.core.openapi import problems

router = APIRouter(tags=["auth"])


@router.get("/auth/sessions", responses=problems(401))
async def list_sessions(current: CurrentSession, session: SessionDep) -> schemas.SessionList:
    """Every browser and program that is signed in as you, the latest used first."""
    found = await sessions.list_sessions(session, current)
    return schemas.SessionList(
        items=[
            schemas.Session(
                id=each.id,
                current=each.id == current.session_id,
                device=device_words(each.user_agent),
                address=each.address,
                only_company_id=each.only_company_id,
                created_at=each.created_at,
                last_seen_at=each.last_seen_at,
            )
            for each in found
        ]
    )


@router.delete(
    "/auth/sessions/{session_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404),
)
async def end_session(session_id: UUID, current: CurrentSession, session: SessionDep) -> None:
    """Sign one of them out."""
    await sessions.end_session(session, current, session_id)


@router.post("/auth/sessions/end-others", responses=problems(401, 403))
async def end_other_sessions(current: CurrentSession, session: SessionDep) -> schemas.SignedOut:
    """Sign out everywhere but here."""
    ended = await sessions.end_others(session, current)
    return schemas.SignedOut(ended=ended, complete=True)


@router.post("/users/{user_id}/sign-out", responses=problems(401, 403, 404))
async def sign_user_out(
    user_id: UUID, actor: SignedInActor, session: SessionDep
) -> schemas.SignedOut:
    """End all sessions of a person; only a superadmin may."""
    done = await sessions.sign_user_out(session, actor, user_id)
    return schemas.SignedOut(ended=done.ended, complete=done.is_complete)


@router.post(
    "/companies/{company_id}/members/{user_id}/sign-out", responses=problems(401, 403, 404)
)
async def sign_member_out(
    user_id: UUID, actor: CompanyActor, session: SessionDep
) -> schemas.SignedOut:
    """End a member's sessions: all when they work nowhere else, else those of this company's provider."""
    done = await sessions.sign_member_out(session, actor, user_id)
    return schemas.SignedOut(ended=done.ended, complete=done.is_complete)


@router.get("/companies/{company_id}/sign-in-policy", responses=problems(401, 403, 404))
async def get_sign_in_policy(actor: CompanyActor, session: SessionDep) -> schemas.SignInPolicy:
    """What the company asks of its people's sign-in."""
    company = await policy.get_policy(session, actor)
    return schemas.SignInPolicy(require_two_factor=company.require_two_factor)


@router.put("/companies/{company_id}/sign-in-policy", responses=problems(401, 403, 404, 422))
async def set_sign_in_policy(
    body: schemas.SignInPolicy, actor: CompanyActor, _fresh: FreshSession, session: SessionDep
) -> schemas.SignInPolicy:
    """Ask owners for a second factor, or no longer; takes a fresh session."""
    company = await policy.set_policy(session, actor, require_two_factor=body.require_two_factor)
    return schemas.SignInPolicy(require_two_factor=company.require_two_factor)
