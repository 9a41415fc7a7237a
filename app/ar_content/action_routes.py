"""What is done with one content: publishing, the archive, a copy, another image under the same code."""

from uuid import UUID

from fastapi import APIRouter, status

from app.ar_content import queries, schemas, service, targets
from app.ar_content.presenter import PresenterDep
from app.auth.dependencies import CompanyActor
from app.core.database import SessionDep
from app.core.etags import SeenDep, TaggingDep
from app.core.openapi import problems
from app.core.pagination import PageRequestDep

router = APIRouter(prefix="/companies/{company_id}/contents/{content_id}", tags=["contents"])


@router.post("/publish", responses=problems(401, 403, 404, 409, 412))
async def publish_content(
    content_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    tagging: TaggingDep,
    seen: SeenDep,
) -> schemas.ArContent:
    """Open the printed code to everybody; 409 `target_not_ready` or `no_video` if it can not be."""
    content = await service.publish_content(session, actor, content_id, seen=seen)
    return tagging.tag(present(await queries.get_content(session, actor, content_id)), content)


@router.post("/unpublish", responses=problems(401, 403, 404, 412))
async def unpublish_content(
    content_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    tagging: TaggingDep,
    seen: SeenDep,
) -> schemas.ArContent:
    """Close the printed code again."""
    content = await service.unpublish_content(session, actor, content_id, seen=seen)
    return tagging.tag(present(await queries.get_content(session, actor, content_id)), content)


@router.post("/archive", responses=problems(401, 403, 404, 412))
async def archive_content(
    content_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    tagging: TaggingDep,
    seen: SeenDep,
) -> schemas.ArContent:
    """Put a content out of the way; a published one is closed with it."""
    content = await service.archive_content(session, actor, content_id, seen=seen)
    return tagging.tag(present(await queries.get_content(session, actor, content_id)), content)


@router.post("/restore", responses=problems(401, 403, 404, 412))
async def restore_content(
    content_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    tagging: TaggingDep,
    seen: SeenDep,
) -> schemas.ArContent:
    """Take a content out of the archive, as a draft."""
    content = await service.restore_content(session, actor, content_id, seen=seen)
    return tagging.tag(present(await queries.get_content(session, actor, content_id)), content)


@router.post(
    "/duplicate", status_code=status.HTTP_201_CREATED, responses=problems(401, 403, 404, 409)
)
async def duplicate_content(
    content_id: UUID,
    body: schemas.ArContentDuplicate,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    tagging: TaggingDep,
) -> schemas.ArContent:
    """A draft with the same image, target and videos, and a code of its own."""
    copy = await service.duplicate_content(
        session, actor, content_id, title=body.title, project_id=body.project_id
    )
    return tagging.tag(present(await queries.get_content(session, actor, copy.id)), copy)


@router.post(
    "/image",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(401, 403, 404, 409, 412),
)
async def replace_image(
    content_id: UUID,
    body: schemas.ImageReplace,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    tagging: TaggingDep,
    seen: SeenDep,
) -> schemas.ArContent:
    """Recognise another image under the same code; the old one is, until the new target is ready."""
    content = await targets.replace_image(
        session, actor, content_id, upload_id=body.upload_id, seen=seen
    )
    return tagging.tag(present(await queries.get_content(session, actor, content_id)), content)


@router.get("/targets", responses=problems(401, 403, 404))
async def list_targets(
    content_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    params: PageRequestDep,
) -> schemas.TargetVersionPage:
    """Every target the content has had, the newest version first."""
    content = await queries.content_of(session, actor, content_id)
    in_use = await queries.target_in_use(session, content)
    found, next_cursor = await queries.list_targets(session, actor, content_id, params)
    items = [present.version(target, job, in_use=in_use) for target, job in found]
    return schemas.TargetVersionPage(items=items, next_cursor=next_cursor)


@router.post(
    "/target/retry",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(401, 403, 404, 409),
)
async def retry_target(
    content_id: UUID, actor: CompanyActor, session: SessionDep, present: PresenterDep
) -> schemas.ArContent:
    """Compile the newest target again after a failure; 409 `target_not_failed` otherwise."""
    await targets.retry_target(session, actor, content_id)
    return present(await queries.get_content(session, actor, content_id))
