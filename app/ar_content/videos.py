"""Changing the videos of a content; each change is a change of the content too."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.ar_content import queries
from app.ar_content.errors import LastVideo
from app.ar_content.files import hold_upload, release
from app.ar_content.models import ArContent, Video
from app.ar_content.processing import order_processing
from app.ar_content.schemas import ContentStatus, VideoStatus
from app.companies.roles import WRITE_CONTENTS
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.errors import Invalid, NotFound
from app.core.etags import ANY_VERSION, Seen
from app.events.changes import Changes
from app.storage.port import is_served
from app.uploads.models import Upload


async def add_video(
    session: AsyncSession,
    actor: Actor,
    content_id: UUID,
    *,
    upload_id: UUID,
    name: str | None,
    seen: Seen = ANY_VERSION,
) -> Video:
    """The video added behind the others. Raises `NotFound` for content or upload."""
    actor.require(WRITE_CONTENTS)
    content = await queries.open_content(session, actor, content_id, seen)
    return await add_to(session, actor, content, upload_id=upload_id, name=name)


async def add_to(
    session: AsyncSession, actor: Actor, content: ArContent, *, upload_id: UUID, name: str | None
) -> Video:
    """The same for a content that is locked already, or new."""
    upload = await hold_upload(session, actor, upload_id, purpose="video")
    video = Video(
        company_id=content.company_id,
        content_id=content.id,
        name=name or upload.filename[:200],
        position=await queries.next_position(session, content),
    )
    _show_first(video, upload)
    session.add(video)
    await session.flush()
    await order_processing(session, video)
    if content.default_video_id is None:
        content.default_video_id = video.id
    await touch(session, content)
    record_change(session, actor, "video.added", content, video)
    return video


def _show_first(video: Video, upload: Upload) -> None:
    """Make the upload's file the one a new video plays, or will when it has been processed."""
    video.poster_key = upload.thumbnail_key
    video.media_type, video.size_bytes = upload.stored_media_type, upload.stored_size_bytes
    video.width, video.height = upload.width, upload.height
    video.duration_seconds = upload.duration_seconds or 0.0
    video.has_audio = bool(upload.has_audio)
    video.alpha, video.renditions, video.chroma_key = "none", [], None
    if not is_served(upload.key):
        _await_processing(video, upload)
        return
    video.key, video.status = upload.key, VideoStatus.READY.value
    video.source_key = video.source_media_type = None


def _show(video: Video, upload: Upload) -> None:
    """The same for a video that may be playing: what plays stays until the new file is ready."""
    if not is_served(upload.key) and video.key is not None:
        _await_processing(video, upload)
    else:
        _show_first(video, upload)


def _await_processing(video: Video, upload: Upload) -> None:
    video.status = VideoStatus.PROCESSING.value
    video.source_key, video.source_media_type = upload.key, upload.stored_media_type
    video.chroma_key = None


async def update_video(
    session: AsyncSession,
    actor: Actor,
    content_id: UUID,
    video_id: UUID,
    *,
    name: str | None,
    upload_id: UUID | None,
    seen: Seen = ANY_VERSION,
) -> Video:
    """The video under another name, or playing another file under the same id. Raises `NotFound`."""
    actor.require(WRITE_CONTENTS)
    content = await queries.open_content(session, actor, content_id, seen)
    video = one_of(await queries.videos_of(session, content), video_id)
    changes: Changes = {}
    old_keys = queries.video_keys(video)
    if name is not None and name != video.name:
        changes["name"] = [video.name, name]
        video.name = name
    if upload_id is not None:
        upload = await hold_upload(session, actor, upload_id, purpose="video")
        changes["key"] = [video.key, upload.key]
        _show(video, upload)
        await order_processing(session, video)
    if not changes:
        return video
    await touch(session, content)
    await release(session, content.company_id, old_keys - queries.video_keys(video))
    record_change(session, actor, "video.updated", content, video, changes=changes)
    return video


async def reorder_videos(
    session: AsyncSession,
    actor: Actor,
    content_id: UUID,
    *,
    video_ids: Sequence[UUID],
    seen: Seen = ANY_VERSION,
) -> ArContent:
    """The content with its videos in this order. Raises `Invalid` unless each is named once."""
    actor.require(WRITE_CONTENTS)
    content = await queries.open_content(session, actor, content_id, seen)
    videos = await queries.videos_of(session, content)
    before = [video.id for video in videos]
    if sorted(video_ids) != sorted(before):
        raise Invalid("Name each of the content's videos once.", pointer="#/video_ids")
    for video in videos:
        video.position = video_ids.index(video.id)
    if list(video_ids) == before:
        return content
    await touch(session, content)
    changed = [[str(each) for each in before], [str(each) for each in video_ids]]
    events.record(
        session,
        "content.videos_reordered",
        actor=actor,
        subject_id=content.id,
        changes={"video_ids": changed},
    )
    return content


async def delete_video(
    session: AsyncSession,
    actor: Actor,
    content_id: UUID,
    video_id: UUID,
    *,
    seen: Seen = ANY_VERSION,
) -> None:
    """Remove a video; if it was the one that plays, the first of the rest does. Raises `LastVideo`."""
    actor.require(WRITE_CONTENTS)
    content = await queries.open_content(session, actor, content_id, seen)
    videos = await queries.videos_of(session, content)
    video = one_of(videos, video_id)
    rest = [other for other in videos if other is not video]
    if content.status == ContentStatus.PUBLISHED and not any(other.key for other in rest):
        raise LastVideo("Printed codes lead to this video. Add another one first, or unpublish.")
    if content.default_video_id == video.id:
        playing = [other for other in rest if other.key] or rest
        content.default_video_id = playing[0].id if playing else None
    await touch(session, content)
    await queries.delete_video(session, video)
    await release(session, content.company_id, queries.video_keys(video))
    record_change(session, actor, "video.deleted", content, video)


def one_of(videos: Sequence[Video], video_id: UUID) -> Video:
    video = next((video for video in videos if video.id == video_id), None)
    if video is None:
        raise NotFound("There is no such video.")
    return video


async def touch(session: AsyncSession, content: ArContent) -> None:
    """A content's version covers its videos."""
    content.updated_at = utcnow()
    await session.flush()


def record_change(
    session: AsyncSession,
    actor: Actor,
    name: str,
    content: ArContent,
    video: Video,
    *,
    changes: Changes | None = None,
) -> None:
    events.record(
        session,
        name,
        actor=actor,
        subject_id=content.id,
        data={"video_id": str(video.id), "name": video.name},
        changes=changes,
    )
