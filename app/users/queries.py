"""Users. They stand above companies: who works where is in the memberships."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.email_addresses import looked_for
from app.core.errors import NotFound
from app.core.ids import uuid7
from app.core.pagination import KeyColumn, PageRequest, fetch_page
from app.users.models import EmailChange, User


async def find_by_email(session: AsyncSession, email: str) -> User | None:
    return await session.scalar(select(User).where(User.email == looked_for(email)))


async def get_user(session: AsyncSession, user_id: UUID) -> User:
    """The user. Raises `NotFound`."""
    user = await session.get(User, user_id)
    if user is None:
        raise NotFound("There is no such user.")
    return user


async def insert_user(session: AsyncSession, **values: object) -> UUID | None:
    """The new user's id, or None when the e-mail address is taken."""
    return await session.scalar(
        insert(User)
        .values(id=uuid7(), **values)
        .on_conflict_do_nothing(index_elements=[User.email])
        .returning(User.id)
    )


async def set_password(
    session: AsyncSession,
    user_id: UUID,
    password_hash: str,
    *,
    now: datetime,
    must_change: bool = False,
) -> None:
    await session.execute(
        update(User)
        .where(User.id == user_id)
        .values(
            password_hash=password_hash, password_changed_at=now, must_change_password=must_change
        )
    )


async def set_password_hash(session: AsyncSession, user_id: UUID, password_hash: str) -> None:
    """The same password under stronger parameters."""
    await session.execute(
        update(User).where(User.id == user_id).values(password_hash=password_hash)
    )


async def make_superadmin(session: AsyncSession, user_id: UUID) -> None:
    await session.execute(
        update(User).where(User.id == user_id).values(is_superadmin=True, disabled_at=None)
    )


async def lock_user(session: AsyncSession, user_id: UUID) -> User:
    """The user, locked until the transaction ends. Raises `NotFound`."""
    statement = select(User).where(User.id == user_id).with_for_update()
    user = await session.scalar(statement.execution_options(populate_existing=True))
    if user is None:
        raise NotFound("There is no such user.")
    return user


async def lock_superadmins(session: AsyncSession) -> list[UUID]:
    """The superadmins who can sign in, locked in one order, so that two who end each other at once wait
    for one another."""
    statement = (
        select(User.id)
        .where(User.is_superadmin, User.disabled_at.is_(None))
        .order_by(User.id)
        .with_for_update()
    )
    return list(await session.scalars(statement))


USER_SORTS: Final[dict[str, KeyColumn]] = {
    "email": User.email,
    "name": User.name,
    "created_at": User.created_at,
}


async def list_users(
    session: AsyncSession,
    request: PageRequest,
    *,
    is_superadmin: bool | None = None,
    is_disabled: bool | None = None,
) -> tuple[list[User], str | None]:
    """One page of everybody with an account, by e-mail, and the next page's cursor."""
    statement = select(User)
    if request.q:
        words = request.q.strip()
        statement = statement.where(
            or_(
                User.email.icontains(words, autoescape=True),
                User.name.icontains(words, autoescape=True),
            )
        )
    if is_superadmin is not None:
        statement = statement.where(User.is_superadmin.is_(is_superadmin))
    if is_disabled is not None:
        disabled = User.disabled_at.is_not(None)
        statement = statement.where(disabled if is_disabled else ~disabled)
    return await fetch_page(
        session,
        statement,
        key=(User.email, User.id),
        request=request,
        newest_first=False,
        sorts=USER_SORTS,
    )


async def set_email_change(session: AsyncSession, **values: object) -> None:
    """The user's one pending change of address; the one before is forgotten."""
    fresh = {name: value for name, value in values.items() if name != "user_id"}
    await session.execute(
        insert(EmailChange)
        .values(**values)
        .on_conflict_do_update(index_elements=[EmailChange.user_id], set_=fresh)
    )


async def take_email_change(session: AsyncSession, token_sha256: bytes) -> EmailChange | None:
    """The pending change with this token, which is used up by it."""
    return await session.scalar(
        delete(EmailChange).where(EmailChange.token_sha256 == token_sha256).returning(EmailChange)
    )


async def set_email(session: AsyncSession, user: User, email: str) -> bool:
    """Whether the address was free; then it is the user's."""
    try:
        async with session.begin_nested():
            user.email = email
            await session.flush()
    except IntegrityError:
        return False
    return True
