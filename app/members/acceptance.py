"""Accepting an invitation: with the account one has, or with one made on the spot.

Whoever holds the token reads the mail of the invited address. That proves the address, so a new account
needs no other confirmation; it does not prove who an existing account belongs to, so that one signs in.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.auth import service as auth
from app.auth.devices import Visitor
from app.companies import queries as companies
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.errors import Forbidden, Gone, Invalid, NotFound, Unauthenticated
from app.members import queries
from app.members.invitations import sha256_of
from app.members.models import Invitation
from app.subscriptions import service as subscriptions
from app.users import password_rules, passwords
from app.users import queries as users
from app.users import service as user_service

State = Literal["open", "expired", "accepted", "revoked"]
SCOPE = "invitation"


class InvitationClosed(Gone):
    code = "invitation_expired"
    title = "This invitation can no longer be accepted"


class InvitationUsed(InvitationClosed):
    code = "invitation_used"


class InvitationRevoked(InvitationClosed):
    code = "invitation_revoked"


class SignInToAccept(Unauthenticated):
    code = "sign_in_to_accept"
    title = "Sign in first"


class InvitedSomebodyElse(Forbidden):
    code = "invited_somebody_else"
    title = "This invitation is for somebody else"


@dataclass(frozen=True, slots=True)
class Preview:
    """What the holder of a link may know. The address is told only while the link works."""

    company_name: str
    accent_color: str | None
    role: str
    state: State
    expires_at: datetime
    email: str | None
    has_account: bool


def state_of(invitation: Invitation, *, now: datetime) -> State:
    """What became of the invitation."""
    if invitation.accepted_at is not None:
        return "accepted"
    if invitation.revoked_at is not None:
        return "revoked"
    return "open" if invitation.expires_at > now else "expired"


async def preview(session: AsyncSession, token: str, *, now: datetime) -> Preview:
    """What a link invites to. Raises `NotFound` for a token nobody was given."""
    invitation = await _found(session, token)
    company = await companies.company_by_id(session, invitation.company_id)
    state = state_of(invitation, now=now)
    is_open = state == "open"
    return Preview(
        company_name=company.name,
        accent_color=company.accent_color,
        role=invitation.role,
        state=state,
        expires_at=invitation.expires_at,
        email=invitation.email if is_open else None,
        has_account=is_open and await users.find_by_email(session, invitation.email) is not None,
    )


async def accept_as(session: AsyncSession, actor: Actor, token: str, *, now: datetime) -> None:
    """Join with the account that is signed in. Raises `InvitationClosed` and `InvitedSomebodyElse`."""
    invitation = await _found(session, token)
    _refuse_closed(invitation, now=now)
    if actor.email != invitation.email:
        raise InvitedSomebodyElse(
            f"You are signed in as {actor.email}; the invitation went to another address. "
            "Sign out, and open the link again."
        )
    await _join(session, actor, token, invitation, now=now)


async def accept_as_new(
    token: str, *, name: str | None, password: str | None, visitor: Visitor
) -> auth.SignedIn:
    """A new account, its membership and its first session.

    Raises `SignInToAccept` when the address has an account, `Invalid` for a missing name or weak password.
    """
    async with session_scope(system=SCOPE) as session:
        invitation = await _found(session, token)
        _refuse_closed(invitation, now=utcnow())
        if await users.find_by_email(session, invitation.email) is not None:
            raise _sign_in_first()
    if not name:
        raise Invalid("Say what you are called.", pointer="#/name")
    password_rules.refuse_weak(password or "", email=invitation.email, pointer="#/password")
    password_hash = await passwords.hash_password(password or "")
    async with session_scope(system=SCOPE) as session:
        user_id = await _make_user(session, invitation, name=name, password_hash=password_hash)
        user = await users.get_user(session, user_id)
        actor = Actor(
            user_id=user_id,
            email=user.email,
            address=visitor.address[:64],
            user_agent=visitor.user_agent[:300],
        )
        await _join(session, actor, token, invitation, now=utcnow())
        opened = await auth.admit(session, user, visitor)
    assert isinstance(opened, auth.SignedIn), "an account just made has no second factor"
    return opened


async def _make_user(
    session: AsyncSession, invitation: Invitation, *, name: str, password_hash: str
) -> UUID:
    try:
        return await user_service.create_user(
            session,
            email=invitation.email,
            password_hash=password_hash,
            name=name,
            language=invitation.language,
        )
    except user_service.EmailTaken:
        raise _sign_in_first() from None


async def _join(
    session: AsyncSession, actor: Actor, token: str, invitation: Invitation, *, now: datetime
) -> None:
    """Close the invitation and make the member; the second of two at once finds it closed."""
    in_company = _in_company(actor, invitation.company_id)
    await subscriptions.check(session, in_company, "members")
    locked = await queries.find_by_token(session, sha256_of(token), lock=True)
    if locked is None:  # sent again meanwhile, under another token
        raise _unknown()
    _refuse_closed(locked, now=now)
    locked.accepted_at, locked.accepted_by = now, actor.user_id
    await session.flush()
    joined = await queries.add_member(
        session,
        company_id=locked.company_id,
        user_id=actor.person_id,
        role=locked.role,
        now=now,
    )
    events.record(
        session,
        "invitation.accepted",
        actor=in_company,
        subject_id=locked.id,
        changes={"accepted_at": [None, now.isoformat()]},
    )
    if joined:
        events.record(
            session,
            "member.joined",
            actor=in_company,
            subject_id=actor.user_id,
            data={"email": actor.email},
            changes={"role": [None, locked.role]},
        )


def _in_company(actor: Actor, company_id: UUID) -> Actor:
    return Actor(
        user_id=actor.user_id,
        email=actor.email,
        company_id=company_id,
        session_id=actor.session_id,
        address=actor.address,
        user_agent=actor.user_agent,
    )


async def _found(session: AsyncSession, token: str) -> Invitation:
    """The invitation and nothing of a company that was deleted. Raises `NotFound`."""
    invitation = await queries.find_by_token(session, sha256_of(token))
    if invitation is None:
        raise _unknown()
    company = await companies.company_by_id(session, invitation.company_id)
    if company.deleted_at is not None:
        raise _unknown()
    return invitation


def _unknown() -> NotFound:
    return NotFound(
        "There is no such invitation. It may have been sent again: use the newest mail."
    )


def _refuse_closed(invitation: Invitation, *, now: datetime) -> None:
    match state_of(invitation, now=now):
        case "expired":
            raise InvitationClosed("This invitation has expired. Ask for a new one.")
        case "accepted":
            raise InvitationUsed("This invitation was accepted already. Sign in to go on.")
        case "revoked":
            raise InvitationRevoked("This invitation was withdrawn. Ask who invited you.")


def _sign_in_first() -> SignInToAccept:
    return SignInToAccept(
        "There is an account with this address. Sign in with it, then accept the invitation."
    )
