"""Receiving files: streamed to disk, checked by content, made fit to serve, kept.

No transaction is open while bytes arrive or are computed on. Until the last step nothing is visible, and
whatever goes wrong removes the temporary files; what a crash leaves behind the sweep removes.
"""

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies import queries as companies
from app.companies.roles import WRITE_CONTENTS
from app.core.actor import Actor
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.errors import PayloadTooLarge, Unavailable
from app.core.files import TemporaryFile, stream_to_temporary
from app.media.errors import FileEmpty
from app.media.images import prepare_image
from app.media.videos import prepare_video
from app.storage import service as storage
from app.storage.port import SOURCES, StorageError
from app.storage.service import StoredContent
from app.uploads import quota
from app.uploads.errors import TooManyUploads
from app.uploads.incoming import PART_SUFFIX
from app.uploads.models import Upload
from app.uploads.schemas import Purpose
from app.uploads.turns import Turns, TurnsOfEach

WithUpload = Callable[[AsyncSession, Upload], Awaitable[None]]

ABANDONED_AFTER_SECONDS: Final = 2 * 3600
LONGEST_WAIT_SECONDS: Final = 20.0
# As many as are computed on at once (app/media); companies take turns for them.
PREPARED_AT_ONCE: Final = 2

_receiving = TurnsOfEach()
_preparing = Turns(PREPARED_AT_ONCE)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A received file made fit to serve, still in the incoming folder."""

    path: Path
    media_type: str
    folder: str
    thumbnail_path: Path
    width: int
    height: int
    duration_seconds: float | None = None
    has_audio: bool | None = None


async def receive_upload(
    actor: Actor,
    *,
    purpose: Purpose,
    filename: str,
    declared_size: int | None,
    chunks: AsyncIterable[bytes],
    in_same_transaction: WithUpload | None = None,
) -> Upload:
    """The upload, on stable storage; `in_same_transaction` is told of it before the commit.

    Raises `PayloadTooLarge` and what `app.media.errors` lists.
    """
    actor.require(WRITE_CONTENTS)
    assert actor.company_id is not None
    limit = await quota.refuse_too_large(actor, declared_size or 1)
    await quota.refuse_without_room(actor, declared_size or 1)
    chunks = quota.within_room(actor, chunks, declared_size=declared_size)
    try:
        with told_when_full():
            async with receiving(actor.company_id):
                received = await stream_to_temporary(
                    chunks, storage.incoming_folder(), max_bytes=limit
                )
    except PayloadTooLarge as error:
        raise quota.too_large(limit) from error
    try:
        return await keep_received(
            actor,
            received,
            purpose=purpose,
            filename=filename,
            in_same_transaction=in_same_transaction,
        )
    finally:
        received.path.unlink(missing_ok=True)


async def keep_received(
    actor: Actor,
    received: TemporaryFile,
    *,
    purpose: Purpose,
    filename: str,
    in_same_transaction: WithUpload | None = None,
) -> Upload:
    """The upload made of a file that is whole in the incoming folder, however it came there.

    The received file itself may be taken into the storage or left; whatever else was written under its
    name is removed. Raises what `app.media.errors` lists, `QuotaExceeded` and `Unavailable`.
    """
    assert actor.company_id is not None
    with told_when_full(), _removed_after(received.path):
        if received.size_bytes == 0:
            raise FileEmpty("No bytes arrived. Choose the file again.")
        async with _preparing.turn(actor.company_id):
            prepared = await _prepare(received, purpose, received.path.parent)
        return await _keep(
            actor,
            received,
            prepared,
            purpose=purpose,
            filename=plain_name(filename),
            in_same_transaction=in_same_transaction,
        )


@asynccontextmanager
async def receiving(company_id: UUID) -> AsyncIterator[None]:
    """One of the company's places to receive in; more uploads than places wait. Raises `TooManyUploads`."""
    async with AsyncExitStack() as stack:
        places = get_settings().uploads.at_once
        try:
            async with asyncio.timeout(LONGEST_WAIT_SECONDS):
                await stack.enter_async_context(_receiving.turn(company_id, places=places))
        except TimeoutError as error:
            raise TooManyUploads(
                f"{places} uploads of this company are arriving already. Send this one after them.",
                retry_after_seconds=10,
            ) from error
        yield


