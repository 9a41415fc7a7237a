"""What was begun and left: expired uploads go, with their bytes, wherever those are."""

import asyncio
import time
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog

from app.core.clock import utcnow
from app.core.database import session_scope
from app.storage import service as storage
from app.uploads import direct, incoming, queries
from app.uploads.incoming import PART_SUFFIX

BATCH: Final = 200
# A part file is made a moment before its row.
YOUNG_SECONDS: Final = 600
SYSTEM: Final = "uploads"

log = structlog.get_logger(__name__)


async def sweep_sessions() -> int:
    """Remove expired uploads, and part files no upload has any more; how many uploads that was."""
    removed = 0
    while expired := await _take_expired():
        removed += expired
    await _remove_orphans()
    if removed:
        log.info("uploads.expired", count=removed)
    return removed


async def _take_expired() -> int:
    async with session_scope(system=SYSTEM) as session:
        expired = await queries.take_expired(session, now=utcnow(), limit=BATCH)
    for upload in expired:
        if upload.is_direct:
            await direct.forget_bytes(upload)
        else:
            await incoming.remove(upload.company_id, upload.id)
    return len(expired)


async def _remove_orphans() -> None:
    """Files of uploads that ended just when a process was killed."""
    parts = await asyncio.to_thread(_old_parts)
    async with session_scope(system=SYSTEM) as session:
        still_open = await queries.open_among(session, list(parts))
    for upload_id, path in parts.items():
        if upload_id not in still_open:
            path.unlink(missing_ok=True)
            log.warning("upload.part_without_upload_removed")


def _old_parts() -> dict[UUID, Path]:
    oldest = time.time() - YOUNG_SECONDS
    parts = storage.incoming_folder().glob(f"*{PART_SUFFIX}")
    return {UUID(hex=path.stem): path for path in parts if path.stat().st_mtime < oldest}
