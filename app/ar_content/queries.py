"""Contents of a company with their newest target, its job and their videos."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.ar_content import expiry, expiry_queries
from app.ar_content.errors import ContentArchived
from app.ar_content.filters import ContentFilter
from app.ar_content.models import ArContent, Target, Video
from app.ar_content.schemas import TargetStatus
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.etags import Seen
from app.core.filters import is_set, within
from app.core.jobs import Job
from app.core.pagination import KeyColumn, PageRequest, fetch_page
from app.projects import queries as projects
from app.projects.models import Project

TargetAndJob = tuple[Target, Job | None]


@dataclass(frozen=True, slots=True)
class Found:
    """A content with everything shown of it; `job` tells the progress while the target is made.

    `replacement` is a newer target that is not ready: being made, or failed.
    """

    content: ArContent
    target: Target
    job: Job | None
    replacement: TargetAndJob | None = None
    videos: list[Video] = field(default_factory=list)
    project_expires_at: datetime | None = None

    @property
    def ends_at(self) -> datetime | None:
        """When its printed code stops to open, as things stand."""
        return expiry.earlier(self.content.expires_at, self.project_expires_at)


SORTS: Final[Mapping[str, KeyColumn]] = {
    "created_at": ArContent.created_at,
    "updated_at": ArContent.updated_at,
    "title": func.lower(ArContent.title),
    "status": ArContent.status,
}


async def list_contents(
    session: AsyncSession, actor: Actor, wanted: ContentFilter, request: PageRequest
) -> tuple[list[Found], str | None]:
    """One page of contents, newest first unless asked otherwise, and the next page's cursor.

    Raises `NotFound` for a project that is not the company's.
    """
    if wanted.project_id is not None:
        await projects.get_project(session, actor, wanted.project_id)
    statement = _matching(actor, wanted, request.q)
    contents, cursor = await fetch_page(
        session, statement, key=(ArContent.id,), request=request, sorts=SORTS
    )
    return await _complete(session, actor.company_id, contents), cursor


def _matching(actor: Actor, wanted: ContentFilter, words: str | None) -> Select[ArContent]:
    statement = select(ArContent).where(
        ArContent.company_id == actor.company_id,
        *is_set(ArContent.archived_at, wanted=wanted.archived),
        *is_set(ArContent.default_video_id, wanted=wanted.has_video),
        *within(wanted.dates, ArContent.created_at, ArContent.updated_at),
    )
    if wanted.project_id is not None:
        statement = statement.where(ArContent.project_id == wanted.project_id)
    if wanted.status is not None:
        statement = statement.where(expiry_queries.has_status(wanted.status, utcnow()))
    if wanted.ends_before is not None:
        statement = statement.where(expiry_queries.end_column() < wanted.ends_before)
    if words:
        statement = statement.where(
            func.lower(ArContent.title).contains(words.lower(), autoescape=True)
        )
    if wanted.target_status is not None:
        statement = statement.where(_newest_target_has(Target.status == wanted.target_status.value))
    if wanted.score_below is not None:
        statement = statement.where(_newest_target_has(Target.score < wanted.score_below))
    return statement


def _newest_target_has(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    newer = aliased(Target)
    superseded = exists().where(
        newer.content_id == Target.content_id, newer.version > Target.version
    )
    return exists().where(
        Target.company_id == ArContent.company_id,
        Target.content_id == ArContent.id,
        condition,
        ~superseded,
    )


async def content_of(session: AsyncSession, actor: Actor, content_id: UUID) -> ArContent:
    """The content alone. Raises `NotFound`, for another company's too."""
    content = await session.scalar(_one(actor, content_id))
    if content is None:
        raise _unknown()
    return content


async def get_content(session: AsyncSession, actor: Actor, content_id: UUID) -> Found:
    """The content with its target and videos. Raises `NotFound`, for another company's too."""
    content = await content_of(session, actor, content_id)
    return (await _complete(session, content.company_id, [content]))[0]


async def lock_content(session: AsyncSession, actor: Actor, content_id: UUID) -> ArContent:
    """The content, locked until the transaction ends: changes to it follow one another."""
    content = await session.scalar(_one(actor, content_id).with_for_update())
    if content is None:
        raise _unknown()
    return content


async def open_content(
    session: AsyncSession, actor: Actor, content_id: UUID, seen: Seen
) -> ArContent:
    """The content, locked to be changed. Raises `PreconditionFailed` and `ContentArchived` too."""
    content = await lock_content(session, actor, content_id)
    seen.require(content)
    if content.archived_at is not None:
        raise ContentArchived("It is in the archive. Restore it first.")
    return content


def _one(actor: Actor, content_id: UUID) -> Select[ArContent]:
    return select(ArContent).where(
        ArContent.company_id == actor.company_id, ArContent.id == content_id
    )


def _unknown() -> NotFound:
    return NotFound("There is no such content.")


async def find_public(session: AsyncSession, public_id: UUID) -> Found | None:
    """The content behind a printed code, whosever it is."""
    content = await session.scalar(select(ArContent).where(ArContent.public_id == public_id))
    if content is None:
        return None
    return (await _complete(session, content.company_id, [content]))[0]


