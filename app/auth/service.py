"""Signing in, using a session, changing the password.

Checking a password takes 50 ms of a processor on purpose, so it happens in a thread and between
transactions, never inside one.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.auth import queries, schemas, throttle
from app.auth.models import UserSession
from app.companies import queries as companies
from app.companies.roles import OWNER
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.errors import Forbidden, Invalid, Unauthenticated
from app.users import passwords
from app.users import queries as users
from app.users.models import User

SESSION_LIFETIME = timedelta(days=14)
IDLE_LIMIT = timedelta(days=3)
SEEN_PRECISION = timedelta(minutes=5)
KEPT_AFTER_END = timedelta(days=30)


class InvalidCredentials(Unauthenticated):
    """The same for an unknown address, a wrong password and a disabled account."""

    code = "invalid_credentials"
    title = "Wrong e-mail or password"


class PasswordChangeRequired(Forbidden):
    code = "password_change_required"
    title = "Set your own password first"

    def __init__(self) -> None:
        super().__init__(
            "Replace the one-time password by your own; then everything is open to you."
        )


@dataclass(frozen=True, slots=True)
class Current:
    """A live session and whose it is."""

    session_id: UUID
    actor: Actor
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its token (shown once, to the browser) and what the panel asks first."""

    token: str
    max_age_seconds: int
    me: schemas.Me


async def sign_in(*, email: str, password: str, address: str, user_agent: str) -> SignedIn:
    """A new session. Raises `InvalidCredentials`, or `TooManyAttempts` after several of them."""
    email = email.strip().lower()
    async with session_scope() as session:
        attempt = await throttle.count_attempt(session, email=email, address=address, now=utcnow())
        user = await users.find_by_email(session, email)
    usable = user if user is not None and user.disabled_at is None else None
    check = await passwords.check(password, usable.password_hash if usable else None)
    if usable is None or not check.is_right:
        raise InvalidCredentials("This e-mail address and password do not belong together.")
    async with session_scope() as session:
        await queries.forget_failures(session, attempt)
        if check.better_hash:
            await users.set_password_hash(session, usable.id, check.better_hash)
        token = await _open_session(session, usable, address=address, user_agent=user_agent)
        me = await describe(session, usable.id)
    return SignedIn(token, int(SESSION_LIFETIME.total_seconds()), me)


async def _open_session(session: AsyncSession, user: User, *, address: str, user_agent: str) -> str:
    now = utcnow()
    token = secrets.token_urlsafe(32)
    await queries.delete_dead_sessions(session, ended_before=now - KEPT_AFTER_END)
    await queries.delete_old_failures(session, failed_before=now - throttle.FORGOTTEN_AFTER)
    opened = UserSession(
        user_id=user.id,
        token_sha256=_sha256(token),
        address=address[:64],
        user_agent=user_agent[:300],
        expires_at=now + SESSION_LIFETIME,
    )
    session.add(opened)
    await session.flush()
    actor = Actor(user_id=user.id, email=user.email, is_superadmin=user.is_superadmin)
    events.record(session, "session.opened", actor=actor, subject_id=opened.id)
    return token


async def use_session(
    session: AsyncSession, token: str, *, now: datetime
) -> tuple[UserSession, User] | None:
    """The live session with this token and its user; its last use is noted every few minutes."""
    found = await queries.find_live_session(
        session, _sha256(token), now=now, seen_after=now - IDLE_LIMIT
    )
    if found is not None and now - found[0].last_seen_at > SEEN_PRECISION:
        await queries.touch_session(session, found[0].id, now=now)
    return found


async def sign_out(session: AsyncSession, current: Current) -> None:
    """End this session."""
    await queries.revoke_session(session, current.session_id, now=utcnow())
    events.record(session, "session.closed", actor=current.actor, subject_id=current.session_id)


async def describe(session: AsyncSession, user_id: UUID) -> schemas.Me:
    """The user and the companies open to them; a superadmin is owner of all."""
    user = await users.get_user(session, user_id)
    if user.is_superadmin:
        found = [(company, OWNER) for company in await companies.all_companies(session)]
    else:
        found = await companies.memberships_of(session, user_id)
    return schemas.Me.model_validate(
        {
            "user": user,
            "memberships": [{"company": company, "role": role} for company, role in found],
        },
        from_attributes=True,
    )


async def change_password(
    current: Current, *, current_password: str, new_password: str, address: str
) -> None:
    """Set the new password and end every other session of the user."""
    email = current.actor.email
    async with session_scope() as session:
        attempt = await throttle.count_attempt(session, email=email, address=address, now=utcnow())
        user = await users.get_user(session, current.actor.person_id)
    check = await passwords.check(current_password, user.password_hash)
    if not check.is_right:
        raise Invalid("This is not your present password.", pointer="#/current_password")
    _refuse_weak(new_password, current_password=current_password, email=email)
    new_hash = await passwords.hash_password(new_password)
    async with session_scope() as session:
        await queries.forget_failures(session, attempt)
        await users.set_password(session, user.id, new_hash, now=utcnow())
        await queries.revoke_sessions(session, user.id, now=utcnow(), but=current.session_id)
        events.record(session, "user.password_changed", actor=current.actor, subject_id=user.id)


def _refuse_weak(new_password: str, *, current_password: str, email: str) -> None:
    if new_password == current_password:
        raise Invalid("The new password is the old one. Choose another.", pointer="#/new_password")
    if email.partition("@")[0] in new_password.lower() and len(new_password) < 16:
        raise Invalid(
            "The password contains your e-mail name. Choose another.", pointer="#/new_password"
        )


def _sha256(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
