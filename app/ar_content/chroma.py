"""Videos with a colour keyed out or put back, tried again after a failure, and seen frame by frame before."""

import asyncio
import os
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from app.ar_content import queries, videos
from app.ar_content.errors import VideoHasAlpha, VideoNotFailed, VideoNotKeyed, VideoNotReady
from app.ar_content.files import release
from app.ar_content.models import Video
from app.ar_content.processing import order_processing
from app.ar_content.schemas import ChromaKey, VideoStatus
from app.companies.roles import WRITE_CONTENTS
from app.core.actor import Actor
from app.core.database import session_scope
from app.core.errors import NotFound, Unavailable
from app.core.etags import ANY_VERSION, Seen
from app.media.processing import preview_key
from app.storage import service as storage
from app.storage.port import FileMissing, Storage, StorageUnavailable, is_served, sha256_of

# Each takes a processor for a moment.
_places: Final = asyncio.Semaphore(2)


async def set_chroma_key(
    session: AsyncSession,
    actor: Actor,
    content_id: UUID,
    video_id: UUID,
    *,
    key: ChromaKey,
    seen: Seen = ANY_VERSION,
) -> Video:
    """The video, to be made transparent where it shows the colour; until then it plays as it is.

    Raises `NotFound`, `VideoNotReady` or `VideoHasAlpha`.
    """
    actor.require(WRITE_CONTENTS)
    content = await queries.open_content(session, actor, content_id, seen)
    video = videos.one_of(await queries.videos_of(session, content), video_id)
    original = original_of(video)
    before, old_keys = video.chroma_key, queries.video_keys(video)
    video.source_key, video.source_media_type = original, "video/mp4"
    video.chroma_key = key.model_dump()
    video.status = VideoStatus.PROCESSING.value
    await order_processing(session, video)
    await videos.touch(session, content)
    await release(session, content.company_id, old_keys - queries.video_keys(video))
    changes = {"chroma_key": [before, video.chroma_key]}
    videos.record_change(session, actor, "video.chroma_key_set", content, video, changes=changes)
    return video


async def remove_chroma_key(
    session: AsyncSession,
    actor: Actor,
    content_id: UUID,
    video_id: UUID,
    *,
    seen: Seen = ANY_VERSION,
) -> Video:
    """The video as it was before a colour was keyed out: at once if that still plays, else after a moment.

    Raises `NotFound` or `VideoNotKeyed`.
    """
    actor.require(WRITE_CONTENTS)
    content = await queries.open_content(session, actor, content_id, seen)
    video = videos.one_of(await queries.videos_of(session, content), video_id)
    before, old_keys = video.chroma_key, queries.video_keys(video)
    if before is None:
        raise VideoNotKeyed("The video plays as it was sent.")
    video.chroma_key = None
    if video.key == video.source_key:
        video.status, video.progress = VideoStatus.READY.value, 1.0
        video.source_key = video.source_media_type = None
    else:
        video.status = VideoStatus.PROCESSING.value
    await order_processing(session, video)
    await videos.touch(session, content)
    await release(session, content.company_id, old_keys - queries.video_keys(video))
    changes = {"chroma_key": [before, None]}
    videos.record_change(
        session, actor, "video.chroma_key_removed", content, video, changes=changes
    )
    return video


def original_of(video: Video) -> str:
    """The key of the file the colour is keyed out of. Raises `VideoNotReady` or `VideoHasAlpha`."""
    if video.source_key is not None and is_served(video.source_key):
        return video.source_key  # It played before a colour was keyed out of it.
    if video.key is None or video.status == VideoStatus.PROCESSING:
        raise VideoNotReady(
            "The video is still being made ready. Key a colour out when that is done."
        )
    if video.alpha != "none":
        raise VideoHasAlpha(
            "The file that was sent is transparent already; there is nothing to key out."
        )
    return video.key


async def retry_video(
    session: AsyncSession, actor: Actor, content_id: UUID, video_id: UUID
) -> Video:
    """Try again what failed. Raises `VideoNotFailed`."""
    actor.require(WRITE_CONTENTS)
    content = await queries.lock_content(session, actor, content_id)
    video = videos.one_of(await queries.videos_of(session, content), video_id)
    if video.status != VideoStatus.FAILED:
        raise VideoNotFailed("The video is ready or being made; there is nothing to try again.")
    video.status = VideoStatus.PROCESSING.value
    await order_processing(session, video)
    videos.record_change(session, actor, "video.retried", content, video)
    return video


async def preview(
    actor: Actor, content_id: UUID, video_id: UUID, *, at_seconds: float, key: ChromaKey | None
) -> bytes:
    """A frame as WebP, the colour keyed out; without a key as it is. No transaction is held meanwhile.

    Raises `NotFound`, `VideoNotReady`, `VideoHasAlpha` or `Unavailable`.
    """
    actor.require(WRITE_CONTENTS)
    async with session_scope() as session:
        video = await queries.get_video(session, actor, content_id, video_id)
        original = original_of(video)
        place = await storage.storage_of(session, video.company_id)
    output = storage.incoming_folder() / f"preview-{uuid4().hex}.webp"
    try:
        async with _places:
            source = await _nearby(place, original)
            await preview_key(
                source,
                "video/mp4",
                output,
                at_seconds=at_seconds,
                chroma_key=key.model_dump() if key else None,
            )
        return output.read_bytes()
    except FileMissing as error:
        raise NotFound("The file of this video is gone.") from error
    except StorageUnavailable as error:
        raise Unavailable("The storage does not answer. Try again in a moment.") from error
    finally:
        output.unlink(missing_ok=True)


async def _nearby(place: Storage, key: str) -> Path:
    """The file on this machine's disk, for as long as it is looked at; then the sweep removes it."""
    path = storage.incoming_folder() / f"preview-{sha256_of(key)}.source"
    if path.exists():
        os.utime(path)
    else:
        await place.fetch(key, path)
    return path
