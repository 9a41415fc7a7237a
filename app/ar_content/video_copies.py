"""The videos of a content's copy: rows of their own, files shared."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.ar_content import queries
from app.ar_content.models import ArContent, Video
from app.ar_content.processing import order_processing
from app.ar_content.schemas import VideoStatus

_SAME: Final = (
    "name", "key", "poster_key", "media_type", "width", "height", "duration_seconds", "size_bytes",
    "has_audio", "position", "alpha", "renditions", "chroma_key", "status", "source_key",
    "source_media_type", "failure_code", "failure_detail",
)  # fmt: skip


async def copy_videos(session: AsyncSession, original: ArContent, copy: ArContent) -> None:
    """Give the copy the original's videos; one that is being processed is processed for the copy too."""
    for video in await queries.videos_of(session, original):
        values = {name: getattr(video, name) for name in _SAME}
        twin = Video(company_id=copy.company_id, content_id=copy.id, **values)
        session.add(twin)
        await session.flush()
        if twin.status == VideoStatus.PROCESSING:
            await order_processing(session, twin)
        if video.id == original.default_video_id:
            copy.default_video_id = twin.id
    await session.flush()
