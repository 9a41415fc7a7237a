"""Sessions and failed sign-ins. Nothing here belongs to a company."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.models import SignInFailure, UserSession
from app.users.models import User


async def find_live_session(
    session: AsyncSession, token_sha256: bytes, *, now: datetime, seen_after: datetime
) -> tuple[UserSession, User] | None:
    """The session with this token, neither revoked, expired nor idle, and its user if not disabled."""
    row = (
        await session.execute(
            select(UserSession, User)
            .join(User, User.id == UserSession.user_id)
            .where(
                UserSession.token_sha256 == token_sha256,
                UserSession.revoked_at.is_(None),
                UserSession.expires_at > now,
                UserSession.last_seen_at > seen_after,
                User.disabled_at.is_(None),
            )
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


async def touch_session(session: AsyncSession, session_id: UUID, *, now: datetime) -> None:
    await session.execute(
        update(UserSession).where(UserSession.id == session_id).values(last_seen_at=now)
    )


async def revoke_sessions(
    session: AsyncSession, user_id: UUID, *, now: datetime, but: UUID | None = None
) -> None:
    """End the user's sessions, except `but`."""
    statement = update(UserSession).where(
        UserSession.user_id == user_id, UserSession.revoked_at.is_(None)
    )
    if but is not None:
        statement = statement.where(UserSession.id != but)
    await session.execute(statement.values(revoked_at=now))


async def revoke_session(session: AsyncSession, session_id: UUID, *, now: datetime) -> None:
    await session.execute(
        update(UserSession).where(UserSession.id == session_id).values(revoked_at=now)
    )


async def delete_dead_sessions(session: AsyncSession, *, ended_before: datetime) -> None:
    """Forget sessions that ended long ago."""
    await session.execute(
        delete(UserSession).where(
            (UserSession.expires_at < ended_before) | (UserSession.revoked_at < ended_before)
        )
    )


async def lock_failures(session: AsyncSession, key: bytes, *, now: datetime) -> SignInFailure:
    """The failures counted under the key, locked so that guesses made at once are counted one by one."""
    await session.execute(
        insert(SignInFailure)
        .values(key=key, failures=0, last_failed_at=now)
        .on_conflict_do_nothing(index_elements=[SignInFailure.key])
    )
    return (
        await session.scalars(
            select(SignInFailure).where(SignInFailure.key == key).with_for_update()
        )
    ).one()


async def forget_failures(session: AsyncSession, key: bytes) -> None:
    await session.execute(delete(SignInFailure).where(SignInFailure.key == key))


async def delete_old_failures(session: AsyncSession, *, failed_before: datetime) -> None:
    await session.execute(delete(SignInFailure).where(SignInFailure.last_failed_at < failed_before))
