"""Changing contents: each change is an event, and a change of one content waits for the one before."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.ar_content import queries, targets, videos
from app.ar_content.copies import copy_along
from app.ar_content.errors import EndPassed, ImportedAlready, NoVideo, TargetNotReady, VideoNotReady
from app.ar_content.files import hold_upload, release
from app.ar_content.models import ArContent, Target, Video
from app.ar_content.schemas import ContentStatus, TargetStatus
from app.ar_content.targets import Picture
from app.ar_content.video_copies import copy_videos
from app.companies.roles import PUBLISH, WRITE_CONTENTS
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.errors import Invalid, NotFound
from app.core.etags import ANY_VERSION, Seen
from app.projects import service as projects
from app.storage import queries as storage
from app.subscriptions import service as subscriptions

LONGEST_TITLE = 200


async def create_content(
    session: AsyncSession,
    actor: Actor,
    *,
    project_id: UUID,
    title: str,
    image_upload_id: UUID,
    video_upload_id: UUID | None,
    import_key: str | None = None,
) -> ArContent:
    """A new draft whose target is compiled after the commit.

    Raises `NotFound` for project or uploads, `ProjectArchived`, what the subscription refuses, and
    `ImportedAlready` when a content with the import key exists.
    """
    actor.require(WRITE_CONTENTS)
    await subscriptions.check(session, actor, "contents")
    # The lock keeps the project from being deleted as empty meanwhile.
    project = await projects.open_project(session, actor, project_id)
    image = await hold_upload(session, actor, image_upload_id, purpose="image")
    content = ArContent(
        company_id=project.company_id, project_id=project.id, title=title, import_key=import_key
    )
    Picture.uploaded(image).put_on(content)
    if not await queries.insert_content(session, content):
        raise ImportedAlready("A content with this key exists.")
    await targets.order_target(session, content, Picture.uploaded(image), version=1)
    events.record(
        session, "content.created", actor=actor, subject_id=content.id, data={"title": title}
    )
    if video_upload_id is not None:
        await videos.add_to(session, actor, content, upload_id=video_upload_id, name=None)
    return content


async def duplicate_content(
    session: AsyncSession,
    actor: Actor,
    content_id: UUID,
    *,
    title: str | None = None,
    project_id: UUID | None = None,
) -> ArContent:
    """A draft with the same image, target and videos under a new code; the files are shared."""
    actor.require(WRITE_CONTENTS)
    await subscriptions.check(session, actor, "contents")
    original = await queries.content_of(session, actor, content_id)
    project = await projects.open_project(session, actor, project_id or original.project_id)
    original = await queries.lock_content(session, actor, content_id)
    if not await storage.hold_files(
        session, original.company_id, await queries.keys_of(session, original)
    ):
        raise NotFound("A file of this content is gone, so there is nothing to copy.")
    copy = ArContent(
        company_id=original.company_id,
        project_id=project.id,
        title=title or f"{original.title[: LONGEST_TITLE - 7]} (copy)",
    )
    Picture.of(original).put_on(copy)
    session.add(copy)
    await session.flush()
    await targets.copy_target(session, await queries.target_in_use(session, original), copy)
    await copy_videos(session, original, copy)
    await copy_along(session, original, copy)
    events.record(
        session,
        "content.duplicated",
        actor=actor,
        subject_id=copy.id,
        data={"title": copy.title, "from": str(original.id)},
    )
    return copy


async def update_content(
    session: AsyncSession,
    actor: Actor,
    content_id: UUID,
    *,
    changes: dict[str, Any],
    seen: Seen = ANY_VERSION,
) -> ArContent:
    """The content with the changes applied. Raises `Invalid` for a video that is not its own."""
    actor.require(WRITE_CONTENTS)
    if "project_id" in changes:  # before the content: whoever adds to a project locks it first
        await projects.open_project(session, actor, changes["project_id"])
    content = await queries.open_content(session, actor, content_id, seen)
    default = changes.get("default_video_id")
    if default is not None:
        own = {video.id for video in await queries.videos_of(session, content)}
        if default not in own:
            raise Invalid("This content has no such video.", pointer="#/default_video_id")
    changed = events.changes_of(content, changes)
    for field, value in changes.items():
        setattr(content, field, value)
    await session.flush()
    events.record(session, "content.updated", actor=actor, subject_id=content.id, changes=changed)
    return content


async def delete_content(
    session: AsyncSession, actor: Actor, content_id: UUID, *, seen: Seen = ANY_VERSION
) -> None:
    """Remove the content. Its files stay until the sweep, unless something else uses them."""
    actor.require(WRITE_CONTENTS)
    content = await queries.lock_content(session, actor, content_id)
    seen.require(content)
    keys = await queries.keys_of(session, content)
    await queries.delete_content(session, content)
    await release(session, content.company_id, keys)
    events.record(
        session,
        "content.deleted",
        actor=actor,
        subject_id=content.id,
        data={"title": content.title, "public_id": str(content.public_id)},
    )


async def publish_content(
    session: AsyncSession, actor: Actor, content_id: UUID, *, seen: Seen = ANY_VERSION
) -> ArContent:
    """Open the printed code. Raises `TargetNotReady`, `NoVideo` or
    `VideoNotReady`; twice is the same as once."""
    actor.require(PUBLISH)
    content = await queries.open_content(session, actor, content_id, seen)
    await _refuse_after_end(session, content)
    if content.status == ContentStatus.PUBLISHED:
        return content
    target = await queries.target_in_use(session, content)
    if target.status != TargetStatus.READY:
        raise TargetNotReady(_why_not_ready(target))
    _refuse_without_video(await queries.videos_of(session, content))
    return await _set_status(session, actor, content, ContentStatus.PUBLISHED, "content.published")


def _refuse_without_video(videos: list[Video]) -> None:
    """Raises `NoVideo` or `VideoNotReady` while nothing could play."""
    if not videos:
        raise NoVideo("Add a video first: there is nothing to play on the print yet.")
    if any(video.key for video in videos):
        return
    failed = next((video for video in videos if video.failure_detail), None)
    if failed is not None:
        raise VideoNotReady(f"The video could not be made ready: {failed.failure_detail}")
    raise VideoNotReady("The video is still being made ready. Publish when that is done.")


async def _refuse_after_end(session: AsyncSession, content: ArContent) -> None:
    """Raises `EndPassed` for a content nobody could open."""
    end = await queries.end_of(session, content)
    if end is not None and end <= utcnow():
        raise EndPassed("Its end has passed, or its project's. Move that first, then publish.")


def _why_not_ready(target: Target) -> str:
    if target.status == TargetStatus.FAILED:
        return (
            f"No target could be made: {target.failure_detail} Use another picture, or try again."
        )
    return "The target is still being made. It takes a few seconds; then publish."


async def unpublish_content(
    session: AsyncSession, actor: Actor, content_id: UUID, *, seen: Seen = ANY_VERSION
) -> ArContent:
    """Close the printed code; twice is the same as once."""
    actor.require(PUBLISH)
    content = await queries.lock_content(session, actor, content_id)
    seen.require(content)
    if content.status != ContentStatus.PUBLISHED:
        return content
    return await _set_status(session, actor, content, ContentStatus.DRAFT, "content.unpublished")


async def _set_status(
    session: AsyncSession, actor: Actor, content: ArContent, status: ContentStatus, name: str
) -> ArContent:
    changed = events.changes_of(content, {"status": status.value})
    content.status = status.value
    content.published_at = utcnow() if status is ContentStatus.PUBLISHED else None
    await session.flush()
    events.record(session, name, actor=actor, subject_id=content.id, changes=changed)
    return content


async def archive_content(
    session: AsyncSession, actor: Actor, content_id: UUID, *, seen: Seen = ANY_VERSION
) -> ArContent:
    """Put the content out of the way. A published one is closed, which takes the right to publish."""
    actor.require(WRITE_CONTENTS)
    content = await queries.lock_content(session, actor, content_id)
    seen.require(content)
    if content.archived_at is not None:
        return content
    if content.status == ContentStatus.PUBLISHED:
        actor.require(PUBLISH)
        await _set_status(session, actor, content, ContentStatus.DRAFT, "content.unpublished")
    content.archived_at = utcnow()
    return await _record_archiving(session, actor, content, "content.archived")


async def restore_content(
    session: AsyncSession, actor: Actor, content_id: UUID, *, seen: Seen = ANY_VERSION
) -> ArContent:
    """Take the content out of the archive, as a draft; twice is the same as once."""
    actor.require(WRITE_CONTENTS)
    content = await queries.lock_content(session, actor, content_id)
    seen.require(content)
    if content.archived_at is None:
        return content
    content.archived_at = None
    return await _record_archiving(session, actor, content, "content.restored")


async def _record_archiving(
    session: AsyncSession, actor: Actor, content: ArContent, name: str
) -> ArContent:
    archived = content.archived_at is not None
    await session.flush()
    changes = {"archived": [not archived, archived]}
    events.record(session, name, actor=actor, subject_id=content.id, changes=changes)
    return content
