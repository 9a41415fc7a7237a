"""Contents of a company with their newest target, its job and their videos."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from app.ar_content.models import ArContent, Target, Video
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.jobs import Job
from app.core.pagination import PageRequest, fetch_page
from app.projects import queries as projects


@dataclass(frozen=True, slots=True)
class Found:
    """A content with everything shown of it; `job` tells the progress while the target is made."""

    content: ArContent
    target: Target
    job: Job | None
    videos: list[Video] = field(default_factory=list)


async def list_contents(
    session: AsyncSession, actor: Actor, project_id: UUID, request: PageRequest
) -> tuple[list[Found], str | None]:
    """One page of the project's contents, newest first, and the next page's cursor."""
    await projects.get_project(session, actor, project_id)
    statement = select(ArContent).where(
        ArContent.company_id == actor.company_id, ArContent.project_id == project_id
    )
    if request.q:
        statement = statement.where(ArContent.title.icontains(request.q, autoescape=True))
    contents, cursor = await fetch_page(session, statement, key=(ArContent.id,), request=request)
    return await _complete(session, actor.company_id, contents), cursor


async def get_content(session: AsyncSession, actor: Actor, content_id: UUID) -> Found:
    """The content with its target and videos. Raises `NotFound`, for another company's too."""
    content = await session.scalar(_one(actor, content_id))
    if content is None:
        raise _unknown()
    return (await _complete(session, content.company_id, [content]))[0]


async def lock_content(session: AsyncSession, actor: Actor, content_id: UUID) -> ArContent:
    """The content, locked until the transaction ends: changes to it follow one another."""
    content = await session.scalar(_one(actor, content_id).with_for_update())
    if content is None:
        raise _unknown()
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
    targets = await _newest_targets(session, company_id, ids)
    videos = await session.scalars(
        select(Video)
        .where(Video.company_id == company_id, Video.content_id.in_(ids))
        .order_by(Video.position, Video.id)
    )
    found = {content.id: Found(content, *targets[content.id]) for content in contents}
    for video in videos:
        found[video.content_id].videos.append(video)
    return list(found.values())


async def _newest_targets(
    session: AsyncSession, company_id: UUID | None, content_ids: Collection[UUID]
) -> dict[UUID, tuple[Target, Job | None]]:
    rows = await session.execute(
        select(Target, Job)
        .outerjoin(Job, Job.id == Target.job_id)
        .where(Target.company_id == company_id, Target.content_id.in_(content_ids))
        .ext(distinct_on(Target.content_id))
        .order_by(Target.content_id, Target.version.desc())
    )
    return {target.content_id: (target, job) for target, job in rows}


async def newest_target(session: AsyncSession, content: ArContent) -> Target:
    targets = await _newest_targets(session, content.company_id, [content.id])
    return targets[content.id][0]


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


async def next_position(session: AsyncSession, content: ArContent) -> int:
    highest = await session.scalar(
        select(func.max(Video.position)).where(
            Video.company_id == content.company_id, Video.content_id == content.id
        )
    )
    return 0 if highest is None else highest + 1


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
    targets = await session.scalars(
        select(Target.key).where(
            Target.company_id == content.company_id, Target.content_id == content.id
        )
    )
    return keys | {key for key in targets if key}


def video_keys(video: Video) -> set[str]:
    return {key for key in (video.key, video.poster_key) if key}


async def unused_keys(session: AsyncSession, company_id: UUID, keys: Collection[str]) -> set[str]:
    """Those of the keys that no content, target or video of the company uses any more."""
    used: set[str | None] = set()
    for column, owner in (
        (ArContent.image_key, ArContent.company_id),
        (ArContent.image_thumbnail_key, ArContent.company_id),
        (Target.key, Target.company_id),
        (Video.key, Video.company_id),
        (Video.poster_key, Video.company_id),
    ):
        used.update(
            await session.scalars(select(column).where(owner == company_id, column.in_(keys)))
        )
    return {key for key in keys if key not in used}