async def _complete(
    session: AsyncSession, company_id: UUID | None, contents: Sequence[ArContent]
) -> list[Found]:
    ids = [content.id for content in contents]
    if not ids:
        return []
    newest = await _newest_targets(session, company_id, ids)
    in_use = newest | await _newest_targets(session, company_id, ids, only_ready=True)
    videos = await session.scalars(
        select(Video)
        .where(Video.company_id == company_id, Video.content_id.in_(ids))
        .order_by(Video.position, Video.id)
    )
    ends = await _project_ends(session, company_id, contents)
    found = {
        content.id: Found(
            content,
            *in_use[content.id],
            _replacement(in_use, newest, content.id),
            project_expires_at=ends.get(content.project_id),
        )
        for content in contents
    }
    for video in videos:
        found[video.content_id].videos.append(video)
    return list(found.values())


async def _project_ends(
    session: AsyncSession, company_id: UUID | None, contents: Sequence[ArContent]
) -> dict[UUID, datetime]:
    """The ends of those of the contents' projects that have one."""
    rows = await session.execute(
        select(Project.id, Project.expires_at).where(
            Project.company_id == company_id,
            Project.id.in_({content.project_id for content in contents}),
            Project.expires_at.is_not(None),
        )
    )
    return {project_id: end for project_id, end in rows if end is not None}


async def end_of(session: AsyncSession, content: ArContent) -> datetime | None:
    """When the content's printed code stops to open, as things stand."""
    ends = await _project_ends(session, content.company_id, [content])
    return expiry.earlier(content.expires_at, ends.get(content.project_id))


def _replacement(
    in_use: Mapping[UUID, TargetAndJob], newest: Mapping[UUID, TargetAndJob], content_id: UUID
) -> TargetAndJob | None:
    """The target that will be used next, or would have been had it not failed."""
    is_newer = newest[content_id][0].version > in_use[content_id][0].version
    return newest[content_id] if is_newer else None


async def _newest_targets(
    session: AsyncSession,
    company_id: UUID | None,
    content_ids: Collection[UUID],
    *,
    only_ready: bool = False,
) -> dict[UUID, TargetAndJob]:
    statement = (
        select(Target, Job)
        .outerjoin(Job, Job.id == Target.job_id)
        .where(Target.company_id == company_id, Target.content_id.in_(content_ids))
        .ext(distinct_on(Target.content_id))
        .order_by(Target.content_id, Target.version.desc())
    )
    if only_ready:
        statement = statement.where(Target.status == TargetStatus.READY)
    return {target.content_id: (target, job) for target, job in await session.execute(statement)}


async def newest_target(session: AsyncSession, content: ArContent) -> Target:
    targets = await _newest_targets(session, content.company_id, [content.id])
    return targets[content.id][0]


async def target_in_use(session: AsyncSession, content: ArContent) -> Target:
    """The newest target that is ready, or the newest of all while none is."""
    ready = await _newest_targets(session, content.company_id, [content.id], only_ready=True)
    return ready[content.id][0] if ready else await newest_target(session, content)


async def list_targets(
    session: AsyncSession, actor: Actor, content_id: UUID, request: PageRequest
) -> tuple[list[TargetAndJob], str | None]:
    """One page of the content's targets, newest version first. Raises `NotFound`."""
    content = await content_of(session, actor, content_id)
    statement = select(Target).where(
        Target.company_id == content.company_id, Target.content_id == content.id
    )
    targets, cursor = await fetch_page(session, statement, key=(Target.version,), request=request)
    jobs = await session.scalars(
        select(Job).where(
            Job.company_id == content.company_id,
            Job.id.in_([t.job_id for t in targets if t.job_id]),
        )
    )
    by_id = {job.id: job for job in jobs}
    return [
        (target, by_id.get(target.job_id) if target.job_id else None) for target in targets
    ], cursor


async def content_for_worker(session: AsyncSession, target_id: UUID) -> ArContent | None:
    """The content whose target a job names, locked: before the target, as everybody else does."""
    return await session.scalar(
        select(ArContent)
        .join(Target, Target.content_id == ArContent.id)
        .where(Target.id == target_id, Target.company_id == ArContent.company_id)
        .with_for_update(of=ArContent)
    )


async def target_for_worker(session: AsyncSession, target_id: UUID) -> Target | None:
    """The target a job names, locked. The id comes from our own job row, which names one company's."""
    return await session.scalar(select(Target).where(Target.id == target_id).with_for_update())


async def videos_of(session: AsyncSession, content: ArContent) -> list[Video]:
    """The content's videos in their order."""
    return list(
        await session.scalars(
            select(Video)
            .where(Video.company_id == content.company_id, Video.content_id == content.id)
            .order_by(Video.position, Video.id)
        )
    )


async def list_videos(
    session: AsyncSession, actor: Actor, content_id: UUID, request: PageRequest
) -> tuple[list[Video], str | None]:
    """One page of the content's videos in their order. Raises `NotFound`."""
    content = await content_of(session, actor, content_id)
    statement = select(Video).where(
        Video.company_id == content.company_id, Video.content_id == content.id
    )
    if request.q:
        statement = statement.where(
            func.lower(Video.name).contains(request.q.lower(), autoescape=True)
        )
    key = (Video.position, Video.id)
    return await fetch_page(session, statement, key=key, request=request, newest_first=False)


