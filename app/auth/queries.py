"""Sessions and failed sign-ins. Nothing here belongs to a company."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.models import (
    AccountAttack,
    PasswordReset,
    SignInChallenge,
    SignInFailure,
    UserSession,
)
from app.companies.models import Company, Membership
from app.companies.roles import OWNER
from app.two_factor.models import Authenticator
from app.users.models import User


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session in use, whose it is, and what is known of their second factor."""

    session: UserSession
    user: User
    has_second_factor: bool
    company_asks_for_second_factor: bool


async def find_live_session(
    session: AsyncSession, token_sha256: bytes, *, now: datetime, seen_after: datetime
) -> LiveSession | None:
    """The session with this token, neither revoked, expired nor idle, and its user if not disabled."""
    row = (
        await session.execute(
            select(UserSession, User, _has_second_factor(), _owns_where_it_is_asked())
            .join(User, User.id == UserSession.user_id)
            .where(
                UserSession.token_sha256 == token_sha256,
                *_live(now=now, seen_after=seen_after),
                User.disabled_at.is_(None),
            )
        )
    ).one_or_none()
    return None if row is None else LiveSession(*row)


def _live(*, now: datetime, seen_after: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        UserSession.revoked_at.is_(None),
        UserSession.expires_at > now,
        UserSession.last_seen_at > seen_after,
    )


def _has_second_factor() -> ColumnElement[bool]:
    return exists().where(Authenticator.user_id == User.id, Authenticator.confirmed_at.is_not(None))


def _owns_where_it_is_asked() -> ColumnElement[bool]:
    return exists().where(
        Membership.user_id == User.id,
        Membership.role == OWNER,
        Company.id == Membership.company_id,
        Company.require_two_factor,
    )


async def list_live_sessions(
    session: AsyncSession, user_id: UUID, *, now: datetime, seen_after: datetime
) -> list[UserSession]:
    """The user's sessions in use, the latest used first."""
    return list(
        await session.scalars(
            select(UserSession)
            .where(UserSession.user_id == user_id, *_live(now=now, seen_after=seen_after))
            .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
        )
    )


async def confirm_session(session: AsyncSession, session_id: UUID, *, now: datetime) -> None:
    """The person has proved anew who they are."""
    await session.execute(
        update(UserSession).where(UserSession.id == session_id).values(authenticated_at=now)
    )


async def use_challenge(
    session: AsyncSession, token_sha256: bytes, *, now: datetime, most_attempts: int
) -> tuple[SignInChallenge, User] | None:
    """The challenge with this token and whose it is, one attempt the less; None when it is over."""
    challenge = await session.scalar(
        update(SignInChallenge)
        .where(
            SignInChallenge.token_sha256 == token_sha256,
            SignInChallenge.expires_at > now,
            SignInChallenge.attempts < most_attempts,
        )
        .values(attempts=SignInChallenge.attempts + 1)
        .returning(SignInChallenge)
    )
    if challenge is None:
        return None
    user = await session.get(User, challenge.user_id)
    return None if user is None or user.disabled_at is not None else (challenge, user)


async def take_challenge(session: AsyncSession, challenge_id: UUID) -> bool:
    """Whether the challenge was still there; now it is not."""
    taken = await session.scalar(
        delete(SignInChallenge)
        .where(SignInChallenge.id == challenge_id)
        .returning(SignInChallenge.id)
    )
    return taken is not None


async def delete_old_challenges(session: AsyncSession, *, ended_before: datetime) -> None:
    await session.execute(delete(SignInChallenge).where(SignInChallenge.expires_at < ended_before))


