"""Files coming in: one raw body each, streamed to disk in constant memory."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, status
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.dependencies import CompanyActor
from app.core.bodies import body_chunks, declared_size
from app.core.database import SessionDep
from app.core.filters import DatesDep
from app.core.idempotent_routes import AttemptDep
from app.core.openapi import problems
from app.core.pagination import PageRequestDep
from app.uploads import queries, schemas, service
from app.uploads.models import Upload

router = APIRouter(prefix="/companies/{company_id}/uploads", tags=["uploads"])

_RAW_BODY = {
    "requestBody": {
        "required": True,
        "description": "The file itself, not a form.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=problems(401, 403, 404, 413, 415, 422, 503),
    openapi_extra=_RAW_BODY,
)
async def create_upload(
    request: Request,
    actor: CompanyActor,
    attempt: AttemptDep,
    purpose: Annotated[schemas.Purpose, Query(description="What the file is meant for.")],
    filename: Annotated[
        str, Query(min_length=1, max_length=255, description="The file's name on your device.")
    ],
) -> schemas.Upload:
    """Receive a file, check it by its content, and keep it until it is used."""
    await attempt.replay()

    async def keep_answer(session: AsyncSession, upload: Upload) -> None:
        shown = schemas.Upload.model_validate(upload)
        await attempt.keep(session, shown, status=status.HTTP_201_CREATED)

    upload = await service.receive_upload(
        actor,
        purpose=purpose,
        filename=filename,
        declared_size=declared_size(request),
        chunks=body_chunks(request),
        in_same_transaction=keep_answer,
    )
    return schemas.Upload.model_validate(upload)


@router.get("", responses=problems(401, 403, 404))
async def list_uploads(
    actor: CompanyActor,
    session: SessionDep,
    params: PageRequestDep,
    dates: DatesDep,
    purpose: Annotated[schemas.Purpose | None, Query(description="Images or videos only")] = None,
) -> schemas.UploadPage:
    """The company's uploads, newest first."""
    found, next_cursor = await queries.list_uploads(
        session, actor, params, purpose=purpose, dates=dates
    )
    items = [schemas.Upload.model_validate(upload) for upload in found]
    return schemas.UploadPage(items=items, next_cursor=next_cursor)


@router.get("/{upload_id}", responses=problems(401, 403, 404))
async def get_upload(upload_id: UUID, actor: CompanyActor, session: SessionDep) -> schemas.Upload:
    """One upload."""
    return schemas.Upload.model_validate(await queries.find_upload(session, actor, upload_id))
