"""Uploads nothing has used: after some days their files count as released, and the sweep takes them later."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.storage import keeping_queries
from app.storage import queries as storage
from app.tasks.runtime import periodic
from app.uploads import queries
from app.uploads.models import Upload

log = structlog.get_logger(__name__)

SYSTEM: Final = "unused uploads"
BATCH: Final = 200


async def release_unused(*, now: datetime) -> int:
    """Release the files of old uploads that no row names; how many files that were."""
    before = now - timedelta(days=get_settings().keeping.unused_upload_days)
    released, after = 0, None
    while True:
        async with session_scope(system=SYSTEM) as session:
            uploads = await queries.with_files_in_use(
                session, before=before, after=after, limit=BATCH
            )
        if not uploads:
            return released
        for company_id in {upload.company_id for upload in uploads}:
            released += await _release(company_id, uploads, now=now)
        after = uploads[-1].id


async def _release(company_id: UUID, uploads: list[Upload], *, now: datetime) -> int:
    """The rows are locked first: who attaches an upload at this moment is waited for, and seen."""
    keys = {
        key
        for upload in uploads
        if upload.company_id == company_id
        for key in (upload.key, upload.thumbnail_key)
    }
    async with session_scope(system=SYSTEM) as session:
        await storage.lock_files(session, company_id, keys)
        unused = keys - await keeping_queries.used_keys(session, company_id, keys)
        await storage.release_files(session, company_id, unused, now=now)
    if unused:
        log.info("uploads.released", company_id=str(company_id), files=len(unused))
    return len(unused)


@periodic("default.release_unused_uploads", time_limit=600)
async def release_unused_uploads() -> None:
    """Once a day."""
    await release_unused(now=utcnow())
