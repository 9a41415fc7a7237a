"""Imports of a company and their rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.pagination import PageRequest, fetch_page
from app.imports.models import ContentImport, ImportRow


@dataclass(frozen=True, slots=True)
class Progress:
    """An import with how many of its rows ended how."""

    content_import: ContentImport
    rows: Counter[str]


async def list_imports(
    session: AsyncSession, actor: Actor, request: PageRequest
) -> tuple[list[Progress], str | None]:
    """One page of the company's imports, newest first, and the next page's cursor."""
    statement = select(ContentImport).where(ContentImport.company_id == actor.company_id)
    if request.q:
        statement = statement.where(ContentImport.filename.icontains(request.q, autoescape=True))
    found, cursor = await fetch_page(session, statement, key=(ContentImport.id,), request=request)
    return await _with_counts(session, actor.company_id, found), cursor


async def get_import(session: AsyncSession, actor: Actor, import_id: UUID) -> Progress:
    """The import. Raises `NotFound`, for another company's too."""
    found = await session.scalar(
        select(ContentImport).where(
            ContentImport.company_id == actor.company_id, ContentImport.id == import_id
        )
    )
    if found is None:
        raise NotFound("There is no such import.")
    return (await _with_counts(session, found.company_id, [found]))[0]


async def _with_counts(
    session: AsyncSession, company_id: UUID | None, imports: Sequence[ContentImport]
) -> list[Progress]:
    counts = await session.execute(
        select(ImportRow.import_id, ImportRow.status, func.count())
        .where(
            ImportRow.company_id == company_id,
            ImportRow.import_id.in_([each.id for each in imports]),
        )
        .group_by(ImportRow.import_id, ImportRow.status)
    )
    by_import: dict[UUID, Counter[str]] = {each.id: Counter() for each in imports}
    for import_id, status, number in counts:
        by_import[import_id][status] = number
    return [Progress(each, by_import[each.id]) for each in imports]


async def with_counts(session: AsyncSession, content_import: ContentImport) -> Progress:
    """The import with its figures of now."""
    return (await _with_counts(session, content_import.company_id, [content_import]))[0]


async def rows_of(session: AsyncSession, content_import: ContentImport) -> list[ImportRow]:
    """Every row of the import, in the file's order."""
    return list(
        await session.scalars(
            select(ImportRow)
            .where(
                ImportRow.company_id == content_import.company_id,
                ImportRow.import_id == content_import.id,
            )
            .order_by(ImportRow.line)
        )
    )


async def import_for_worker(
    session: AsyncSession, company_id: UUID | None, import_id: UUID
) -> ContentImport | None:
    """The import a job names."""
    return await session.scalar(
        select(ContentImport).where(
            ContentImport.company_id == company_id, ContentImport.id == import_id
        )
    )


async def import_given_up(session: AsyncSession, import_id: UUID) -> ContentImport | None:
    """The import of a job that was given up. The id comes from our own job row."""
    return await session.scalar(select(ContentImport).where(ContentImport.id == import_id))


async def next_pending(session: AsyncSession, content_import: ContentImport) -> ImportRow | None:
    """The first row that has not ended, locked."""
    return await session.scalar(
        select(ImportRow)
        .where(
            ImportRow.company_id == content_import.company_id,
            ImportRow.import_id == content_import.id,
            ImportRow.status == "pending",
        )
        .order_by(ImportRow.line)
        .limit(1)
        .with_for_update()
    )
