"""Signing in, in one step or two, and using a session.

Checking a password takes 50 ms of a processor on purpose, so it happens in a thread and between
transactions, never inside one.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.auth import attacks, guesses, queries, schemas, throttle
from app.auth.devices import Visitor, new_device_cookie
from app.auth.models import SignInChallenge, UserSession
from app.auth.queries import LiveSession
from app.companies import queries as companies
from app.companies.roles import OWNER
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.email_addresses import looked_for
from app.core.errors import Forbidden, Unauthenticated
from app.two_factor import service as two_factor
from app.users import passwords
from app.users import queries as users
from app.users.models import User

SESSION_LIFETIME = timedelta(days=14)
IDLE_LIMIT = timedelta(days=3)
SEEN_PRECISION = timedelta(minutes=5)
KEPT_AFTER_END = timedelta(days=30)
CHALLENGE_LIFETIME = timedelta(minutes=5)
CODES_PER_CHALLENGE = 5


class InvalidCredentials(Unauthenticated):
    """The same for an unknown address, a wrong password and a disabled account."""

    code = "invalid_credentials"
    title = "Wrong e-mail or password"


class WrongSecondFactor(Unauthenticated):
    code = "wrong_second_factor"
    title = "Wrong code"


class ChallengeExpired(Unauthenticated):
    code = "challenge_expired"
    title = "Begin again"


class PasswordChangeRequired(Forbidden):
    code = "password_change_required"
    title = "Set your own password first"

    def __init__(self) -> None:
        super().__init__(
            "Replace the one-time password by your own; then everything is open to you."
        )


class TwoFactorRequired(Forbidden):
    code = "two_factor_required"
    title = "Set up an authenticator app first"

    def __init__(self) -> None:
        super().__init__(
            "Your role asks for a second factor. Set up an authenticator app; then everything is open to you."
        )


@dataclass(frozen=True, slots=True)
class Current:
    """A live session and whose it is. `only_company_id`: the one company it opens, else None."""

    session_id: UUID
    actor: Actor
    must_change_password: bool
    must_set_up_two_factor: bool = False
    only_company_id: UUID | None = None
    authenticated_at: datetime | None = None

    def refuse_unfinished(self) -> None:
        """Raises while something has to be done before everything else."""
        if self.must_change_password:
            raise PasswordChangeRequired
        if self.must_set_up_two_factor:
            raise TwoFactorRequired


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its token (shown once, to the browser) and what the panel asks first."""

    token: str
    max_age_seconds: int
    device_cookie: str
    me: schemas.Me


@dataclass(frozen=True, slots=True)
class Challenged:
    """The first step was right; the second takes this token (for the browser alone) and a code."""

    token: str
    max_age_seconds: int


async def sign_in(*, email: str, password: str, visitor: Visitor) -> SignedIn | Challenged:
    """A new session, or the second step. Raises `InvalidCredentials`, or `TooManyAttempts` after several."""
    door = await guesses.knock(guesses.attempt_of(visitor, looked_for(email)))
    usable = door.user if door.user is not None and door.user.disabled_at is None else None
    check = await passwords.check(
        password, usable.password_hash if usable else None, is_known=door.is_known_device
    )
    if usable is None or not check.is_right:
        await guesses.record_wrong(door, visitor)
        raise InvalidCredentials("This e-mail address and password do not belong together.")
    async with session_scope(system="sign-in") as session:
        await throttle.forget(session, door.admitted)
        if check.better_hash:
            await users.set_password_hash(session, usable.id, check.better_hash)
        return await admit(session, usable, visitor)


async def admit(session: AsyncSession, user: User, visitor: Visitor) -> SignedIn | Challenged:
    """What follows the right password: the session, or the second step when the person has set one up."""
    if not await two_factor.is_enabled(session, user.id):
        return await _open_session(session, user, visitor, authenticated_at=utcnow())
    return await _challenge(session, user)


async def admit_to_company(
    session: AsyncSession,
    user: User,
    visitor: Visitor,
    *,
    company_id: UUID,
    authenticated_at: datetime | None,
) -> SignedIn | Challenged:
    """What follows a company's word: a session that opens that company alone, or the second step.

    `authenticated_at` is when the person last proved themselves there, if the company's provider tells.
    """
    if not await two_factor.is_enabled(session, user.id):
        return await _open_session(
            session, user, visitor, only_company_id=company_id, authenticated_at=authenticated_at
        )
    return await _challenge(session, user, only_company_id=company_id)


async def _challenge(
    session: AsyncSession, user: User, *, only_company_id: UUID | None = None
) -> Challenged:
    token, now = secrets.token_urlsafe(32), utcnow()
    session.add(
        SignInChallenge(
            user_id=user.id,
            token_sha256=sha256(token),
            only_company_id=only_company_id,
            created_at=now,
            expires_at=now + CHALLENGE_LIFETIME,
        )
    )
    await session.flush()
    return Challenged(token, int(CHALLENGE_LIFETIME.total_seconds()))


