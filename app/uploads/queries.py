"""Uploads of a company."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.filters import Dates, within
from app.core.pagination import PageRequest, fetch_page
from app.uploads.models import Upload


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