async def next_position(session: AsyncSession, content: ArContent) -> int:
    highest = await session.scalar(
        select(func.max(Video.position)).where(
            Video.company_id == content.company_id, Video.content_id == content.id
        )
    )
    return 0 if highest is None else highest + 1


async def import_keys_in(session: AsyncSession, actor: Actor, keys: Collection[str]) -> set[str]:
    """Those of the keys under which the company's contents were imported before."""
    found = await session.scalars(
        select(ArContent.import_key).where(
            ArContent.company_id == actor.company_id, ArContent.import_key.in_(keys)
        )
    )
    return {key for key in found if key is not None}


async def insert_content(session: AsyncSession, content: ArContent) -> bool:
    """Add the content. False when one with its import key exists; two imports at once are in order."""
    if content.import_key is None:
        session.add(content)
        await session.flush()
        return True
    known = exists().where(
        ArContent.company_id == content.company_id, ArContent.import_key == content.import_key
    )
    name = func.hashtextextended(f"import\n{content.company_id}\n{content.import_key}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(name)))
    if await session.scalar(select(known)):
        return False
    session.add(content)
    await session.flush()
    return True


async def delete_content(session: AsyncSession, content: ArContent) -> None:
    """Remove the content; its targets and videos go with it."""
    await session.execute(
        delete(ArContent).where(
            ArContent.company_id == content.company_id, ArContent.id == content.id
        )
    )


async def delete_video(session: AsyncSession, video: Video) -> None:
    await session.execute(
        delete(Video).where(Video.company_id == video.company_id, Video.id == video.id)
    )


async def keys_of(session: AsyncSession, content: ArContent) -> set[str]:
    """Every file the content uses."""
    keys = {content.image_key, content.image_thumbnail_key}
    for video in await videos_of(session, content):
        keys |= video_keys(video)
    targets = await session.execute(
        select(Target.key, Target.image_key, Target.image_thumbnail_key).where(
            Target.company_id == content.company_id, Target.content_id == content.id
        )
    )
    return keys | {key for row in targets for key in row if key}


def video_keys(video: Video) -> set[str]:
    """Every file the video uses, its source included."""
    own = {key for key in (video.key, video.poster_key, video.source_key) if key}
    return own | {rendition["key"] for rendition in video.renditions}


async def unused_keys(session: AsyncSession, company_id: UUID, keys: Collection[str]) -> set[str]:
    """Those of the keys that no content, target or video of the company uses any more."""
    used: set[str | None] = set()
    for column, owner in (
        (ArContent.image_key, ArContent.company_id),
        (ArContent.image_thumbnail_key, ArContent.company_id),
        (Target.key, Target.company_id),
        (Target.image_key, Target.company_id),
        (Target.image_thumbnail_key, Target.company_id),
        (Video.key, Video.company_id),
        (Video.poster_key, Video.company_id),
        (Video.source_key, Video.company_id),
    ):
        used.update(
            await session.scalars(select(column).where(owner == company_id, column.in_(keys)))
        )
    used |= await _keys_of_renditions(session, company_id, keys)
    return {key for key in keys if key not in used}


async def _keys_of_renditions(
    session: AsyncSession, company_id: UUID, keys: Collection[str]
) -> set[str]:
    """Those of the keys that are renditions; they lie in the `renditions` folder and are few."""
    found: set[str] = set()
    for key in keys:
        if "/renditions/" in key and await session.scalar(
            select(Video.id)
            .where(Video.company_id == company_id, Video.renditions.contains([{"key": key}]))
            .limit(1)
        ):
            found.add(key)
    return found


async def video_for_worker(session: AsyncSession, video_id: UUID) -> tuple[ArContent, Video] | None:
    """A video and its content, locked in the order everybody locks; None when it is gone."""
    content = await session.scalar(
        select(ArContent)
        .join(Video, Video.content_id == ArContent.id)
        .where(Video.id == video_id, Video.company_id == ArContent.company_id)
        .with_for_update(of=ArContent)
    )
    video = await session.scalar(select(Video).where(Video.id == video_id).with_for_update())
    return (content, video) if content is not None and video is not None else None


async def set_video_progress(
    session: AsyncSession, video_id: UUID, job_id: UUID, fraction: float
) -> None:
    """Note how far the job is, unless another job has taken the video over."""
    await session.execute(
        update(Video).where(Video.id == video_id, Video.job_id == job_id).values(progress=fraction)
    )


async def get_video(session: AsyncSession, actor: Actor, content_id: UUID, video_id: UUID) -> Video:
    """One video of the content. Raises `NotFound`, for another company's too."""
    content = await content_of(session, actor, content_id)
    video = await session.scalar(
        select(Video).where(
            Video.company_id == content.company_id,
            Video.content_id == content.id,
            Video.id == video_id,
        )
    )
    if video is None:
        raise NotFound("There is no such video.")
    return video
