"""The files contents are made of: held while used, let go when nothing uses them any more."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.ar_content import queries
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.storage import queries as storage
from app.uploads import queries as uploads
from app.uploads.models import Upload


async def hold_upload(
    session: AsyncSession, actor: Actor, upload_id: UUID, *, purpose: str
) -> Upload:
    """The upload with its files marked as used. Raises `NotFound` also when the sweep had them."""
    upload = await uploads.get_upload(session, actor, upload_id, purpose=purpose)
    if not await storage.hold_files(session, upload.company_id, {upload.key, upload.thumbnail_key}):
        raise NotFound(f"This {purpose} upload has expired. Send the file again.")
    return upload


async def release(session: AsyncSession, company_id: UUID, keys: set[str]) -> None:
    """Let go of those of the files that nothing uses; their bytes stay until the sweep.

    Locked first: who takes one into use at this moment is waited for, and seen.
    """
    await storage.lock_files(session, company_id, keys)
    unused = await queries.unused_keys(session, company_id, keys)
    await storage.release_files(session, company_id, unused, now=utcnow())
