"""Members and invitations of a company; invitations also by the token in their link."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.companies.models import Membership
from app.companies.roles import OWNER
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.pagination import KeyColumn, PageRequest, fetch_page
from app.members.models import Invitation
from app.users.models import User

MEMBER_SORTS: Final[dict[str, KeyColumn]] = {
    "email": User.email,
    "name": User.name,
    "role": Membership.role,
    "created_at": Membership.created_at,
}


def _members(company_id: UUID | None) -> Select[Membership, User]:
    return (
        select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.company_id == company_id)
    )


async def list_members(
    session: AsyncSession, actor: Actor, request: PageRequest, *, role: str | None = None
) -> tuple[list[tuple[Membership, User]], str | None]:
    """One page of the company's members, by e-mail, and the next page's cursor."""
    statement = _members(actor.company_id).with_only_columns(Membership)
    if request.q:
        words = request.q.strip()
        statement = statement.where(
            or_(
                User.email.icontains(words, autoescape=True),
                User.name.icontains(words, autoescape=True),
            )
        )
    if role:
        statement = statement.where(Membership.role == role)
    memberships, next_cursor = await fetch_page(
        session,
        statement,
        key=(User.email, Membership.user_id),
        request=request,
        newest_first=False,
        sorts=MEMBER_SORTS,
    )
    people = await _users_by_id(session, [each.user_id for each in memberships])
    return [(each, people[each.user_id]) for each in memberships], next_cursor


async def _users_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, User]:
    found = await session.scalars(select(User).where(User.id.in_(list(ids))))
    return {user.id: user for user in found}


async def get_member(session: AsyncSession, actor: Actor, user_id: UUID) -> tuple[Membership, User]:
    """A member of the company. Raises `NotFound`."""
    statement = _members(actor.company_id).where(Membership.user_id == user_id)
    return _one(
        (await session.execute(statement.execution_options(populate_existing=True))).one_or_none()
    )


async def lock_member(
    session: AsyncSession, actor: Actor, user_id: UUID
) -> tuple[tuple[Membership, User], list[UUID]]:
    """A member, and the ids of the owners who can sign in, all locked until the transaction ends.

    The owners are locked first and in one order, so that two who remove each other at once wait for one
    another instead of both succeeding. Raises `NotFound`.
    """
    owners = (
        select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.company_id == actor.company_id,
            Membership.role == OWNER,
            User.disabled_at.is_(None),
        )
        .order_by(Membership.user_id)
        .with_for_update(of=Membership)
    )
    owner_ids = list(await session.scalars(owners))
    statement = _members(actor.company_id).where(Membership.user_id == user_id)
    fresh = statement.with_for_update(of=Membership).execution_options(populate_existing=True)
    return _one((await session.execute(fresh)).one_or_none()), owner_ids


def _one(row: Any) -> tuple[Membership, User]:
    if row is None:
        raise NotFound("There is no such member.")
    return row[0], row[1]


async def is_member(session: AsyncSession, company_id: UUID | None, *, email: str) -> bool:
    statement = _members(company_id).where(User.email == email)
    return bool(await session.scalar(select(exists(statement.with_only_columns(User.id)))))


async def add_member(
    session: AsyncSession, *, company_id: UUID, user_id: UUID, role: str, now: datetime
) -> bool:
    """Whether the user became a member; False when they were one already, as whatever."""
    statement = (
        insert(Membership)
        .values(company_id=company_id, user_id=user_id, role=role, created_at=now)
        .on_conflict_do_nothing()
        .returning(Membership.user_id)
    )
    return await session.scalar(statement) is not None


def _is_open() -> tuple[ColumnElement[bool], ...]:
    return (Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))


async def list_invitations(
    session: AsyncSession, actor: Actor, request: PageRequest
) -> tuple[list[Invitation], str | None]:
    """One page of the company's open invitations, the newest first, also those that have expired."""
    statement = select(Invitation).where(Invitation.company_id == actor.company_id, *_is_open())
    if request.q:
        statement = statement.where(Invitation.email.icontains(request.q.strip(), autoescape=True))
    return await fetch_page(session, statement, key=(Invitation.id,), request=request)


async def lock_invitation(session: AsyncSession, actor: Actor, invitation_id: UUID) -> Invitation:
    """An open invitation of the company, locked. Raises `NotFound`."""
    statement = select(Invitation).where(
        Invitation.company_id == actor.company_id, Invitation.id == invitation_id, *_is_open()
    )
    invitation = await session.scalar(statement.with_for_update())
    if invitation is None:
        raise NotFound("There is no such open invitation.")
    return invitation


async def lock_invitation_to(
    session: AsyncSession, actor: Actor, *, email: str
) -> Invitation | None:
    """The company's open invitation to this address, locked."""
    statement = select(Invitation).where(
        Invitation.company_id == actor.company_id, Invitation.email == email, *_is_open()
    )
    return await session.scalar(statement.with_for_update())


async def count_invitations(
    session: AsyncSession, actor: Actor, *, now: datetime, since: datetime
) -> tuple[int, int]:
    """How many invitations of the company wait for an answer, and how many were made since."""
    is_waiting = (*_is_open(), Invitation.expires_at > now)
    statement = select(
        func.count().filter(*is_waiting), func.count().filter(Invitation.created_at > since)
    ).where(Invitation.company_id == actor.company_id)
    waiting, made = (await session.execute(statement)).one()
    return waiting, made


async def insert_invitation(session: AsyncSession, **values: object) -> Invitation | None:
    """The new invitation, or None when this address has an open one; safe from several at once."""
    return await session.scalar(
        insert(Invitation).values(**values).on_conflict_do_nothing().returning(Invitation)
    )


async def find_by_token(
    session: AsyncSession, token_sha256: bytes, *, lock: bool = False
) -> Invitation | None:
    """The invitation whose link holds this token, of whichever company."""
    statement = select(Invitation).where(Invitation.token_sha256 == token_sha256)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(statement)
