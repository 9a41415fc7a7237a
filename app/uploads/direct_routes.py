"""Uploads straight into the company's object store: an address to PUT to, then a check of what lies there."""

from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from app.auth.dependencies import CompanyActor
from app.core.clock import utcnow
from app.core.database import SessionDep
from app.core.openapi import problems
from app.uploads import direct, schemas, sessions
from app.uploads.tus import Declared

router = APIRouter(prefix="/companies/{company_id}/uploads/direct", tags=["direct uploads"])


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses=problems(401, 403, 404, 409, 413, 422, 503),
)
async def begin_direct_upload(
    body: schemas.DirectUploadCreate, actor: CompanyActor
) -> schemas.DirectUpload:
    """Get an address of the company's object store for one file of a known size and hash.

    409 `direct_upload_impossible` where its files are kept elsewhere: use the other ways then.
    """
    declared = Declared(body.size_bytes, body.purpose, body.filename, body.sha256)
    upload, address = await direct.begin(actor, declared)
    return schemas.DirectUpload(
        upload=schemas.UnfinishedUpload.model_validate(upload),
        url=address.url,
        headers=address.headers,
        url_expires_at=utcnow() + timedelta(seconds=direct.ADDRESS_SECONDS),
    )


@router.get("", responses=problems(401, 403, 404, 503))
async def get_direct_way(actor: CompanyActor, session: SessionDep) -> schemas.DirectWay:
    """Whether files may go straight into the company's object store: from programs, and from the panel."""
    return schemas.DirectWay.model_validate(await direct.way_of(session, actor))


@router.get("/{direct_id}", responses=problems(401, 403, 404, 410, 413, 415, 422, 460))
async def get_direct_upload(direct_id: UUID, actor: CompanyActor) -> schemas.UnfinishedUpload:
    """What became of a direct upload. One that was refused answers as it did then."""
    found = await sessions.find(actor, direct_id, direct=True)
    return schemas.UnfinishedUpload.model_validate(found)


@router.delete("/{direct_id}", status_code=HTTPStatus.NO_CONTENT, responses=problems(401, 403, 404))
async def cancel_direct_upload(direct_id: UUID, actor: CompanyActor) -> None:
    """Forget a direct upload and what lies in the store. What was made of a finished one stays."""
    await direct.cancel(actor, direct_id)


@router.post(
    "/{direct_id}/complete",
    responses=problems(401, 403, 404, 409, 410, 413, 415, 422, 423, 460, 503),
)
async def complete_direct_upload(direct_id: UUID, actor: CompanyActor) -> schemas.Upload:
    """Fetch the file from the store, check it, and keep what is fit to serve.

    Asked again it answers the same.
    """
    return schemas.Upload.model_validate(await direct.complete(actor, direct_id))
