"""Users. They stand above companies: who works where is in the memberships."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import NotFound
from app.core.ids import uuid7
from app.users.models import User


async def find_by_email(session: AsyncSession, email: str) -> User | None:
    return await session.scalar(select(User).where(User.email == email.strip().lower()))


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
