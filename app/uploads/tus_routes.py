"""Resumable uploads as the tus protocol wants them: https://tus.io/protocols/resumable-upload, version 1.0.0.

Creation (with a first piece if the sender likes), checksum, expiration, termination. Beside the protocol's
own verbs `GET` tells the state as JSON, and `POST .../complete` what was made of a file.
"""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.dependencies import CompanyActor
from app.core.bodies import body_chunks, declared_size
from app.core.database import SessionDep
from app.core.errors import UnsupportedMediaType
from app.core.idempotent_routes import AttemptDep
from app.core.openapi import problems
from app.subscriptions import service as subscriptions
from app.uploads import schemas, sessions, tus
from app.uploads.errors import TusVersionUnknown
from app.uploads.models import UploadSession

UPLOAD_ID_HEADER = "ARV-Upload-Id"
_PIECE: dict[str, Any] = {
    "requestBody": {
        "description": "Bytes of the file.",
        "content": {tus.BODY_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}
_VERSION = {"Tus-Resumable": tus.VERSION}


async def _speak_tus(
    request: Request,
    tus_resumable: Annotated[
        str, Header(description="The version of tus.", json_schema_extra={"enum": [tus.VERSION]})
    ] = "",
) -> None:
    """Every answer tells the version, refusals too; another version is refused."""
    request.state.problem_headers = _VERSION
    if tus_resumable != tus.VERSION:
        raise TusVersionUnknown(tus.VERSION)


Tus = Annotated[None, Depends(_speak_tus)]
ChecksumHeader = Annotated[
    str | None,
    Header(description=f"The piece's hash in base64: one of {', '.join(tus.CHECKSUMS)}."),
]

router = APIRouter(prefix="/companies/{company_id}/uploads/tus", tags=["resumable uploads"])


@router.options("", status_code=HTTPStatus.NO_CONTENT, responses=problems(401, 403, 404))
async def describe_resumable_uploads(
    actor: CompanyActor, session: SessionDep, response: Response
) -> None:
    """What of tus is spoken here, and how large a file of the company may be."""
    assert actor.company_id is not None
    largest = await subscriptions.largest_upload(session, actor.company_id)
    response.headers.update(
        {
            **_VERSION,
            "Tus-Version": tus.VERSION,
            "Tus-Extension": tus.EXTENSIONS,
            "Tus-Max-Size": str(largest),
            "Tus-Checksum-Algorithm": ",".join(tus.CHECKSUMS),
        }
    )


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 423, 460, 503),
    openapi_extra=_PIECE,
)
async def begin_resumable_upload(
    request: Request,
    response: Response,
    actor: CompanyActor,
    _tus: Tus,
    attempt: AttemptDep,
    upload_length: Annotated[int, Header(ge=0, le=2**62, description="The file's bytes.")],
    upload_metadata: Annotated[
        str,
        Header(
            max_length=tus.LONGEST_METADATA,
            description="`filename` and `purpose` (image or video), if known `sha256` of the whole file: "
            "each key, a space and the value in base64, with commas between.",
        ),
    ],
    upload_checksum: ChecksumHeader = None,
) -> schemas.UnfinishedUpload:
    """Begin an upload that survives lost connections; `Location` is where its bytes go.

    A body is the file's first piece, and may be all of it.
    """
    await attempt.replay()
    declared = tus.declared_in(upload_length, upload_metadata)
    checksum = tus.checksum_in(upload_checksum)
    place = request.url.path.rstrip("/")

    async def keep_answer(session: AsyncSession, upload: UploadSession) -> None:
        shown, where = _shown(upload), {"Location": f"{place}/{upload.id}"}
        await attempt.keep(session, shown, status=HTTPStatus.CREATED, headers=where)

    upload = await sessions.begin(actor, declared, in_same_transaction=keep_answer)
    response.headers["Location"] = f"{place}/{upload.id}"
    if _has_piece(request):
        upload = await sessions.continue_at(
            actor,
            upload.id,
            offset=0,
            declared_size=declared_size(request),
            chunks=body_chunks(request),
            checksum=checksum,
        )
    _tell(response, upload)
    return _shown(upload)


