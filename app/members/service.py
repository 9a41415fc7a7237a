"""Changing who works in a company and as what."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies.models import Membership
from app.companies.roles import MANAGE_MEMBERS, OWNER
from app.core.actor import Actor
from app.core.errors import Conflict
from app.members import queries
from app.users.models import User


class LastOwner(Conflict):
    code = "last_owner"
    title = "A company keeps an owner"


async def change_role(
    session: AsyncSession, actor: Actor, user_id: UUID, *, role: str
) -> tuple[Membership, User]:
    """The member in the new role. Raises `LastOwner`."""
    actor.require(MANAGE_MEMBERS)
    (membership, user), owners = await queries.lock_member(session, actor, user_id)
    if membership.role == role:
        return membership, user
    if membership.role == OWNER:
        _refuse_last(owners, user_id)
    changes = events.changes_of(membership, {"role": role})
    membership.role = role
    await session.flush()
    events.record(
        session,
        "member.role_changed",
        actor=actor,
        subject_id=user_id,
        data={"email": user.email},
        changes=changes,
    )
    return membership, user


async def remove_member(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    """End the member's access; what they made stays. One may always remove oneself. Raises `LastOwner`."""
    if user_id != actor.user_id:
        actor.require(MANAGE_MEMBERS)
    (membership, user), owners = await queries.lock_member(session, actor, user_id)
    if membership.role == OWNER:
        _refuse_last(owners, user_id)
    await session.delete(membership)
    await session.flush()
    events.record(
        session,
        "member.left" if user_id == actor.user_id else "member.removed",
        actor=actor,
        subject_id=user_id,
        data={"email": user.email},
        changes={"role": [membership.role, None]},
    )


def _refuse_last(owners: list[UUID], user_id: UUID) -> None:
    """Owners who were disabled do not count: nobody could act for the company."""
    if not set(owners) - {user_id}:
        raise LastOwner("This is the company's last owner. Make somebody else an owner first.")
