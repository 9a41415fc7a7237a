"""Setting a new password: knowing the present one, or holding a link from the mail."""

import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events, mail
from app.auth import queries, throttle
from app.auth.devices import Visitor, new_device_cookie
from app.auth.models import PasswordReset
from app.auth.proof import prove_password
from app.auth.service import Current, sha256
from app.auth.throttle import Budget
from app.core import jobs
from app.core.actor import Actor
from app.core.addresses import network_of
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.email_addresses import looked_for
from app.core.errors import Gone, Invalid
from app.users import password_rules, passwords
from app.users import queries as users
from app.users.models import User

RESET_TASK: Final = "notifications.send_password_reset"
LINK_LIFETIME: Final = timedelta(hours=1)
MAILS_TO_ONE_ACCOUNT: Final = Budget(3, timedelta(minutes=20))
MAILS_FROM_ONE_ADDRESS: Final = Budget(10, timedelta(minutes=5))


class ResetExpired(Gone):
    """The same for a link never made, used before or too old."""

    code = "reset_expired"
    title = "This link no longer works"


async def change_password(
    current: Current, *, current_password: str, new_password: str, visitor: Visitor
) -> None:
    """Set the new password and end every other session of the user."""
    email = current.actor.email
    user, door = await prove_password(
        current, current_password, visitor, pointer="#/current_password"
    )
    if passwords.one_form(new_password) == passwords.one_form(current_password):
        raise Invalid("The new password is the old one. Choose another.", pointer="#/new_password")
    password_rules.refuse_weak(new_password, email=email, pointer="#/new_password")
    new_hash = await passwords.hash_password(new_password)
    async with session_scope(system="sign-in") as session:
        await throttle.forget(session, door.admitted)
        await _set_password(session, user, new_hash, but=current.session_id)
        events.record(session, "user.password_changed", actor=current.actor, subject_id=user.id)


async def request_reset(session: AsyncSession, *, email: str, visitor: Visitor) -> None:
    """Have a link mailed, if there is such an account. The work is the same for every address: one job,
    which looks for the account after the answer was given."""
    address = visitor.address[:64]
    if await throttle.spend(
        session,
        what="resets asked from",
        whose=network_of(address),
        budget=MAILS_FROM_ONE_ADDRESS,
        now=utcnow(),
    ):
        await jobs.enqueue(session, RESET_TASK, email=looked_for(email), address=address)


async def mail_reset_link(session: AsyncSession, *, email: str, address: str) -> bool:
    """Mail a link that opens once, within the hour; whether there was whom to mail.

    Links mailed before stay good until one is used: else a stranger who keeps asking would keep the
    owner's newest mail from ever working, or, once the budget is spent, from coming.
    """
    now = utcnow()
    user = await users.find_by_email(session, email)
    if user is None or user.disabled_at is not None:
        return False
    if not await throttle.spend(
        session, what="resets of", whose=email, budget=MAILS_TO_ONE_ACCOUNT, now=now
    ):
        return False
    token = secrets.token_urlsafe(32)
    session.add(
        PasswordReset(
            user_id=user.id,
            token_sha256=sha256(token),
            address=address,
            created_at=now,
            expires_at=now + LINK_LIFETIME,
        )
    )
    link = get_settings().web.page(f"reset-password#{token}")
    minutes = int(LINK_LIFETIME.total_seconds()) // 60
    context = {"link": link, "minutes": minutes, "address": address}
    await mail.send(
        session, "password_reset", to=user.email, language=user.language, context=context
    )
    actor = Actor(user_id=None, email=user.email, address=address)
    events.record(session, "user.password_reset_asked", actor=actor, subject_id=user.id)
    return True


async def reset_password(*, token: str, new_password: str, visitor: Visitor) -> tuple[str, str]:
    """Set the password with a link's token, end all sessions, tell the owner by mail.

    The e-mail address and its device cookie: who reads the owner's mail is no stranger.
    Raises `ResetExpired`.
    """
    async with session_scope(system="sign-in") as session:
        found = await queries.find_reset(session, sha256(token), now=utcnow())
    if found is None:
        raise ResetExpired("This link was used before or is too old. Ask for another.")
    reset, user = found
    password_rules.refuse_weak(new_password, email=user.email, pointer="#/new_password")
    new_hash = await passwords.hash_password(new_password)
    async with session_scope(system="sign-in") as session:
        if not await queries.take_resets(session, reset, now=utcnow()):
            raise ResetExpired("This link was used before or is too old. Ask for another.")
        await _set_password(session, user, new_hash)
        events.record(
            session,
            "user.password_reset",
            actor=visitor.acting_as(user.email),
            subject_id=user.id,
        )
    return user.email, new_device_cookie(user.email, now=utcnow())


async def _set_password(
    session: AsyncSession, user: User, new_hash: str, *, but: UUID | None = None
) -> None:
    """The new password, and the end of whatever the old one opened."""
    now = utcnow()
    await users.set_password(session, user.id, new_hash, now=now)
    await queries.revoke_sessions(session, user.id, now=now, but=but)
    await queries.end_challenges_and_resets(session, user.id, now=now)
    if but is not None:
        await queries.confirm_session(session, but, now=now)
    await mail.send(session, "password_changed", to=user.email, language=user.language, context={})