async def find_reset(
    session: AsyncSession, token_sha256: bytes, *, now: datetime
) -> tuple[PasswordReset, User] | None:
    """The unused reset with this token and whose it is, if neither expired nor disabled."""
    row = (
        await session.execute(
            select(PasswordReset, User)
            .join(User, User.id == PasswordReset.user_id)
            .where(
                PasswordReset.token_sha256 == token_sha256,
                PasswordReset.used_at.is_(None),
                PasswordReset.expires_at > now,
                User.disabled_at.is_(None),
            )
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


async def take_resets(session: AsyncSession, reset: PasswordReset, *, now: datetime) -> bool:
    """Whether the reset was unused; now it is used, and every other one of the user with it."""
    used = (
        await session.scalars(
            update(PasswordReset)
            .where(PasswordReset.user_id == reset.user_id, PasswordReset.used_at.is_(None))
            .values(used_at=now)
            .returning(PasswordReset.id)
        )
    ).all()
    return reset.id in used


async def end_challenges_and_resets(session: AsyncSession, user_id: UUID, *, now: datetime) -> None:
    """Nothing half done goes on: neither a second step nor a link from a mail."""
    await session.execute(delete(SignInChallenge).where(SignInChallenge.user_id == user_id))
    await session.execute(
        update(PasswordReset)
        .where(PasswordReset.user_id == user_id, PasswordReset.used_at.is_(None))
        .values(used_at=now)
    )


async def delete_old_resets(session: AsyncSession, *, ended_before: datetime) -> None:
    await session.execute(delete(PasswordReset).where(PasswordReset.expires_at < ended_before))


async def touch_session(session: AsyncSession, session_id: UUID, *, now: datetime) -> None:
    await session.execute(
        update(UserSession).where(UserSession.id == session_id).values(last_seen_at=now)
    )


async def revoke_sessions(
    session: AsyncSession,
    user_id: UUID,
    *,
    now: datetime,
    but: UUID | None = None,
    only_company_id: UUID | None = None,
) -> int:
    """End the user's sessions, except `but`, or only those that open one company alone; how many."""
    statement = update(UserSession).where(
        UserSession.user_id == user_id,
        UserSession.revoked_at.is_(None),
        UserSession.expires_at > now,
    )
    if but is not None:
        statement = statement.where(UserSession.id != but)
    if only_company_id is not None:
        statement = statement.where(UserSession.only_company_id == only_company_id)
    ended = await session.scalars(statement.values(revoked_at=now).returning(UserSession.id))
    return len(ended.all())


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
    statement = insert(SignInFailure).values(key=key, failures=0, last_failed_at=now)
    locked = statement.on_conflict_do_update(
        index_elements=[SignInFailure.key], set_={"key": statement.excluded.key}
    ).returning(SignInFailure)
    found = await session.scalars(locked, execution_options={"populate_existing": True})
    return found.one()


async def forget_failures(session: AsyncSession, key: bytes) -> None:
    await session.execute(delete(SignInFailure).where(SignInFailure.key == key))


async def give_back(session: AsyncSession, key: bytes) -> None:
    """One attempt less was made out of this budget."""
    await session.execute(
        update(SignInFailure)
        .where(SignInFailure.key == key)
        .values(failures=func.greatest(SignInFailure.failures - 1, 0))
    )


async def addresses_of(session: AsyncSession, user_id: UUID) -> list[str]:
    """Where the user's sessions of the last weeks were opened."""
    return list(
        await session.scalars(
            select(UserSession.address).where(UserSession.user_id == user_id).distinct()
        )
    )


async def lock_attack(
    session: AsyncSession, account_sha256: bytes, *, user_id: UUID | None, now: datetime
) -> AccountAttack:
    """What was counted of guesses at the account, locked; begun now if there was nothing."""
    statement = insert(AccountAttack).values(
        account_sha256=account_sha256,
        user_id=user_id,
        guesses=0,
        checked=0,
        addresses=0,
        reported=0,
        started_at=now,
        last_at=now,
    )
    locked = statement.on_conflict_do_update(
        index_elements=[AccountAttack.account_sha256],
        set_={"account_sha256": statement.excluded.account_sha256},
    ).returning(AccountAttack)
    return (await session.scalars(locked, execution_options={"populate_existing": True})).one()


async def take_ended_attacks(
    session: AsyncSession, *, silent_since: datetime
) -> list[AccountAttack]:
    """Attacks that have gone silent, taken off the table; none that another transaction is busy with."""
    ended = list(
        await session.scalars(
            select(AccountAttack)
            .where(AccountAttack.last_at < silent_since)
            .limit(100)
            .with_for_update(skip_locked=True)
        )
    )
    for attack in ended:
        await session.delete(attack)
    return ended


async def delete_old_failures(session: AsyncSession, *, failed_before: datetime) -> None:
    await session.execute(delete(SignInFailure).where(SignInFailure.last_failed_at < failed_before))
