"""Authenticators and recovery codes. They belong to people, not to companies."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.two_factor.models import Authenticator, RecoveryCode


async def find_authenticator(session: AsyncSession, user_id: UUID) -> Authenticator | None:
    return await session.get(Authenticator, user_id, populate_existing=True)


async def put_unconfirmed(
    session: AsyncSession, user_id: UUID, secret_encrypted: str, *, now: datetime
) -> bool:
    """Keep the secret until it is confirmed, in place of an unconfirmed one; False when one is confirmed."""
    values = {"secret_encrypted": secret_encrypted, "last_step": 0, "created_at": now}
    found = await session.scalar(
        insert(Authenticator)
        .values(user_id=user_id, **values)
        .on_conflict_do_update(
            index_elements=[Authenticator.user_id],
            set_=values,
            where=Authenticator.confirmed_at.is_(None),
        )
        .returning(Authenticator.user_id)
    )
    return found is not None


async def take_step(session: AsyncSession, user_id: UUID, step: int) -> bool:
    """Whether no code of this or a later time step was taken before; now it is."""
    taken = await session.scalar(
        update(Authenticator)
        .where(Authenticator.user_id == user_id, Authenticator.last_step < step)
        .values(last_step=step)
        .returning(Authenticator.user_id)
    )
    return taken is not None


async def delete_authenticator(session: AsyncSession, user_id: UUID) -> None:
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    await session.execute(delete(Authenticator).where(Authenticator.user_id == user_id))


async def replace_recovery_codes(
    session: AsyncSession, user_id: UUID, hashes: list[bytes], *, now: datetime
) -> None:
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.add_all(
        RecoveryCode(user_id=user_id, code_sha256=found, created_at=now) for found in hashes
    )
    await session.flush()


async def take_recovery_code(
    session: AsyncSession, user_id: UUID, code_sha256: bytes, *, now: datetime
) -> bool:
    """Whether this was an unused code of the user; now it is used."""
    taken = await session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_sha256 == code_sha256,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    return taken is not None


async def count_recovery_codes(session: AsyncSession, user_id: UUID) -> int:
    """How many are left."""
    count = await session.scalar(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    )
    return count or 0
