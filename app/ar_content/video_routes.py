"""The videos of a content."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from app.ar_content import chroma, queries, schemas, videos
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


@router.post(
    "/{video_id}/retry",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(401, 403, 404, 409),
)
async def retry_video(
    content_id: UUID,
    video_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
) -> schemas.Video:
    """Make a video ready again after a failure; 409 `video_not_failed` otherwise."""
    return present.video(await chroma.retry_video(session, actor, content_id, video_id))


@router.post(
    "/{video_id}/chroma-key",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def set_chroma_key(
    content_id: UUID,
    video_id: UUID,
    body: schemas.ChromaKey,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    seen: SeenDep,
) -> schemas.Video:
    """Make a colour of the video transparent; it plays as it is until that is done."""
    video = await chroma.set_chroma_key(session, actor, content_id, video_id, key=body, seen=seen)
    return present.video(video)


@router.delete(
    "/{video_id}/chroma-key",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(401, 403, 404, 409, 412),
)
async def remove_chroma_key(
    content_id: UUID,
    video_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    seen: SeenDep,
) -> schemas.Video:
    """Show the video as it was sent again; 409 `video_not_keyed` when no colour is keyed out."""
    video = await chroma.remove_chroma_key(session, actor, content_id, video_id, seen=seen)
    return present.video(video)


@router.get(
    "/{video_id}/chroma-key/preview",
    response_class=Response,
    responses={
        200: {"description": "A WebP, transparent where keyed.", "content": {"image/webp": {}}},
        **problems(401, 403, 404, 409, 422, 503),
    },
)
async def preview_chroma_key(
    content_id: UUID,
    video_id: UUID,
    actor: CompanyActor,
    at_seconds: Annotated[float, Query(ge=0, le=86400, description="Which frame")] = 0.5,
    color: Annotated[
        str | None, Query(pattern="^[0-9A-Fa-f]{6}$", description="`00B140`; without it as it is")
    ] = None,
    tolerance: Annotated[float, Query(ge=0.01, le=1)] = 0.25,
    softness: Annotated[float, Query(ge=0, le=1)] = 0.1,
    despill: Annotated[float, Query(ge=0, le=1)] = 0.5,
) -> Response:
    """One frame with the colour keyed out, to try a key before the whole video is made."""
    key = None
    if color is not None:
        key = schemas.ChromaKey(
            color=f"#{color}", tolerance=tolerance, softness=softness, despill=despill
        )
    picture = await chroma.preview(actor, content_id, video_id, at_seconds=at_seconds, key=key)
    return Response(picture, media_type="image/webp")
