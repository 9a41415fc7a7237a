"""Filling an export: the company's rows as JSON Lines, its people, its files, then the manifest."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from app.companies.models import Company
from app.core.database import Base
from app.exports import queries
from app.exports.archive import Archive, Entry
from app.exports.catalogue import PERSON_COLUMNS, exported_columns, exported_tables
from app.storage.port import FileMissing, Storage

Progress = Callable[[float, str], Awaitable[None]]
LINES_AT_ONCE = 200
# Files are nearly all of the work.
ROWS_SHARE = 0.1


@dataclass(slots=True)
class Counts:
    """How much was written."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    file_bytes: int = 0
    missing: list[str] = field(default_factory=list)


async def write_export(
    path: Path,
    company: Company,
    storage: Storage,
    *,
    total_bytes: int,
    now: datetime,
    progress: Progress,
) -> Counts:
    """Write the whole export of the company to `path`; a file that is gone is named as missing."""
    counts = Counts()
    with Archive(path) as archive:
        await _write_rows(archive, company.id, counts, progress)
        await _write_files(archive, company.id, storage, counts, total_bytes, progress)
        await asyncio.to_thread(archive.finish, _facts(company, counts, now))
    return counts


def _facts(company: Company, counts: Counts, now: datetime) -> dict[str, Any]:
    schema = {table.name: [c.name for c in exported_columns(table)] for table in _tables()}
    return {
        "created_at": now.isoformat(),
        "company": {"id": str(company.id), "name": company.name, "slug": company.slug},
        "counts": counts.rows,
        "files": {
            "count": counts.files,
            "size_bytes": counts.file_bytes,
            "missing": counts.missing,
        },
        "columns": schema | {"people": [*PERSON_COLUMNS, "role"]},
    }


def _tables() -> list[Table]:
    return [Base.metadata.tables["companies"], *exported_tables()]


async def _write_rows(
    archive: Archive, company_id: UUID, counts: Counts, progress: Progress
) -> None:
    tables = _tables()
    for number, table in enumerate(tables):
        rows = queries.rows_of(table, company_id)
        counts.rows[table.name] = await _write_lines(archive, table.name, rows)
        await progress(ROWS_SHARE * (number + 1) / len(tables), "rows")
    people = await queries.people_of(company_id)
    counts.rows["people"] = await _write_lines(archive, "people", _each(people))


async def _each(rows: list[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    for row in rows:
        yield row


async def _write_lines(archive: Archive, name: str, rows: AsyncIterator[dict[str, Any]]) -> int:
    """One JSON object a line; the number of lines."""
    count, lines = 0, bytearray()
    with archive.entry(f"data/{name}.jsonl", packed=True) as entry:
        async for row in rows:
            lines += json.dumps(row, default=_plain, ensure_ascii=False).encode() + b"\n"
            count += 1
            if count % LINES_AT_ONCE == 0:
                await asyncio.to_thread(entry.write, bytes(lines))
                lines.clear()
        await asyncio.to_thread(entry.write, bytes(lines))
    return count


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in an export")


async def _write_files(
    archive: Archive,
    company_id: UUID,
    storage: Storage,
    counts: Counts,
    total_bytes: int,
    progress: Progress,
) -> None:
    told = 0.0
    async for file in queries.files_of(company_id):
        if not await storage.exists(file.key):
            counts.missing.append(file.key)
            continue
        with archive.entry(f"files/{file.key}", packed=False) as entry:
            await _copy(storage, file.key, entry)
        counts.files += 1
        counts.file_bytes += entry.size_bytes
        share = counts.file_bytes / max(total_bytes, 1)
        if share - told >= 0.02:
            told = share
            await progress(min(0.98, ROWS_SHARE + (1 - ROWS_SHARE) * share), "files")


async def _copy(storage: Storage, key: str, entry: Entry) -> None:
    try:
        async for chunk in storage.open(key):
            await asyncio.to_thread(entry.write, chunk)
    except FileMissing as error:
        raise OSError(f"{key} went away while it was copied") from error
