"""Contents from a table: template, check, import and report; and the contents as a table again."""

from collections.abc import Iterable
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Body, Query, Response, status

from app.ar_content import queries as contents
from app.ar_content.filters import ContentFilter
from app.ar_content.presenter import PresenterDep
from app.auth.dependencies import CompanyActor
from app.core.database import SessionDep
from app.core.openapi import problems
from app.core.pagination import LARGEST_LIMIT, PageRequest, PageRequestDep
from app.core.spreadsheets import BYTE_ORDER_MARK, csv_line
from app.imports import queries, schemas, service, tables
from app.imports.queries import Progress

router = APIRouter(prefix="/companies/{company_id}", tags=["imports"])

CSV: Final = "text/csv"
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A CSV file in UTF-8.",
        "content": {CSV: {"schema": {"type": "string"}, "example": "key,title,image,video\r\n"}},
    }
}
TableBody = Annotated[
    bytes,
    Body(
        media_type=CSV,
        description=f"Up to {tables.MOST_ROWS} rows with the columns {', '.join(tables.COLUMNS)}.",
        openapi_examples={
            "album": {"value": "key,title,image,video\r\np1,First dance,dance.jpg,dance.mp4\r\n"}
        },
    ),
]
FileName = Annotated[
    str, Query(min_length=1, max_length=255, description="What the file is called")
]


@router.get(
    "/imports/template.csv", response_class=Response, responses={**_FILE, **problems(401, 403, 404)}
)
async def download_import_template(_actor: CompanyActor) -> Response:
    """A table to start from: the names of the columns and one row to write over."""
    example = ("print-001", "First dance", "dance.jpg", "dance.mp4")
    return _file([tables.COLUMNS, example], "import-template.csv")


@router.post(
    "/projects/{project_id}/imports/check",
    responses=problems(401, 403, 404, 409, 413, 422),
    max_body_size=tables.LARGEST_TABLE_BYTES,
)
async def check_import(
    project_id: UUID, body: TableBody, actor: CompanyActor, session: SessionDep
) -> schemas.ImportCheck:
    """What an import of this table would do, row by row, without doing it."""
    table = tables.read_table(body)
    checked = await service.check_table(session, actor, project_id=project_id, table=table)
    wrong = {error.line for error in checked.errors}
    existing = [row for row in table.rows if row.key in checked.existing and row.line not in wrong]
    return schemas.ImportCheck(
        encoding=table.encoding,
        delimiter=table.delimiter,
        row_count=len(table.rows),
        to_create=len(table.rows) - len(wrong) - len(existing),
        existing=len(existing),
        errors=[schemas.CellError(**_told(error)) for error in checked.errors],
    )


def _told(error: tables.RowError) -> dict[str, Any]:
    return {
        "line": error.line,
        "column": error.column,
        "code": error.code,
        "detail": error.detail,
        "value": error.value,
    }


@router.post(
    "/projects/{project_id}/imports",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(401, 403, 404, 409, 413, 422),
    max_body_size=tables.LARGEST_TABLE_BYTES,
)
async def start_import(
    project_id: UUID,
    body: TableBody,
    filename: FileName,
    actor: CompanyActor,
    session: SessionDep,
) -> schemas.ContentImport:
    """Make contents of a table in the background; a row whose key was imported before is left as it is."""
    started = await service.start_import(
        session, actor, project_id=project_id, filename=filename, table=tables.read_table(body)
    )
    return _shown(await queries.with_counts(session, started))


@router.get("/imports", responses=problems(401, 403, 404))
async def list_imports(
    actor: CompanyActor, session: SessionDep, params: PageRequestDep
) -> schemas.ContentImportPage:
    """The company's imports, newest first."""
    found, next_cursor = await queries.list_imports(session, actor, params)
    items = [_shown(progress) for progress in found]
    return schemas.ContentImportPage(items=items, next_cursor=next_cursor)


@router.get("/imports/{import_id}", responses=problems(401, 403, 404))
async def get_import(
    import_id: UUID, actor: CompanyActor, session: SessionDep
) -> schemas.ContentImport:
    """How far an import is."""
    return _shown(await queries.get_import(session, actor, import_id))


@router.get(
    "/imports/{import_id}/report.csv",
    response_class=Response,
    responses={**_FILE, **problems(401, 403, 404)},
)
async def download_import_report(
    import_id: UUID, actor: CompanyActor, session: SessionDep
) -> Response:
    """What became of each row, with the line of the file it was in."""
    progress = await queries.get_import(session, actor, import_id)
    rows = await queries.rows_of(session, progress.content_import)
    lines = [
        (
            r.line,
            r.key,
            r.title,
            r.status,
            r.error_column,
            r.error_code,
            r.error_detail,
            r.content_id,
        )
        for r in rows
    ]
    return _file([_REPORT_COLUMNS, *lines], "import-report.csv")


_REPORT_COLUMNS: Final = (
    "line",
    "key",
    "title",
    "status",
    "column",
    "code",
    "detail",
    "content_id",
)


@router.get(
    "/contents.csv", response_class=Response, responses={**_FILE, **problems(401, 403, 404)}
)
async def export_contents(
    actor: CompanyActor,
    session: SessionDep,
    present: PresenterDep,
    project_id: Annotated[UUID | None, Query(description="Only this project's")] = None,
) -> Response:
    """The company's contents as a table, archived ones too."""
    wanted = ContentFilter(archived=None, project_id=project_id)
    lines: list[Iterable[Any]] = [_EXPORT_COLUMNS]
    cursor = None
    while True:
        page = PageRequest(limit=LARGEST_LIMIT, cursor=cursor)
        found, cursor = await contents.list_contents(session, actor, wanted, page)
        for each in found:
            content = each.content
            lines.append(
                (
                    content.import_key,
                    content.title,
                    content.id,
                    content.status,
                    each.target.status,
                    each.target.score,
                    len(each.videos),
                    present.public_url(content),
                    content.archived_at and content.archived_at.isoformat(),
                    content.created_at.isoformat(),
                )
            )
        if cursor is None:
            return _file(lines, "contents.csv")


_EXPORT_COLUMNS: Final = (
    "key",
    "title",
    "id",
    "status",
    "target_status",
    "score",
    "videos",
    "public_url",
    "archived_at",
    "created_at",
)


def _file(lines: Iterable[Iterable[Any]], name: str) -> Response:
    text = BYTE_ORDER_MARK + "".join(csv_line(line) for line in lines)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text.encode(), media_type=f"{CSV}; charset=utf-8", headers=headers)


def _shown(progress: Progress) -> schemas.ContentImport:
    found, rows = progress.content_import, progress.rows
    ended = rows["created"] + rows["existing"] + rows["failed"]
    return schemas.ContentImport(
        id=found.id,
        project_id=found.project_id,
        filename=found.filename,
        status=schemas.ImportStatus(found.status),
        row_count=found.row_count,
        created=rows["created"],
        existing=rows["existing"],
        failed=rows["failed"],
        progress=round(ended / max(found.row_count, 1), 3),
        created_at=found.created_at,
        finished_at=found.finished_at,
    )