@contextmanager
def told_when_full(
    detail: str = "The file could not be stored; the disk may be full. Nothing of it was kept.",
) -> Iterator[None]:
    """A disk or storage that does not take the bytes is answered as `Unavailable`."""
    try:
        yield
    except (OSError, StorageError) as error:
        log.exception("upload.storage_failed")
        raise Unavailable(f"{detail} Try later.") from error


@contextmanager
def _removed_after(received: Path) -> Iterator[None]:
    """What was written beside the received file, under its name, and not moved away is removed."""
    try:
        yield
    finally:
        for path in received.parent.glob(f"{received.stem}.*"):
            if path != received:
                path.unlink(missing_ok=True)


async def _prepare(received: TemporaryFile, purpose: Purpose, folder: Path) -> Prepared:
    if purpose is Purpose.IMAGE:
        image = await prepare_image(
            received.path,
            received.media_type,
            folder,
            max_pixels=get_settings().uploads.max_image_pixels,
        )
        return Prepared(
            image.path, "image/jpeg", "portraits", image.thumbnail_path, image.width, image.height
        )
    video = await prepare_video(received.path, received.media_type, folder)
    kind, place = ("video/mp4", "videos") if video.is_playable else (received.media_type, SOURCES)
    assert kind is not None, "a video of no known kind is refused"
    return Prepared(
        video.path,
        kind,
        place,
        video.poster_path,
        video.width,
        video.height,
        video.duration_seconds,
        video.has_audio,
    )


async def _keep(
    actor: Actor,
    received: TemporaryFile,
    prepared: Prepared,
    *,
    purpose: Purpose,
    filename: str,
    in_same_transaction: WithUpload | None,
) -> Upload:
    """Store the files, then register them and the upload in one transaction."""
    assert actor.company_id is not None
    file, thumbnail = await _store(actor, prepared)
    async with quota.admitted(actor, file, thumbnail) as session:
        await storage.register(session, actor.company_id, file, thumbnail)
        upload = _row(actor, received, prepared, file, thumbnail, purpose, filename)
        session.add(upload)
        await session.flush()
        events.record(
            session,
            "upload.received",
            actor=actor,
            subject_id=upload.id,
            data={"purpose": purpose, "size_bytes": received.size_bytes, "sha256": received.sha256},
        )
        if in_same_transaction is not None:
            await in_same_transaction(session, upload)
    return upload


async def _store(actor: Actor, prepared: Prepared) -> tuple[StoredContent, StoredContent]:
    """The file and its thumbnail, on stable storage and not yet registered."""
    assert actor.company_id is not None
    async with session_scope() as session:
        company = await companies.get_company(session, actor)
        place = await storage.storage_of(session, actor.company_id)
    path = company.storage_path
    file = await storage.store(
        place,
        prepared.path,
        storage_path=path,
        folder=prepared.folder,
        media_type=prepared.media_type,
    )
    thumbnail = await storage.store(
        place,
        prepared.thumbnail_path,
        storage_path=path,
        folder="thumbnails",
        media_type="image/webp",
    )
    return file, thumbnail


def _row(
    actor: Actor,
    received: TemporaryFile,
    prepared: Prepared,
    file: StoredContent,
    thumbnail: StoredContent,
    purpose: Purpose,
    filename: str,
) -> Upload:
    return Upload(
        company_id=actor.company_id,
        user_id=actor.user_id,
        purpose=purpose.value,
        filename=filename,
        media_type=received.media_type,
        size_bytes=received.size_bytes,
        sha256=received.sha256,
        width=prepared.width,
        height=prepared.height,
        duration_seconds=prepared.duration_seconds,
        has_audio=prepared.has_audio,
        key=file.key,
        stored_media_type=file.media_type,
        stored_size_bytes=file.size_bytes,
        thumbnail_key=thumbnail.key,
    )


def plain_name(filename: str) -> str:
    """The last part of the name, without control characters."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable()).strip() or "file"


def sweep_incoming(*, now: float | None = None) -> int:
    """Remove what crashes left in the incoming folder, and return how many files that was."""
    oldest = (now or time.time()) - ABANDONED_AFTER_SECONDS
    removed = 0
    for path in storage.incoming_folder().iterdir():
        if path.suffix == PART_SUFFIX:
            continue  # An upload that may be resumed; app/uploads/sweeping.py knows for how long.
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue  # Its owner finished with it meanwhile.
    if removed:
        log.warning("upload.leftovers_removed", files=removed)
    return removed
