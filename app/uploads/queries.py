"""Uploads of a company."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Update, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.filters import Dates, within
from app.core.pagination import PageRequest, fetch_page
from app.storage.models import StoredFile
from app.uploads.models import SessionState, Upload, UploadSession


async def get_upload(
    session: AsyncSession, actor: Actor, upload_id: UUID, *, purpose: str
) -> Upload:
    """The upload made for this purpose. Raises `NotFound`, for another company's too."""
    upload = await session.scalar(
        select(Upload).where(
            Upload.company_id == actor.company_id,
            Upload.id == upload_id,
            Upload.purpose == purpose,
        )
    )
    if upload is None:
        raise NotFound(f"There is no such {purpose} upload. Send the file again.")
    return upload


async def list_uploads(
    session: AsyncSession, actor: Actor, request: PageRequest, *, purpose: str | None, dates: Dates
) -> tuple[list[Upload], str | None]:
    """One page of the company's uploads, newest first, and the next page's cursor."""
    statement = select(Upload).where(
        Upload.company_id == actor.company_id, *within(dates, Upload.created_at)
    )
    if purpose is not None:
        statement = statement.where(Upload.purpose == purpose)
    if request.q:
        statement = statement.where(Upload.filename.icontains(request.q, autoescape=True))
    key = (Upload.created_at, Upload.id)
    return await fetch_page(session, statement, key=key, request=request)


async def find_upload(session: AsyncSession, actor: Actor, upload_id: UUID) -> Upload:
    """The upload, whatever it was made for. Raises `NotFound`, for another company's too."""
    upload = await session.scalar(
        select(Upload).where(Upload.company_id == actor.company_id, Upload.id == upload_id)
    )
    if upload is None:
        raise NotFound("There is no such upload.")
    return upload


async def find_named(
    session: AsyncSession, actor: Actor, names: Collection[str], *, purpose: str
) -> dict[str, Upload]:
    """The uploads that the names mean: an upload's id, or else a file's name, of which the newest counts."""
    if not names:
        return {}
    ids = [each for name in names if (each := _as_id(name))]
    rows = await session.scalars(
        select(Upload)
        .where(
            Upload.company_id == actor.company_id,
            Upload.purpose == purpose,
            or_(Upload.filename.in_(names), Upload.id.in_(ids)),
        )
        .order_by(Upload.filename, Upload.id)
    )
    found: dict[str, Upload] = {}
    for upload in rows:  # ids are in the order of time, so the newest of a name comes last
        found[upload.filename] = found[str(upload.id)] = upload
    return {name: found[name] for name in names if name in found}


def _as_id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None


async def get_session(
    session: AsyncSession, actor: Actor, session_id: UUID, *, direct: bool
) -> UploadSession:
    """The upload on its way, by that way. Raises `NotFound`, for another company's too."""
    statement = select(UploadSession).where(*_is_theirs(actor, session_id))
    found = await session.scalar(statement.where(UploadSession.is_direct == direct))
    if found is None:
        raise NotFound("There is no such upload. Begin it again.")
    return found


async def count_open_sessions(session: AsyncSession, actor: Actor) -> int:
    """How many uploads of the company are unfinished."""
    statement = (
        select(func.count())
        .select_from(UploadSession)
        .where(
            UploadSession.company_id == actor.company_id,
            UploadSession.state == SessionState.RECEIVING,
        )
    )
    return int(await session.scalar(statement) or 0)


async def advance_session(
    session: AsyncSession,
    actor: Actor,
    session_id: UUID,
    *,
    before: int,
    now: int,
    expires_at: datetime,
) -> bool:
    """Move the offset from `before` to `now`. False when it was not there any more."""
    statement = _still_receiving(actor, session_id).where(UploadSession.offset_bytes == before)
    moved = statement.values(offset_bytes=now, expires_at=expires_at)
    return await session.scalar(moved.returning(UploadSession.id)) is not None


async def finish_session(
    session: AsyncSession, actor: Actor, session_id: UUID, upload_id: UUID
) -> bool:
    """Note what was made of it. False when it had ended already."""
    done = _still_receiving(actor, session_id).values(
        state=SessionState.DONE, offset_bytes=UploadSession.size_bytes, upload_id=upload_id
    )
    return await session.scalar(done.returning(UploadSession.id)) is not None


async def refuse_session(
    session: AsyncSession, actor: Actor, session_id: UUID, problem: dict[str, Any]
) -> None:
    """Note why nothing is made of it."""
    refused = _still_receiving(actor, session_id)
    await session.execute(refused.values(state=SessionState.REFUSED, problem=problem))


async def delete_session(session: AsyncSession, actor: Actor, session_id: UUID) -> None:
    await session.execute(delete(UploadSession).where(*_is_theirs(actor, session_id)))


async def upload_of(session: AsyncSession, actor: Actor, found: UploadSession) -> Upload:
    """What was made of a finished one. Raises `NotFound` when that is gone."""
    if found.upload_id is None:
        raise NotFound("What was made of this upload is gone.")
    return await find_upload(session, actor, found.upload_id)


async def take_expired(session: AsyncSession, *, now: datetime, limit: int) -> list[UploadSession]:
    """Remove some of those whose time is over, of any company, and return them."""
    over = (
        select(UploadSession.id)
        .where(UploadSession.expires_at <= now)
        .order_by(UploadSession.expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    removed = delete(UploadSession).where(UploadSession.id.in_(over)).returning(UploadSession)
    return list(await session.scalars(removed))


async def open_among(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    """Which of the ids are of uploads that still receive bytes."""
    return set(
        await session.scalars(
            select(UploadSession.id).where(
                UploadSession.id.in_(ids), UploadSession.state == SessionState.RECEIVING
            )
        )
    )


def _is_theirs(actor: Actor, session_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (UploadSession.company_id == actor.company_id, UploadSession.id == session_id)


def _still_receiving(actor: Actor, session_id: UUID) -> Update:
    return update(UploadSession).where(
        *_is_theirs(actor, session_id), UploadSession.state == SessionState.RECEIVING
    )


async def with_files_in_use(
    session: AsyncSession, *, before: datetime, after: UUID | None, limit: int
) -> list[Upload]:
    """Uploads of any company older than that whose files are not released, in the order of their ids.

    The same bytes sent again count from the newest time: a younger upload of them keeps its time.
    """
    younger = aliased(Upload)
    is_held = exists().where(
        StoredFile.company_id == Upload.company_id,
        StoredFile.key == Upload.key,
        StoredFile.released_at.is_(None),
    )
    sent_again = exists().where(
        younger.company_id == Upload.company_id,
        younger.key == Upload.key,
        younger.created_at >= before,
    )
    statement = select(Upload).where(Upload.created_at < before, is_held, ~sent_again)
    if after is not None:
        statement = statement.where(Upload.id > after)
    return list(await session.scalars(statement.order_by(Upload.id).limit(limit)))
