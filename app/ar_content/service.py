"""Changing contents: each change is an event, and a change of one content waits for the one before."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.ar_content import queries
from app.ar_content.errors import LastVideo, NoVideo, TargetNotFailed, TargetNotReady
from app.ar_content.models import ArContent, Target, Video
from app.ar_content.schemas import ContentStatus, TargetStatus
from app.companies.roles import PUBLISH, WRITE_CONTENTS
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.errors import Invalid, NotFound
from app.core.jobs import enqueue
from app.projects import queries as projects
from app.storage import queries as storage
from app.subscriptions import service as subscriptions
from app.uploads import queries as uploads
from app.uploads.models import Upload

COMPILE_TASK = "markers.compile_target"


async def create_content(
    session: AsyncSession,
    actor: Actor,
    *,
    project_id: UUID,
    title: str,
    image_upload_id: UUID,
    video_upload_id: UUID | None,
) -> ArContent:
    """A new draft whose target is compiled after the commit. Raises `NotFound` for project or uploads."""
    actor.require(WRITE_CONTENTS)
    await subscriptions.check(session, actor, "contents")
    # The lock keeps the project from being deleted as empty meanwhile.
    project = await projects.get_project(session, actor, project_id, for_update=True)
    image = await _hold_upload(session, actor, image_upload_id, purpose="image")
    content = ArContent(
        company_id=project.company_id,
        project_id=project.id,
        title=title,
        image_key=image.key,
        image_thumbnail_key=image.thumbnail_key,
        image_width=image.width,
        image_height=image.height,
        image_size_bytes=image.stored_size_bytes,
    )
    session.add(content)
    await session.flush()
    await _compile(session, content, version=1)
    events.record(
        session, "content.created", actor=actor, subject_id=content.id, data={"title": title}
    )
    if video_upload_id is not None:
        await _add_video(session, actor, content, upload_id=video_upload_id, name=None)
    return content


async def _hold_upload(
    session: AsyncSession, actor: Actor, upload_id: UUID, *, purpose: str
) -> Upload:
    """The upload with its files marked as used. Raises `NotFound` also when the sweep had them."""
    upload = await uploads.get_upload(session, actor, upload_id, purpose=purpose)
    if not await storage.hold_files(session, upload.company_id, {upload.key, upload.thumbnail_key}):
        raise NotFound(f"This {purpose} upload has expired. Send the file again.")
    return upload


async def _compile(session: AsyncSession, content: ArContent, *, version: int) -> None:
    """A target to be made, and the job that makes it."""
    target = Target(
        company_id=content.company_id,
        content_id=content.id,
        version=version,
        image_key=content.image_key,
    )
    session.add(target)
    await session.flush()
    job = await enqueue(session, COMPILE_TASK, company_id=content.company_id, target_id=target.id)
    target.job_id = job.id


async def update_content(
    session: AsyncSession, actor: Actor, content_id: UUID, *, changes: dict[str, Any]
) -> ArContent:
    """The content with the changes applied. Raises `Invalid` for a video that is not its own."""
    actor.require(WRITE_CONTENTS)
    content = await queries.lock_content(session, actor, content_id)
    default = changes.get("default_video_id")
    if default is not None:
        own = {video.id for video in await queries.videos_of(session, content)}
        if default not in own:
            raise Invalid("This content has no such video.", pointer="#/default_video_id")
    for field, value in changes.items():
        setattr(content, field, value)
    await session.flush()
    told = {field: str(value) for field, value in changes.items()}
    events.record(
        session, "content.updated", actor=actor, subject_id=content.id, data={"changes": told}
    )
    return content


async def delete_content(session: AsyncSession, actor: Actor, content_id: UUID) -> None:
    """Remove the content. Its files stay until the sweep, unless something else uses them."""
    actor.require(WRITE_CONTENTS)
    content = await queries.lock_content(session, actor, content_id)
    keys = await queries.keys_of(session, content)
    await queries.delete_content(session, content)
    await _release(session, content.company_id, keys)
    events.record(
        session,
        "content.deleted",
        actor=actor,
        subject_id=content.id,
        data={"title": content.title, "public_id": str(content.public_id)},
    )


async def _release(session: AsyncSession, company_id: UUID, keys: set[str]) -> None:
    unused = await queries.unused_keys(session, company_id, keys)
    await storage.release_files(session, company_id, unused, now=utcnow())


async def add_video(
    session: AsyncSession, actor: Actor, content_id: UUID, *, upload_id: UUID, name: str | None
) -> Video:
    """The video added behind the others. Raises `NotFound` for content or upload."""
    actor.require(WRITE_CONTENTS)
    content = await queries.lock_content(session, actor, content_id)
    return await _add_video(session, actor, content, upload_id=upload_id, name=name)


async def _add_video(
    session: AsyncSession, actor: Actor, content: ArContent, *, upload_id: UUID, name: str | None
) -> Video:
    upload = await _hold_upload(session, actor, upload_id, purpose="video")
    video = Video(
        company_id=content.company_id,
        content_id=content.id,
        name=name or upload.filename[:200],
        key=upload.key,
        poster_key=upload.thumbnail_key,
        media_type=upload.stored_media_type,
        width=upload.width,
        height=upload.height,
        duration_seconds=upload.duration_seconds or 0.0,
        size_bytes=upload.stored_size_bytes,
        has_audio=bool(upload.has_audio),
        position=await queries.next_position(session, content),
    )
    session.add(video)
    await session.flush()
    if content.default_video_id is None:
        content.default_video_id = video.id
        await session.flush()
    events.record(
        session,
        "video.added",
        actor=actor,
        subject_id=content.id,
        data={"video_id": str(video.id), "name": video.name},
    )
    return video


async def delete_video(
    session: AsyncSession, actor: Actor, content_id: UUID, video_id: UUID
) -> None:
    """Remove a video; if it was the one that plays, the first of the rest does. Raises `LastVideo`."""
    actor.require(WRITE_CONTENTS)
    content = await queries.lock_content(session, actor, content_id)
    videos = await queries.videos_of(session, content)
    video = next((video for video in videos if video.id == video_id), None)
    if video is None:
        raise NotFound("There is no such video.")
    rest = [other for other in videos if other is not video]
    if content.status == ContentStatus.PUBLISHED and not rest:
        raise LastVideo("Printed codes lead to this video. Add another one first, or unpublish.")
    if content.default_video_id == video.id:
        content.default_video_id = rest[0].id if rest else None
        await session.flush()
    await queries.delete_video(session, video)
    await _release(session, content.company_id, queries.video_keys(video))
    events.record(
        session,
        "video.deleted",
        actor=actor,
        subject_id=content.id,
        data={"video_id": str(video.id), "name": video.name},
    )


async def publish_content(session: AsyncSession, actor: Actor, content_id: UUID) -> ArContent:
    """Open the printed code. Raises `TargetNotReady` or `NoVideo`; twice is the same as once."""
    actor.require(PUBLISH)
    content = await queries.lock_content(session, actor, content_id)
    if content.status == ContentStatus.PUBLISHED:
        return content
    target = await queries.newest_target(session, content)
    if target.status != TargetStatus.READY:
        raise TargetNotReady(_why_not_ready(target))
    if content.default_video_id is None:
        raise NoVideo("Add a video first: there is nothing to play on the print yet.")
    content.status = ContentStatus.PUBLISHED.value
    content.published_at = utcnow()
    await session.flush()
    events.record(session, "content.published", actor=actor, subject_id=content.id)
    return content


def _why_not_ready(target: Target) -> str:
    if target.status == TargetStatus.FAILED:
        return (
            f"No target could be made: {target.failure_detail} Use another picture, or try again."
        )
    return "The target is still being made. It takes a few seconds; then publish."


async def unpublish_content(session: AsyncSession, actor: Actor, content_id: UUID) -> ArContent:
    """Close the printed code; twice is the same as once."""
    actor.require(PUBLISH)
    content = await queries.lock_content(session, actor, content_id)
    if content.status != ContentStatus.PUBLISHED:
        return content
    content.status = ContentStatus.DRAFT.value
    content.published_at = None
    await session.flush()
    events.record(session, "content.unpublished", actor=actor, subject_id=content.id)
    return content


async def retry_target(session: AsyncSession, actor: Actor, content_id: UUID) -> ArContent:
    """Compile again what failed, as the next version. Raises `TargetNotFailed`."""
    actor.require(WRITE_CONTENTS)
    content = await queries.lock_content(session, actor, content_id)
    target = await queries.newest_target(session, content)
    if target.status != TargetStatus.FAILED:
        raise TargetNotFailed("The target is ready or being made; there is nothing to try again.")
    await _compile(session, content, version=target.version + 1)
    events.record(session, "target.retried", actor=actor, subject_id=content.id)
    return content