@router.head("/{resumable_id}", responses=problems(401, 403, 404, 410, 412, 415, 460))
async def ask_resumable_upload(
    resumable_id: UUID, response: Response, actor: CompanyActor, _tus: Tus
) -> None:
    """How many bytes have arrived for good: `Upload-Offset`."""
    upload = await sessions.find(actor, resumable_id)
    _tell(response, upload)
    response.headers["Upload-Length"] = str(upload.size_bytes)
    response.headers["Upload-Metadata"] = upload.sender_metadata or ""


@router.patch(
    "/{resumable_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(400, 401, 403, 404, 409, 410, 412, 413, 415, 422, 423, 460, 503),
    openapi_extra=_PIECE,
)
async def continue_resumable_upload(
    resumable_id: UUID,
    request: Request,
    response: Response,
    actor: CompanyActor,
    _tus: Tus,
    upload_offset: Annotated[
        int, Header(ge=0, le=2**62, description="Where this piece begins: what has arrived so far.")
    ],
    upload_checksum: ChecksumHeader = None,
) -> None:
    """Send bytes from the offset on. The answer to the last ones tells the upload in `ARV-Upload-Id`.

    What is acknowledged is on the disk. With a checksum the whole piece counts or nothing of it.
    """
    if _body_type(request) != tus.BODY_TYPE:
        raise UnsupportedMediaType(f"Send the bytes as {tus.BODY_TYPE}.")
    upload = await sessions.continue_at(
        actor,
        resumable_id,
        offset=upload_offset,
        declared_size=declared_size(request),
        chunks=body_chunks(request),
        checksum=tus.checksum_in(upload_checksum),
    )
    _tell(response, upload)


@router.delete(
    "/{resumable_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(401, 403, 404, 412, 423),
)
async def cancel_resumable_upload(
    resumable_id: UUID, response: Response, actor: CompanyActor, _tus: Tus
) -> None:
    """Forget an upload and its bytes. What was made of a finished one stays."""
    await sessions.cancel(actor, resumable_id)
    response.headers.update(_VERSION)


@router.get("/{resumable_id}", responses=problems(401, 403, 404, 410, 413, 415, 422, 460))
async def get_resumable_upload(resumable_id: UUID, actor: CompanyActor) -> schemas.UnfinishedUpload:
    """How far an upload is, and what was made of it. One that was refused answers as it did then."""
    return _shown(await sessions.find(actor, resumable_id))


@router.post(
    "/{resumable_id}/complete",
    responses=problems(401, 403, 404, 409, 410, 413, 415, 422, 423, 460, 503),
)
async def complete_resumable_upload(resumable_id: UUID, actor: CompanyActor) -> schemas.Upload:
    """What was made of a file that has arrived whole; for who missed the answer to the last bytes.

    Checks and keeps it now if that was cut short. Asked again it answers the same.
    """
    return schemas.Upload.model_validate(await sessions.complete(actor, resumable_id))


def _tell(response: Response, upload: UploadSession) -> None:
    """The headers of every answer about an upload."""
    response.headers.update(_VERSION)
    response.headers["Upload-Offset"] = str(upload.offset_bytes)
    response.headers["Cache-Control"] = "no-store"
    if upload.upload_id is not None:
        response.headers[UPLOAD_ID_HEADER] = str(upload.upload_id)
    else:
        response.headers["Upload-Expires"] = tus.http_date(upload.expires_at)


def _shown(upload: UploadSession) -> schemas.UnfinishedUpload:
    return schemas.UnfinishedUpload.model_validate(upload)


def _has_piece(request: Request) -> bool:
    return _body_type(request) == tus.BODY_TYPE and declared_size(request) != 0


def _body_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
