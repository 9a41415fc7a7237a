"""What people change about themselves: name, language, and with a confirmation the address."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app import events, mail
from app.core.actor import Actor
from app.core.config import get_settings
from app.core.errors import Gone, Invalid, NotFound
from app.users import queries
from app.users.models import User
from app.users.service import EmailTaken

CHANGE_LIFETIME: Final = timedelta(hours=24)


class EmailChangeExpired(Gone):
    code = "email_change_expired"
    title = "This link has expired"


async def update_profile(session: AsyncSession, actor: Actor, *, changes: dict[str, Any]) -> User:
    """The actor's own account with the changes applied."""
    for field in ("name", "language"):
        if changes.get(field, "") is None:
            raise Invalid("This can not be empty.", pointer=f"#/{field}")
    user = await queries.lock_user(session, actor.person_id)
    told = events.changes_of(user, changes)
    for field, value in changes.items():
        setattr(user, field, value)
    await session.flush()
    if told:
        events.record(session, "user.updated", actor=actor, subject_id=user.id, changes=told)
    return user


async def ask_email_change(
    session: AsyncSession, actor: Actor, *, new_email: str, now: datetime
) -> None:
    """Mails to both addresses: a link to the new one, word of it to the old.

    For an address that has an account already no link is written, and the asker is told nothing else:
    who has an account here is not to be found out this way.
    """
    user = await queries.lock_user(session, actor.person_id)
    if new_email == user.email:
        raise Invalid("This is your address already.", pointer="#/new_email")
    token = secrets.token_urlsafe(32)
    await queries.set_email_change(
        session,
        user_id=user.id,
        new_email=new_email,
        token_sha256=_sha256(token),
        created_at=now,
        expires_at=now + CHANGE_LIFETIME,
    )
    if await queries.find_by_email(session, new_email) is None:
        await _write_link(session, user, new_email, token)
    await mail.send(
        session,
        "email_change_asked",
        to=user.email,
        language=user.language,
        context={"new_email": new_email},
    )
    events.record(
        session,
        "user.email_change_asked",
        actor=actor,
        subject_id=user.id,
        data={"new_email": new_email},
    )


async def _write_link(session: AsyncSession, user: User, new_email: str, token: str) -> None:
    """The token stands behind a `#`, which no browser sends to a server, so no log has it."""
    await mail.send(
        session,
        "email_change",
        to=new_email,
        language=user.language,
        context={
            "old_email": user.email,
            "hours": int(CHANGE_LIFETIME.total_seconds() // 3600),
            "link": get_settings().web.page(f"confirm-email#{token}"),
        },
    )


async def confirm_email_change(session: AsyncSession, token: str, *, now: datetime) -> User:
    """The account under its new address. Raises `NotFound`, `EmailChangeExpired`, `EmailTaken`."""
    change = await queries.take_email_change(session, _sha256(token))
    if change is None:
        raise NotFound("This link is not known, or was used. Ask for the change again.")
    if change.expires_at <= now:
        raise EmailChangeExpired("This link has expired. Ask for the change again.")
    user = await queries.lock_user(session, change.user_id)
    changes = events.changes_of(user, {"email": change.new_email})
    old_email = user.email
    if not await queries.set_email(session, user, change.new_email):
        raise EmailTaken("Somebody is registered with this e-mail address already.")
    actor = Actor(user_id=user.id, email=user.email)
    events.record(session, "user.email_changed", actor=actor, subject_id=user.id, changes=changes)
    await mail.send(
        session,
        "email_changed",
        to=old_email,
        language=user.language,
        context={"new_email": user.email},
    )
    return user


def _sha256(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
