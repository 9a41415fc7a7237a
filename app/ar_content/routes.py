"""AR contents: an image, its target, its videos, and its printed code."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response, status
from pydantic import AwareDatetime

from app.ar_content import bulk, qr, queries, schemas, service
from app.ar_content.filters import ContentFilter
from app.ar_content.presenter import PresenterDep
from app.auth.dependencies import CompanyActor
from app.core.database import SessionDep
from app.core.etags import SeenDep, TaggingDep
from app.core.filters import DatesDep
from app.core.openapi import problems
from app.core.pagination import PageRequest, sorted_by

router = APIRouter(prefix="/companies/{company_id}", tags=["contents"])

SortedPage = Annotated[PageRequest, Depends(sorted_by(*queries.SORTS))]


async def _wanted(
    dates: DatesDep,
    status: Annotated[schemas.ContentStatus | None, Query(description="Who can see it")] = None,
    target_status: Annotated[
        schemas.TargetStatus | None, Query(description="How far its newest target is")
    ] = None,
    archived: Annotated[bool, Query(description="Those in the archive, not the others")] = False,
    has_video: Annotated[bool | None, Query(description="With, or without, a video")] = None,
    score_below: Annotated[
        float | None, Query(ge=0, le=100, description="Whose newest target scored less")
    ] = None,
    ends_before: Annotated[
        AwareDatetime | None, Query(description="Whose end, or whose project's, is before then")
    ] = None,
) -> ContentFilter:
    return ContentFilter(
        status=status,
        target_status=target_status,
        archived=archived,
        has_video=has_video,
        score_below=score_below,
        ends_before=ends_before,
        dates=dates,
    )


Wanted = Annotated[ContentFilter, Depends(_wanted)]


@router.get("/contents", responses=problems(401, 403, 404))
async def list_company_contents(
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    params: SortedPage,
    wanted: Wanted,
    project_id: Annotated[UUID | None, Query(description="Only this project's")] = None,
) -> schemas.ArContentPage:
    """The company's contents of all projects, newest first unless asked otherwise."""
    wanted = wanted.inside(project_id)
    contents, next_cursor = await queries.list_contents(session, actor, wanted, params)
    items = [present(found) for found in contents]
    return schemas.ArContentPage(items=items, next_cursor=next_cursor)


@router.get("/projects/{project_id}/contents", responses=problems(401, 403, 404))
async def list_contents(
    project_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    params: SortedPage,
    wanted: Wanted,
) -> schemas.ArContentPage:
    """The project's contents, newest first unless asked otherwise."""
    wanted = wanted.inside(project_id)
    contents, next_cursor = await queries.list_contents(session, actor, wanted, params)
    items = [present(found) for found in contents]
    return schemas.ArContentPage(items=items, next_cursor=next_cursor)


@router.post(
    "/projects/{project_id}/contents",
    status_code=status.HTTP_201_CREATED,
    responses=problems(401, 403, 404, 409, 422),
)
async def create_content(
    project_id: UUID,
    body: schemas.ArContentCreate,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    tagging: TaggingDep,
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
    return tagging.tag(present(await queries.get_content(session, actor, content.id)), content)


@router.post("/contents/bulk", responses=problems(401, 403, 404, 409))
async def change_contents(
    body: schemas.BulkRequest, actor: CompanyActor, session: SessionDep
) -> schemas.BulkAnswer:
    """Do one thing with up to 200 contents; each answers for itself, and one that can not stops none."""
    results = await bulk.act_on_contents(
        session, actor, action=body.action, ids=body.ids, project_id=body.project_id
    )
    succeeded = sum(result.succeeded for result in results)
    return schemas.BulkAnswer(succeeded=succeeded, failed=len(results) - succeeded, results=results)


@router.get("/contents/{content_id}", responses=problems(401, 403, 404))
async def get_content(
    content_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    tagging: TaggingDep,
) -> schemas.ArContent:
    """One content with its target's progress and its videos."""
    found = await queries.get_content(session, actor, content_id)
    return tagging.tag(present(found), found.content)


@router.patch("/contents/{content_id}", responses=problems(401, 403, 404, 409, 412, 422))
async def update_content(
    content_id: UUID,
    body: schemas.ArContentUpdate,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    tagging: TaggingDep,
    seen: SeenDep,
) -> schemas.ArContent:
    """Change the title, the project, the video that plays or the end."""
    changes = body.model_dump(exclude_unset=True)
    changes = {k: v for k, v in changes.items() if v is not None or k in schemas.MAY_BE_TAKEN_AWAY}
    content = await service.update_content(session, actor, content_id, changes=changes, seen=seen)
    return tagging.tag(present(await queries.get_content(session, actor, content_id)), content)


@router.delete(
    "/contents/{content_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404, 412),
)
async def delete_content(
    content_id: UUID, actor: CompanyActor, session: SessionDep, seen: SeenDep
) -> None:
    """Remove a content for good; its printed code then leads to a page that says so."""
    await service.delete_content(session, actor, content_id, seen=seen)


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