async def answer_challenge(*, token: str, code: str, visitor: Visitor) -> SignedIn:
    """The second step. Raises `ChallengeExpired`, `WrongSecondFactor` or `TooManyAttempts`."""
    async with session_scope(system="sign-in") as session:
        found = await queries.use_challenge(
            session, sha256(token), now=utcnow(), most_attempts=CODES_PER_CHALLENGE
        )
    if found is None:
        raise ChallengeExpired(
            "Too much time has passed, or too many codes were wrong. Sign in again."
        )
    challenge, user = found
    first = guesses.attempt_of(visitor, user.email)
    door = await guesses.knock(replace(first, what="second_factor"))
    async with session_scope(system="sign-in") as session:
        method = await two_factor.accepts(session, user.id, code, now=utcnow())
        if method is not None and await queries.take_challenge(session, challenge.id):
            await throttle.forget(session, door.admitted)
            return await _open_session(
                session,
                user,
                visitor,
                only_company_id=challenge.only_company_id,
                authenticated_at=utcnow(),
                method=method,
            )
    await guesses.record_wrong(door, visitor)
    raise WrongSecondFactor("This code is not right, or was used before. Wait for the next one.")


async def _open_session(
    session: AsyncSession,
    user: User,
    visitor: Visitor,
    *,
    authenticated_at: datetime | None,
    only_company_id: UUID | None = None,
    method: str | None = None,
) -> SignedIn:
    now, token = utcnow(), secrets.token_urlsafe(32)
    await _forget_what_is_over(session, now=now)
    opened = UserSession(
        user_id=user.id,
        token_sha256=sha256(token),
        address=visitor.address[:64],
        user_agent=visitor.user_agent[:300],
        expires_at=now + SESSION_LIFETIME,
        only_company_id=only_company_id,
    )
    session.add(opened)
    await session.flush()
    opened.authenticated_at = authenticated_at
    actor = Actor(
        user_id=user.id,
        email=user.email,
        is_superadmin=user.is_superadmin,
        session_id=opened.id,
        address=opened.address,
        user_agent=opened.user_agent,
    )
    data = {"second_factor": method} if method else {}
    company = only_company_id
    events.record(
        session, "session.opened", actor=actor, company_id=company, subject_id=opened.id, data=data
    )
    me = await describe(session, user.id, only_company_id=only_company_id)
    device = new_device_cookie(user.email, now=now)
    return SignedIn(token, int(SESSION_LIFETIME.total_seconds()), device, me)


async def _forget_what_is_over(session: AsyncSession, *, now: datetime) -> None:
    await queries.delete_dead_sessions(session, ended_before=now - KEPT_AFTER_END)
    await queries.delete_old_challenges(session, ended_before=now)
    await queries.delete_old_resets(session, ended_before=now - KEPT_AFTER_END)
    await queries.delete_old_failures(session, failed_before=now - throttle.FORGOTTEN_AFTER)
    await attacks.close_ended_attacks(session)


async def use_session(session: AsyncSession, token: str, *, now: datetime) -> LiveSession | None:
    """The live session with this token and its user; its last use is noted every few minutes."""
    found = await queries.find_live_session(
        session, sha256(token), now=now, seen_after=now - IDLE_LIMIT
    )
    if found is not None and now - found.session.last_seen_at > SEEN_PRECISION:
        await queries.touch_session(session, found.session.id, now=now)
    return found


def owes_two_factor(found: LiveSession) -> bool:
    """Whether the person must set up a second factor first. Who comes through a company's provider owes
    none: the company chose who vouches for its people."""
    if found.has_second_factor or found.session.only_company_id is not None:
        return False
    if found.user.is_superadmin:
        return get_settings().superadmin_needs_totp
    return found.company_asks_for_second_factor


async def sign_out(session: AsyncSession, current: Current) -> None:
    """End this session."""
    await queries.revoke_session(session, current.session_id, now=utcnow())
    events.record(session, "session.closed", actor=current.actor, subject_id=current.session_id)


async def describe(
    session: AsyncSession, user_id: UUID, *, only_company_id: UUID | None = None
) -> schemas.Me:
    """The user and the companies open to them; a superadmin is owner of all."""
    user = await users.get_user(session, user_id)
    if user.is_superadmin:
        found = [(company, OWNER) for company in await companies.all_companies(session)]
    else:
        found = await companies.memberships_of(session, user_id)
    if only_company_id is not None:
        found = [(company, role) for company, role in found if company.id == only_company_id]
    status = await two_factor.status_of(session, user_id)
    asked = any(role == OWNER and company.require_two_factor for company, role in found)
    return schemas.Me.model_validate(
        {
            "user": user,
            "memberships": [{"company": company, "role": role} for company, role in found],
            "two_factor": {
                "enabled": status.enabled_at is not None,
                "required": get_settings().superadmin_needs_totp if user.is_superadmin else asked,
            },
            "only_company_id": only_company_id,
        },
        from_attributes=True,
    )


def sha256(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()
