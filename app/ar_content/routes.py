"""AR contents: an image, its target, its videos, and its printed code."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from app.ar_content import qr, queries, schemas, service
from app.ar_content.presenter import PresenterDep
from app.auth.dependencies import CompanyActor
from app.core.database import SessionDep
from app.core.openapi import problems
from app.core.pagination import PageRequestDep

router = APIRouter(prefix="/companies/{company_id}", tags=["contents"])


@router.get("/projects/{project_id}/contents", responses=problems(401, 403, 404))
async def list_contents(
    project_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    params: PageRequestDep,
) -> schemas.ArContentPage:
    """The project's contents, newest first."""
    contents, next_cursor = await queries.list_contents(session, actor, project_id, params)
    items = [present(found) for found in contents]
    return schemas.ArContentPage(items=items, next_cursor=next_cursor)


@router.post(
    "/projects/{project_id}/contents",
    status_code=status.HTTP_201_CREATED,
    responses=problems(401, 403, 404, 422),
)
async def create_content(
    project_id: UUID,
    body: schemas.ArContentCreate,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
) -> schemas.ArContent:
    """Make a content from uploads; its target is compiled in the background."""
    content = await service.create_content(
        session,
        actor,
        project_id=project_id,
        title=body.title,
        image_upload_id=body.image_upload_id,
        video_upload_id=body.video_upload_id,
    )
    return present(await queries.get_content(session, actor, content.id))


@router.get("/contents/{content_id}", responses=problems(401, 403, 404))
async def get_content(
    content_id: UUID, actor: CompanyActor, session: SessionDep, present: PresenterDep
) -> schemas.ArContent:
    """One content with its target's progress and its videos."""
    return present(await queries.get_content(session, actor, content_id))


@router.patch("/contents/{content_id}", responses=problems(401, 403, 404, 422))
async def update_content(
    content_id: UUID,
    body: schemas.ArContentUpdate,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
) -> schemas.ArContent:
    """Change the title or the video that plays."""
    changes = body.model_dump(exclude_unset=True, exclude_none=True)
    await service.update_content(session, actor, content_id, changes=changes)
    return present(await queries.get_content(session, actor, content_id))


@router.delete(
    "/contents/{content_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404),
)
async def delete_content(content_id: UUID, actor: CompanyActor, session: SessionDep) -> None:
    """Remove a content; its printed code then leads to a page that says so."""
    await service.delete_content(session, actor, content_id)


@router.post(
    "/contents/{content_id}/videos",
    status_code=status.HTTP_201_CREATED,
    responses=problems(401, 403, 404, 422),
)
async def add_video(
    content_id: UUID,
    body: schemas.VideoCreate,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
) -> schemas.Video:
    """Add a video from an upload; the first one becomes the one that plays."""
    video = await service.add_video(
        session, actor, content_id, upload_id=body.upload_id, name=body.name
    )
    return present.video(video)


@router.delete(
    "/contents/{content_id}/videos/{video_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404, 409),
)
async def delete_video(
    content_id: UUID, video_id: UUID, actor: CompanyActor, session: SessionDep
) -> None:
    """Remove a video; the last one of a published content stays (409 `last_video`)."""
    await service.delete_video(session, actor, content_id, video_id)


@router.post("/contents/{content_id}/publish", responses=problems(401, 403, 404, 409))
async def publish_content(
    content_id: UUID, actor: CompanyActor, session: SessionDep, present: PresenterDep
) -> schemas.ArContent:
    """Open the printed code to everybody; 409 `target_not_ready` or `no_video` if it can not be."""
    await service.publish_content(session, actor, content_id)
    return present(await queries.get_content(session, actor, content_id))


@router.post("/contents/{content_id}/unpublish", responses=problems(401, 403, 404))
async def unpublish_content(
    content_id: UUID, actor: CompanyActor, session: SessionDep, present: PresenterDep
) -> schemas.ArContent:
    """Close the printed code again."""
    await service.unpublish_content(session, actor, content_id)
    return present(await queries.get_content(session, actor, content_id))


@router.post(
    "/contents/{content_id}/target/retry",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(401, 403, 404, 409),
)
async def retry_target(
    content_id: UUID, actor: CompanyActor, session: SessionDep, present: PresenterDep
) -> schemas.ArContent:
    """Compile the target again after a failure; 409 `target_not_failed` otherwise."""
    await service.retry_target(session, actor, content_id)
    return present(await queries.get_content(session, actor, content_id))


class QrFormat(StrEnum):
    """File types of the printed code."""

    SVG = "svg"
    PNG = "png"
    PDF = "pdf"


@router.get(
    "/contents/{content_id}/qr.{file_format}",
    response_class=Response,
    responses={
        200: {
            "description": "The code as a file to download.",
            "content": {"image/svg+xml": {}, "image/png": {}, "application/pdf": {}},
        },
        **problems(401, 403, 404, 422),
    },
)
async def download_qr(
    content_id: UUID,
    file_format: QrFormat,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    size_mm: Annotated[float, Query(ge=10, le=1000, description="Side with its quiet zone.")] = 30,
    bleed_mm: Annotated[float, Query(ge=0, le=20, description="White beyond the cut; PDF.")] = 3,
) -> Response:
    """The code to print, leading to the content's public link."""
    found = await queries.get_content(session, actor, content_id)
    code = qr.draw(
        present.public_url(found.content),
        file_format=file_format.value,
        size_mm=size_mm,
        bleed_mm=bleed_mm,
    )
    return Response(
        code.data,
        media_type=code.media_type,
        headers={"Content-Disposition": qr.disposition(found.content.title, file_format.value)},
    )
