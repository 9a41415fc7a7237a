"""Where a person is signed in, and ending it: by themselves, by an owner, by the operator."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.auth import queries
from app.auth.models import UserSession
from app.auth.service import IDLE_LIMIT, Current
from app.companies import queries as companies
from app.companies.roles import MANAGE_MEMBERS
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.errors import Forbidden, NotFound
from app.users import queries as users


@dataclass(frozen=True, slots=True)
class SignedOut:
    """How many sessions ended, and whether the person is now signed in nowhere in the company."""

    ended: int
    is_complete: bool


async def list_sessions(session: AsyncSession, current: Current) -> list[UserSession]:
    """The person's sessions, the latest used first; who came through a company sees those of that way."""
    now = utcnow()
    found = await queries.list_live_sessions(
        session, current.actor.person_id, now=now, seen_after=now - IDLE_LIMIT
    )
    only = current.only_company_id
    return found if only is None else [each for each in found if each.only_company_id == only]


async def end_session(session: AsyncSession, current: Current, session_id: UUID) -> None:
    """End one of one's own sessions. Raises `NotFound`, for another person's too."""
    if session_id not in {each.id for each in await list_sessions(session, current)}:
        raise NotFound("There is no such session.")
    await queries.revoke_session(session, session_id, now=utcnow())
    events.record(session, "session.ended", actor=current.actor, subject_id=session_id)


async def end_others(session: AsyncSession, current: Current) -> int:
    """End every session of the person but this one; how many there were."""
    ended = await queries.revoke_sessions(
        session,
        current.actor.person_id,
        now=utcnow(),
        but=current.session_id,
        only_company_id=current.only_company_id,
    )
    _record(session, "user.other_sessions_ended", current.actor, current.actor.person_id, ended)
    return ended


async def sign_user_out(session: AsyncSession, actor: Actor, user_id: UUID) -> SignedOut:
    """End all sessions of a person. Only a superadmin may."""
    if not actor.is_superadmin:
        raise Forbidden("Only the operator of this installation signs people out everywhere.")
    user = await users.get_user(session, user_id)
    ended = await queries.revoke_sessions(session, user.id, now=utcnow())
    await queries.end_challenges_and_resets(session, user.id, now=utcnow())
    _record(session, "user.signed_out", actor, user.id, ended)
    return SignedOut(ended, is_complete=True)


async def sign_member_out(session: AsyncSession, actor: Actor, user_id: UUID) -> SignedOut:
    """End a member's sessions as far as they are this company's business (ADR 0033).

    All of them when the person works nowhere else; else those opened through the company's own provider, and
    the answer says that it is not complete. Raises `NotFound` for who is no member.
    """
    actor.require(MANAGE_MEMBERS)
    if not await companies.is_member(session, actor, user_id):
        raise NotFound("There is no such member.")
    is_ours_alone = await _works_nowhere_else(actor.company_id, user_id)
    now = utcnow()
    only = None if is_ours_alone else actor.company_id
    ended = await queries.revoke_sessions(session, user_id, now=now, only_company_id=only)
    if is_ours_alone:
        await queries.end_challenges_and_resets(session, user_id, now=now)
    _record(session, "membership.signed_out", actor, user_id, ended)
    return SignedOut(ended, is_complete=is_ours_alone)


async def _works_nowhere_else(company_id: UUID | None, user_id: UUID) -> bool:
    """Looked up past the company's own sight, and told to nobody but as `complete`."""
    async with session_scope(system="sign-out") as session:
        user = await users.get_user(session, user_id)
        places = {company.id for company, _ in await companies.memberships_of(session, user_id)}
    return places == {company_id} and not user.is_superadmin


def _record(session: AsyncSession, name: str, actor: Actor, user_id: UUID, ended: int) -> None:
    events.record(session, name, actor=actor, subject_id=user_id, data={"sessions": ended})
