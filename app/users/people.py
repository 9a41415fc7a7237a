"""What the operator may do with accounts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.core.actor import Actor
from app.core.errors import Conflict, Forbidden
from app.users import queries
from app.users.models import User


class LastSuperadmin(Conflict):
    code = "last_superadmin"
    title = "An installation keeps a superadmin"


class OwnAccount(Conflict):
    code = "own_account"
    title = "Not your own account"


def require_operator(actor: Actor) -> None:
    """Raises `Forbidden` for everybody else."""
    if not actor.is_superadmin:
        raise Forbidden("Only the operator of this installation manages accounts.")


async def change_account(
    session: AsyncSession,
    actor: Actor,
    user_id: UUID,
    *,
    is_disabled: bool | None,
    is_superadmin: bool | None,
    now: datetime,
) -> User:
    """The account, closed or opened, with or without the operator's rights; None leaves either as it is.

    Raises `LastSuperadmin`, and `OwnAccount` for who would close their own.
    """
    require_operator(actor)
    superadmins = await queries.lock_superadmins(session)
    user = await queries.lock_user(session, user_id)
    if is_disabled and user.id == actor.user_id:
        raise OwnAccount("You would lock yourself out. Ask another superadmin.")
    if (is_disabled or is_superadmin is False) and not set(superadmins) - {user.id}:
        raise LastSuperadmin("This is the last superadmin. Make somebody else one first.")
    if is_superadmin is not None and is_superadmin != user.is_superadmin:
        _set_superadmin(session, actor, user, is_superadmin=is_superadmin)
    if is_disabled is not None and is_disabled != (user.disabled_at is not None):
        _set_disabled(session, actor, user, now if is_disabled else None)
    await session.flush()
    return user


def _set_superadmin(
    session: AsyncSession, actor: Actor, user: User, *, is_superadmin: bool
) -> None:
    changes = events.changes_of(user, {"is_superadmin": is_superadmin})
    user.is_superadmin = is_superadmin
    name = "user.superadmin_granted" if is_superadmin else "user.superadmin_withdrawn"
    events.record(
        session,
        name,
        actor=actor,
        subject_id=user.id,
        data={"email": user.email},
        changes=changes,
    )


def _set_disabled(
    session: AsyncSession, actor: Actor, user: User, disabled_at: datetime | None
) -> None:
    changes = events.changes_of(user, {"disabled_at": disabled_at})
    user.disabled_at = disabled_at
    events.record(
        session,
        "user.disabled" if disabled_at else "user.enabled",
        actor=actor,
        subject_id=user.id,
        data={"email": user.email},
        changes=changes,
    )
