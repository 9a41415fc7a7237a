"""Files that go straight into the company's object store, and are fetched from there to be checked.

The sender gets an address for one file of a known size and hash; the store itself refuses any other. What
lies there is as it was sent: no address leads to it, and it is removed when the upload ends in any way.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.companies import queries as companies
from app.companies.roles import WRITE_CONTENTS
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.errors import Conflict
from app.core.files import SNIFF_BYTES, TemporaryFile, sniff_media_type
from app.core.ids import uuid7
from app.storage import opening
from app.storage import queries as files
from app.storage import service as storage
from app.storage.port import (
    SOURCES,
    FileMissing,
    SignedPut,
    Storage,
    StorageError,
    TakesDirectPuts,
    content_key,
    sha256_of,
)
from app.uploads import incoming, queries, sessions
from app.uploads.errors import UploadIncomplete
from app.uploads.incoming import on_disk
from app.uploads.models import SessionState, Upload, UploadSession
from app.uploads.service import plain_name, told_when_full
from app.uploads.tus import Declared

ADDRESS_SECONDS: Final = 3600
# No kind of file that is ever served has it, and no source of a video that is kept.
EXTENSION: Final = "part"
BODY_TYPE: Final = "application/octet-stream"

log = structlog.get_logger(__name__)


class DirectUploadImpossible(Conflict):
    code = "direct_upload_impossible"
    title = "The company's storage takes no files directly"


@dataclass(frozen=True, slots=True)
class DirectWay:
    """Whether the company's storage takes files directly, and whether it does from the panel's pages."""

    is_open: bool
    is_open_to_pages: bool


async def way_of(session: AsyncSession, actor: Actor) -> DirectWay:
    """What a program and what a page may do. Pages need the operator's word: `DIRECT_UPLOAD_ORIGINS`."""
    actor.require(WRITE_CONTENTS)
    assert actor.company_id is not None
    place = await storage.storage_of(session, actor.company_id)
    takes = isinstance(place, TakesDirectPuts)
    return DirectWay(takes, takes and place.public_origin in get_settings().uploads.origins)


async def begin(actor: Actor, declared: Declared) -> tuple[UploadSession, SignedPut]:
    """A new upload, and where its bytes go.

    Raises `DirectUploadImpossible`, and what `refuse_at_start` does.
    """
    assert actor.company_id is not None
    assert declared.sha256 is not None
    await sessions.refuse_at_start(actor, declared.size_bytes)
    async with session_scope() as session:
        company = await companies.get_company(session, actor)
        place = await storage.storage_of(session, actor.company_id)
        if not isinstance(place, TakesDirectPuts):
            raise DirectUploadImpossible("Send the file to ARV, in one request or by tus.")
        key = content_key(company.storage_path, SOURCES, declared.sha256, EXTENSION)
        upload = UploadSession(
            id=uuid7(),
            company_id=actor.company_id,
            user_id=actor.user_id,
            purpose=declared.purpose.value,
            filename=plain_name(declared.filename),
            size_bytes=declared.size_bytes,
            offset_bytes=0,
            sha256=declared.sha256,
            is_direct=True,
            key=key,
            connection_id=place.connection_id,
            expires_at=utcnow() + timedelta(hours=sessions.kept_hours()),
        )
        session.add(upload)
        address = place.presign_put(
            key, seconds=ADDRESS_SECONDS, size_bytes=declared.size_bytes, content_type=BODY_TYPE
        )
    return upload, address


async def complete(actor: Actor, session_id: UUID) -> Upload:
    """The upload made of the file that lies in the store, now or before.

    Raises `UploadIncomplete` while it is not there, `UploadBusy`, and what `keep_received` does.
    """
    actor.require(WRITE_CONTENTS)
    assert actor.company_id is not None
    upload = await sessions.find(actor, session_id, direct=True)
    if upload.state == SessionState.RECEIVING:
        async with incoming.held(actor.company_id, session_id, made=True):
            upload = await sessions.find(actor, session_id, direct=True)
            if upload.state == SessionState.RECEIVING:
                await _finish(actor, upload)
        upload = await sessions.find(actor, session_id, direct=True)
    async with session_scope() as session:
        return await queries.upload_of(session, actor, upload)


async def cancel(actor: Actor, session_id: UUID) -> None:
    """Forget the upload and what lies in the store; what was made of a finished one stays."""
    actor.require(WRITE_CONTENTS)
    async with session_scope() as session:
        upload = await queries.get_session(session, actor, session_id, direct=True)
    async with session_scope() as session:
        await queries.delete_session(session, actor, session_id)
    await forget_bytes(upload)


async def forget_bytes(upload: UploadSession) -> None:
    """Remove what lies in the store and here. What a silent store keeps is noted for the sweep."""
    await incoming.remove(upload.company_id, upload.id)
    try:
        await (await _place_of(upload)).delete(upload.key or "")
    except FileMissing:
        return
    except StorageError as error:
        log.warning("upload.direct_bytes_left", code=error.code)
        await _leave_to_sweep(upload)


async def _leave_to_sweep(upload: UploadSession) -> None:
    assert upload.key is not None
    async with session_scope(company_id=upload.company_id) as session:
        await files.register_unused(
            session,
            now=utcnow(),
            company_id=upload.company_id,
            key=upload.key,
            sha256=sha256_of(upload.key),
            media_type=BODY_TYPE,
            size_bytes=upload.size_bytes,
        )


async def _finish(actor: Actor, upload: UploadSession) -> None:
    fetched = storage.incoming_folder() / f"{uuid4().hex}.received"
    try:
        with told_when_full("The storage did not give the file back."):
            await _fetch(upload, fetched)
        received = await on_disk(upload.company_id, lambda: _looked_at(upload, fetched))
        await sessions.keep(actor, upload, received)
    except sessions.FOR_GOOD:
        await forget_bytes(upload)
        raise
    finally:
        fetched.unlink(missing_ok=True)
    await forget_bytes(upload)


async def _fetch(upload: UploadSession, target: Path) -> None:
    """The file, compared with its hash on the way. Raises `UploadIncomplete` while it is not there whole."""
    assert upload.key is not None
    try:
        place = await _place_of(upload)
        size = await place.size_of(upload.key)
        if size != upload.size_bytes:
            raise UploadIncomplete(f"{size:,} bytes are there, not {upload.size_bytes:,}.")
        await place.fetch(upload.key, target)
    except FileMissing as error:
        raise UploadIncomplete(
            "The file is not there yet. Send it to the address first."
        ) from error


async def _place_of(upload: UploadSession) -> Storage:
    """Where its bytes were to go, whichever storage the company has now."""
    if upload.connection_id is None:
        raise FileMissing("The connection was removed.")
    return await opening.storage_by_id(upload.connection_id)


def _looked_at(upload: UploadSession, path: Path) -> TemporaryFile:
    with path.open("rb") as file:
        head = file.read(SNIFF_BYTES)
    sha256 = sha256_of(upload.key or "")
    return TemporaryFile(path, upload.size_bytes, sha256, sniff_media_type(head))
