"""Files on their way in pieces: begun, continued from a known offset, finished into an `Upload`.

The row says how many bytes are on the disk; it never says more. Nothing is held in memory between requests,
so any process that sees the incoming folder may continue what another began. No transaction is open while
bytes arrive.
"""

from collections.abc import AsyncIterable, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.companies.roles import WRITE_CONTENTS
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.errors import ArvError, Invalid, PayloadTooLarge, UnsupportedMediaType
from app.core.files import TemporaryFile
from app.core.ids import uuid7
from app.media.errors import FileEmpty
from app.uploads import incoming, queries, quota
from app.uploads.arrival import Arrival, without_stalls
from app.uploads.errors import (
    ChecksumDiffers,
    OffsetDiffers,
    TooManyUploads,
    UploadExpired,
    UploadIncomplete,
    UploadLost,
    as_problem,
    refused_before,
)
from app.uploads.incoming import PartFile
from app.uploads.models import SessionState, Upload, UploadSession
from app.uploads.schemas import Purpose
from app.uploads.service import keep_received, plain_name, receiving, told_when_full
from app.uploads.tus import Checksum, Declared

WithSession = Callable[[AsyncSession, UploadSession], Awaitable[None]]

# More unfinished ones at a time are somebody who only begins.
MOST_OPEN: Final = 200
# The file itself is the trouble: sent again it would be refused again.
FOR_GOOD: Final = (Invalid, UnsupportedMediaType, PayloadTooLarge, ChecksumDiffers)
STILL_THERE: Final = "The disk did not take the bytes; it may be full. What arrived before is kept."

log = structlog.get_logger(__name__)


async def begin(
    actor: Actor, declared: Declared, *, in_same_transaction: WithSession | None = None
) -> UploadSession:
    """A new upload of the declared length with no byte yet.

    Raises `FileEmpty`, `PayloadTooLarge`, `QuotaExceeded` and `TooManyUploads`.
    """
    assert actor.company_id is not None
    await refuse_at_start(actor, declared.size_bytes)
    upload = UploadSession(
        id=uuid7(),
        company_id=actor.company_id,
        user_id=actor.user_id,
        purpose=declared.purpose.value,
        filename=plain_name(declared.filename),
        size_bytes=declared.size_bytes,
        offset_bytes=0,
        sha256=declared.sha256,
        sender_metadata=declared.text,
        expires_at=_expiry(),
    )
    with told_when_full(STILL_THERE):
        await incoming.create(actor.company_id, upload.id)
    try:
        async with session_scope() as session:
            session.add(upload)
            await session.flush()
            if in_same_transaction is not None:
                await in_same_transaction(session, upload)
    except BaseException:
        await incoming.remove(actor.company_id, upload.id)
        raise
    return upload


async def refuse_at_start(actor: Actor, size_bytes: int) -> None:
    """Raises what refuses a file of this size before its first byte."""
    actor.require(WRITE_CONTENTS)
    if size_bytes == 0:
        raise FileEmpty("The file has no bytes. Choose it again.")
    await quota.refuse_too_large(actor, size_bytes)
    await quota.refuse_without_room(actor, size_bytes)
    async with session_scope() as session:
        if await queries.count_open_sessions(session, actor) >= MOST_OPEN:
            raise TooManyUploads(
                f"{MOST_OPEN} uploads of this company are unfinished. Finish or cancel some of them.",
                retry_after_seconds=60,
            )


async def continue_at(
    actor: Actor,
    session_id: UUID,
    *,
    offset: int,
    declared_size: int | None,
    chunks: AsyncIterable[bytes],
    checksum: Checksum | None,
) -> UploadSession:
    """The upload with the chunks behind its first `offset` bytes; finished, if they were the last.

    Raises `NotFound`, `UploadExpired`, `OffsetDiffers`, `UploadBusy`, `ChecksumDiffers`, `UploadStalled`,
    what `begin` raises, and, finished, what `keep_received` does. Acknowledged bytes stay in any case.
    """
    actor.require(WRITE_CONTENTS)
    assert actor.company_id is not None
    upload = await _open_at(actor, session_id, offset, declared_size)
    if upload.state == SessionState.DONE:
        return upload
    async with (
        receiving(actor.company_id),
        incoming.held(actor.company_id, session_id) as part,
    ):
        upload = await _open_at(actor, session_id, offset, declared_size)
        if not upload.is_whole:
            await _take(actor, upload, part, chunks, checksum)
            upload = await find(actor, session_id)
        if upload.is_whole and upload.state == SessionState.RECEIVING:
            await _finish(actor, upload, part)
            upload = await find(actor, session_id)
    return upload


async def complete(actor: Actor, session_id: UUID) -> Upload:
    """The upload made of all the bytes, now or before. Raises `UploadIncomplete`, and why it was refused."""
    actor.require(WRITE_CONTENTS)
    assert actor.company_id is not None
    upload = await find(actor, session_id)
    if not upload.is_whole:
        raise UploadIncomplete(
            f"{upload.offset_bytes:,} of {upload.size_bytes:,} bytes have arrived. Send the rest first."
        )
    if upload.state == SessionState.RECEIVING:
        async with incoming.held(actor.company_id, session_id) as part:
            upload = await find(actor, session_id)
            if upload.state == SessionState.RECEIVING:
                await _finish(actor, upload, part)
        upload = await find(actor, session_id)
    async with session_scope() as session:
        return await queries.upload_of(session, actor, upload)


