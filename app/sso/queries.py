"""Identity providers and who is who there. The company comes first in each."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.models import UserSession
from app.sso.models import IdentityProvider, UserIdentity


async def find_provider(session: AsyncSession, company_id: UUID) -> IdentityProvider | None:
    return await session.scalar(
        select(IdentityProvider).where(IdentityProvider.company_id == company_id)
    )


async def delete_provider(session: AsyncSession, company_id: UUID) -> bool:
    """Whether there was one."""
    gone = await session.scalar(
        delete(IdentityProvider)
        .where(IdentityProvider.company_id == company_id)
        .returning(IdentityProvider.company_id)
    )
    return gone is not None


async def find_identity(
    session: AsyncSession, company_id: UUID, *, issuer: str, subject: str
) -> UserIdentity | None:
    """The account of the company's provider with this `sub`."""
    return await session.scalar(
        select(UserIdentity)
        .where(
            UserIdentity.company_id == company_id,
            UserIdentity.issuer == issuer,
            UserIdentity.subject == subject,
        )
        .with_for_update()
    )


async def end_sessions(session: AsyncSession, company_id: UUID, *, now: datetime) -> int:
    """End every session the company's provider had vouched for; how many there were."""
    ended = await session.scalars(
        update(UserSession)
        .where(UserSession.only_company_id == company_id, UserSession.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(UserSession.id)
    )
    return len(ended.all())
