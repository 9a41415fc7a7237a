"""Inviting: by mail, for seven days, with a link whose token nobody keeps but its reader."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events, mail
from app.companies import queries as companies
from app.companies.roles import MANAGE_MEMBERS
from app.core.actor import Actor
from app.core.config import get_settings
from app.core.errors import Conflict, TooManyRequests
from app.core.ids import uuid7
from app.events.changes import Changes
from app.members import queries
from app.members.models import Invitation
from app.subscriptions import service as subscriptions
from app.users import queries as users

LIFETIME: Final = timedelta(days=7)
# Enough for a large team; little for somebody who wants us to write to strangers.
MOST_WAITING: Final = 100
MOST_A_DAY: Final = 200
RESEND_PAUSE: Final = timedelta(minutes=1)


class AlreadyMember(Conflict):
    code = "already_member"
    title = "Is a member already"


class AlreadyInvited(Conflict):
    code = "already_invited"
    title = "Is invited already"


class TooManyInvitations(Conflict):
    code = "too_many_invitations"
    title = "Too many invitations wait for an answer"


async def invite(
    session: AsyncSession,
    actor: Actor,
    *,
    email: str,
    role: str,
    language: str | None,
    now: datetime,
) -> Invitation:
    """A new invitation and its mail. One that expired unanswered is renewed instead.

    Raises `AlreadyMember`, `AlreadyInvited`, `TooManyInvitations`, and what the plan says to one more.
    """
    actor.require(MANAGE_MEMBERS)
    await subscriptions.check(session, actor, "members")
    if await queries.is_member(session, actor.company_id, email=email):
        raise AlreadyMember(f"{email} works in this company already. Change the role instead.")
    language = language or (await users.get_user(session, actor.person_id)).language
    known = await queries.lock_invitation_to(session, actor, email=email)
    if known is not None and known.expires_at > now:
        raise _already_invited(email)
    await _refuse_flood(session, actor, now=now)
    token = secrets.token_urlsafe(32)
    asked = {"role": role, "language": language, "invited_by": actor.person_id}
    if known is not None:
        for field, value in asked.items():
            setattr(known, field, value)
        _renew(known, token, now=now)
    else:
        known = await _insert(session, actor, token, email=email, now=now, **asked)
    await _write(session, actor, known, token)
    _record(session, actor, "invitation.sent", known)
    return known


async def _insert(
    session: AsyncSession,
    actor: Actor,
    token: str,
    *,
    email: str,
    now: datetime,
    **asked: object,
) -> Invitation:
    made = await queries.insert_invitation(
        session,
        id=uuid7(),
        company_id=actor.company_id,
        email=email,
        token_sha256=sha256_of(token),
        created_at=now,
        sent_at=now,
        expires_at=now + LIFETIME,
        **asked,
    )
    if made is None:
        raise _already_invited(email)
    return made


def _already_invited(email: str) -> AlreadyInvited:
    return AlreadyInvited(f"{email} is invited already. Send the invitation again, or revoke it.")


async def _refuse_flood(session: AsyncSession, actor: Actor, *, now: datetime) -> None:
    waiting, made = await queries.count_invitations(
        session, actor, now=now, since=now - timedelta(days=1)
    )
    if waiting >= MOST_WAITING:
        raise TooManyInvitations(
            f"{waiting} invitations wait for an answer. Revoke some, or wait until they are accepted."
        )
    if made >= MOST_A_DAY:
        raise TooManyRequests(
            "This company has sent its invitations for today.", retry_after_seconds=3600
        )


async def resend(
    session: AsyncSession, actor: Actor, invitation_id: UUID, *, now: datetime
) -> Invitation:
    """The invitation with a new link, for another seven days; the old link is dead."""
    actor.require(MANAGE_MEMBERS)
    invitation = await queries.lock_invitation(session, actor, invitation_id)
    wait = invitation.sent_at + RESEND_PAUSE - now
    if wait > timedelta(0):
        seconds = int(wait.total_seconds()) + 1
        raise TooManyRequests(
            f"It was sent a moment ago. Try again in {seconds} s.", retry_after_seconds=seconds
        )
    token = secrets.token_urlsafe(32)
    changes = events.changes_of(invitation, {"expires_at": now + LIFETIME})
    _renew(invitation, token, now=now)
    await _write(session, actor, invitation, token)
    _record(session, actor, "invitation.resent", invitation, changes=changes)
    return invitation


async def revoke(
    session: AsyncSession, actor: Actor, invitation_id: UUID, *, now: datetime
) -> None:
    """Make the link worthless."""
    actor.require(MANAGE_MEMBERS)
    invitation = await queries.lock_invitation(session, actor, invitation_id)
    changes = events.changes_of(invitation, {"revoked_at": now})
    invitation.revoked_at = now
    await session.flush()
    _record(session, actor, "invitation.revoked", invitation, changes=changes)


def _renew(invitation: Invitation, token: str, *, now: datetime) -> None:
    invitation.token_sha256 = sha256_of(token)
    invitation.sent_at = now
    invitation.expires_at = now + LIFETIME


async def _write(session: AsyncSession, actor: Actor, invitation: Invitation, token: str) -> None:
    """The mail. The token stands behind a `#`, which no browser sends to a server, so no log has it."""
    company = await companies.get_company(session, actor)
    inviter = await users.get_user(session, actor.person_id)
    message = await mail.send(
        session,
        "invitation",
        to=invitation.email,
        language=invitation.language,
        company_id=invitation.company_id,
        context={
            "company_name": company.name,
            "accent_color": company.accent_color,
            "inviter": inviter.name or inviter.email,
            "role": invitation.role,
            "email": invitation.email,
            "days": LIFETIME.days,
            "link": get_settings().web.page(f"invitations#{token}"),
        },
    )
    invitation.mail_id = message.id
    await session.flush()


def sha256_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _record(
    session: AsyncSession,
    actor: Actor,
    name: str,
    invitation: Invitation,
    *,
    changes: Changes | None = None,
) -> None:
    events.record(
        session,
        name,
        actor=actor,
        subject_id=invitation.id,
        data={"email": invitation.email, "role": invitation.role},
        changes=changes,
    )