async def find(actor: Actor, session_id: UUID, *, direct: bool = False) -> UploadSession:
    """The upload on its way, or what came of it. Raises `NotFound`, `UploadExpired`, why it was refused."""
    async with session_scope() as session:
        upload = await queries.get_session(session, actor, session_id, direct=direct)
    if upload.problem is not None:
        raise refused_before(upload.problem)
    if upload.state == SessionState.RECEIVING and upload.expires_at <= utcnow():
        raise UploadExpired("Begin it again; nothing of it is kept.")
    return upload


async def cancel(actor: Actor, session_id: UUID) -> None:
    """Forget the upload and its bytes; what was made of a finished one stays. Raises `UploadBusy`."""
    actor.require(WRITE_CONTENTS)
    assert actor.company_id is not None
    async with session_scope() as session:
        upload = await queries.get_session(session, actor, session_id, direct=False)
    try:
        async with incoming.held(actor.company_id, session_id):
            await _forget(actor, upload)
            await incoming.remove(actor.company_id, session_id)
    except UploadLost:
        await _forget(actor, upload)


async def _forget(actor: Actor, upload: UploadSession) -> None:
    async with session_scope() as session:
        await queries.delete_session(session, actor, upload.id)


async def _open_at(
    actor: Actor, session_id: UUID, offset: int, declared_size: int | None
) -> UploadSession:
    upload = await find(actor, session_id)
    if offset != upload.offset_bytes:
        raise OffsetDiffers(
            f"It is at {upload.offset_bytes:,}, and this piece begins at {offset:,}. Go on from there.",
            offset_bytes=upload.offset_bytes,
        )
    if declared_size is not None and offset + declared_size > upload.size_bytes:
        raise PayloadTooLarge("This piece would make the upload longer than its length says.")
    return upload


async def _take(
    actor: Actor,
    upload: UploadSession,
    part: PartFile,
    chunks: AsyncIterable[bytes],
    checksum: Checksum | None,
) -> None:
    """Write the chunks and keep the offset, as far as they came; all or nothing with a checksum."""

    async def keep(before: int, now: int) -> None:
        await _keep_offset(actor, upload, before, now)

    if part.path.stat().st_size < upload.offset_bytes:
        raise UploadLost("Begin the upload again.")
    stall_seconds = get_settings().uploads.stall_seconds
    digest = checksum.new() if checksum else None
    arrival = Arrival(part, upload.offset_bytes, upload.size_bytes, keep, digest)
    with told_when_full(STILL_THERE):
        try:
            await arrival.take(without_stalls(chunks, seconds=stall_seconds))
        except (ArvError, ConnectionError):
            await (arrival.drop() if checksum else arrival.finish())
            raise
        except BaseException:
            await arrival.drop()
            raise
        if checksum is not None:
            checksum.compare(digest)
        await arrival.finish()


async def _keep_offset(actor: Actor, upload: UploadSession, before: int, now: int) -> None:
    """Record that the disk has so many bytes, while the company still has room for the whole file."""
    async with session_scope() as session:
        await quota.refuse_without_room_left(session, actor, upload.size_bytes)
        if not await queries.advance_session(
            session, actor, upload.id, before=before, now=now, expires_at=_expiry()
        ):
            raise OffsetDiffers("The upload was continued or ended elsewhere. Ask where it is.")


async def _finish(actor: Actor, upload: UploadSession, part: PartFile) -> None:
    with told_when_full(STILL_THERE):
        received = await part.whole(upload.size_bytes)
    try:
        await keep(actor, upload, received)
    finally:
        received.path.unlink(missing_ok=True)
    await incoming.remove(part.company_id, upload.id)


async def keep(actor: Actor, upload: UploadSession, received: TemporaryFile) -> None:
    """Check, prepare and keep the whole file; the row and the upload change in one transaction.

    A file that is refused for good is remembered so, with the reason, and its part file removed.
    """

    async def note(session: AsyncSession, made: Upload) -> None:
        if not await queries.finish_session(session, actor, upload.id, made.id):
            raise OffsetDiffers("The upload was ended elsewhere. Ask what became of it.")

    try:
        if upload.sha256 is not None and upload.sha256 != received.sha256:
            raise ChecksumDiffers(
                "The whole file has another SHA-256 than was said. Send it again."
            )
        await keep_received(
            actor,
            received,
            purpose=Purpose(upload.purpose),
            filename=upload.filename,
            in_same_transaction=note,
        )
    except FOR_GOOD as error:
        await _refuse(actor, upload, error)
        raise


async def _refuse(actor: Actor, upload: UploadSession, error: ArvError) -> None:
    """Remember why, for who missed the answer, and remove the bytes."""
    async with session_scope() as session:
        await queries.refuse_session(session, actor, upload.id, as_problem(error))
    await incoming.remove(upload.company_id, upload.id)
    log.info("upload.refused", code=error.code)


def _expiry() -> datetime:
    return utcnow() + timedelta(hours=kept_hours())


def kept_hours() -> float:
    """How long an unfinished upload may be resumed."""
    return get_settings().uploads.kept_hours
