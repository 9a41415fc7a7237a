"""Uploads of a company."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.actor import Actor
from app.core.errors import NotFound
from app.uploads.models import Upload


async def get_upload(
    session: AsyncSession, actor: Actor, upload_id: UUID, *, purpose: str
) -> Upload:
    """The upload made for this purpose. Raises `NotFound`, for another company's too."""
    upload = await session.scalar(
        select(Upload).where(
            Upload.company_id == actor.company_id,
            Upload.id == upload_id,
            Upload.purpose == purpose,
        )
    )
    if upload is None:
        raise NotFound(f"There is no such {purpose} upload. Send the file again.")
    return upload
