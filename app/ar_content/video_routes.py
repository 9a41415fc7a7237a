"""The videos of a content."""

from uuid import UUID

from fastapi import APIRouter, status

from app.ar_content import queries, schemas, videos
from app.ar_content.presenter import PresenterDep
from app.auth.dependencies import CompanyActor
from app.core.database import SessionDep
from app.core.etags import SeenDep, TaggingDep
from app.core.openapi import problems
from app.core.pagination import PageRequestDep

router = APIRouter(prefix="/companies/{company_id}/contents/{content_id}/videos", tags=["videos"])


@router.get("", responses=problems(401, 403, 404))
async def list_videos(
    content_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    params: PageRequestDep,
) -> schemas.VideoPage:
    """The content's videos in the order they are shown."""
    found, next_cursor = await queries.list_videos(session, actor, content_id, params)
    return schemas.VideoPage(items=[present.video(v) for v in found], next_cursor=next_cursor)


@router.post(
    "", status_code=status.HTTP_201_CREATED, responses=problems(401, 403, 404, 409, 412, 422)
)
async def add_video(
    content_id: UUID,
    body: schemas.VideoCreate,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    seen: SeenDep,
) -> schemas.Video:
    """Add a video from an upload; the first one becomes the one that plays."""
    video = await videos.add_video(
        session, actor, content_id, upload_id=body.upload_id, name=body.name, seen=seen
    )
    return present.video(video)


@router.put("/order", responses=problems(401, 403, 404, 409, 412, 422))
async def reorder_videos(
    content_id: UUID,
    body: schemas.VideoOrder,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    tagging: TaggingDep,
    seen: SeenDep,
) -> schemas.ArContent:
    """Put the videos into another order; each is named once."""
    content = await videos.reorder_videos(
        session, actor, content_id, video_ids=body.video_ids, seen=seen
    )
    return tagging.tag(present(await queries.get_content(session, actor, content_id)), content)


@router.patch("/{video_id}", responses=problems(401, 403, 404, 409, 412, 422))
async def update_video(
    content_id: UUID,
    video_id: UUID,
    body: schemas.VideoUpdate,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    seen: SeenDep,
) -> schemas.Video:
    """Rename a video, or play another file under the same id."""
    video = await videos.update_video(
        session,
        actor,
        content_id,
        video_id,
        name=body.name,
        upload_id=body.upload_id,
        seen=seen,
    )
    return present.video(video)


@router.delete(
    "/{video_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404, 409, 412),
)
async def delete_video(
    content_id: UUID, video_id: UUID, actor: CompanyActor, session: SessionDep, seen: SeenDep
) -> None:
    """Remove a video; the last one of a published content stays (409 `last_video`)."""
    await videos.delete_video(session, actor, content_id, video_id, seen=seen)
