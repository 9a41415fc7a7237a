"""From a table to contents: checked as a whole, then made row by row, each row once however often."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.ar_content import queries as contents
from app.ar_content import service as making
from app.ar_content.errors import ImportedAlready
from app.companies.roles import WRITE_CONTENTS
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.errors import ArvError
from app.core.jobs import enqueue
from app.imports import queries
from app.imports.models import ContentImport, ImportRow
from app.imports.tables import Row, RowError, Table
from app.projects import service as projects
from app.uploads import queries as uploads
from app.uploads.models import Upload

IMPORT_TASK = "default.import_contents"


@dataclass(frozen=True, slots=True)
class Checked:
    """What an import of the table would do now."""

    existing: set[str]
    errors: list[RowError]


@dataclass(frozen=True, slots=True)
class Material:
    """The company's uploads that the rows name, by id and by file name."""

    images: dict[str, Upload]
    videos: dict[str, Upload]

    def errors_in(self, row: Row) -> list[RowError]:
        return [
            RowError(
                row.line,
                column,
                "upload_not_found",
                f"No {column} called “{name}” was uploaded.",
                name,
            )
            for column, name, found in (
                ("image", row.image, self.images),
                ("video", row.video, self.videos),
            )
            if name and name not in found
        ]


async def check_table(
    session: AsyncSession, actor: Actor, *, project_id: UUID, table: Table
) -> Checked:
    """Every error of every row, and which rows exist already. Changes nothing."""
    actor.require(WRITE_CONTENTS)
    await projects.open_project(session, actor, project_id)
    existing = await contents.import_keys_in(session, actor, {row.key for row in table.rows})
    material = await _material(session, actor, table.rows)
    errors = [*table.errors, *_repeated(table.rows)]
    for row in table.rows:
        if row.key not in existing:
            errors += material.errors_in(row)
    return Checked(existing, sorted(errors, key=lambda error: error.line))


def _repeated(rows: list[Row]) -> list[RowError]:
    first: dict[str, int] = {}
    errors = []
    for row in rows:
        line = first.setdefault(row.key, row.line)
        if line != row.line:
            told = f"Line {line} has the same key. Give each row one of its own."
            errors.append(RowError(row.line, "key", "repeated", told))
    return errors


async def _material(session: AsyncSession, actor: Actor, rows: list[Row]) -> Material:
    images = {row.image for row in rows if row.image}
    videos = {row.video for row in rows if row.video}
    return Material(
        await uploads.find_named(session, actor, images, purpose="image"),
        await uploads.find_named(session, actor, videos, purpose="video"),
    )


async def start_import(
    session: AsyncSession, actor: Actor, *, project_id: UUID, filename: str, table: Table
) -> ContentImport:
    """The import, queued. Rows with errors are part of it and end as failed, with the reason."""
    checked = await check_table(session, actor, project_id=project_id, table=table)
    assert actor.company_id is not None
    started = ContentImport(
        company_id=actor.company_id,
        project_id=project_id,
        filename=filename,
        user_id=actor.user_id,
        api_key_id=actor.api_key_id,
        actor_kind=actor.kind,
        actor_label=actor.label,
        row_count=len(table.rows),
    )
    session.add(started)
    await session.flush()
    first_errors = {error.line: error for error in reversed(checked.errors)}
    session.add_all(_import_row(started, row, first_errors.get(row.line)) for row in table.rows)
    await session.flush()
    job = await enqueue(session, IMPORT_TASK, company_id=started.company_id, import_id=started.id)
    started.job_id = job.id
    events.record(
        session,
        "import.started",
        actor=actor,
        subject_id=started.id,
        data={"filename": filename, "rows": len(table.rows), "project_id": str(project_id)},
    )
    return started


def _import_row(content_import: ContentImport, row: Row, error: RowError | None) -> ImportRow:
    made = ImportRow(
        company_id=content_import.company_id,
        import_id=content_import.id,
        line=row.line,
        key=row.key[:200],
        title=row.title[:200],
        image=row.image[:255],
        video=row.video[:255],
        status="failed" if error else "pending",
    )
    if error:
        made.error_column, made.error_code = error.column, error.code
        made.error_detail = error.detail
    return made


async def import_next_row(session: AsyncSession, content_import: ContentImport) -> bool:
    """Make the content of the next row; False when there is none left.

    The content and the row's end are one transaction, so a row is done once whatever crashes.
    """
    row = await queries.next_pending(session, content_import)
    if row is None:
        return False
    actor = _actor_of(content_import)
    try:
        async with session.begin_nested():
            row.content_id = await _make(session, actor, content_import, row)
            row.status = "created"
    except ImportedAlready:
        row.status = "existing"
    except ArvError as error:
        row.status, row.error_code, row.error_detail = "failed", error.code, error.detail
    await session.flush()
    return True


async def _make(
    session: AsyncSession, actor: Actor, content_import: ContentImport, row: ImportRow
) -> UUID:
    material = await _material(
        session, actor, [Row(row.line, row.key, row.title, row.image, row.video)]
    )
    image, video = material.images.get(row.image), material.videos.get(row.video)
    if image is None or (row.video and video is None):
        raise UploadGone("An upload this row names is gone. Send the file again, and import again.")
    content = await making.create_content(
        session,
        actor,
        project_id=content_import.project_id,
        title=row.title,
        image_upload_id=image.id,
        video_upload_id=video.id if video else None,
        import_key=row.key,
    )
    return content.id


class UploadGone(ArvError):
    status = 409
    code = "upload_not_found"
    title = "An upload is gone"


def _actor_of(content_import: ContentImport) -> Actor:
    """Whoever asked for the import, with the one permission it takes."""
    return Actor(
        user_id=content_import.user_id,
        company_id=content_import.company_id,
        permissions=frozenset({WRITE_CONTENTS}),
        kind="api_key" if content_import.actor_kind == "api_key" else "user",
        api_key_id=content_import.api_key_id,
        label=content_import.actor_label,
    )


async def finish_import(
    session: AsyncSession, content_import: ContentImport, *, status: str = "done"
) -> None:
    """Say that the import has ended, with its figures."""
    progress = await queries.with_counts(session, content_import)
    content_import.status, content_import.finished_at = status, utcnow()
    await session.flush()
    events.record(
        session,
        "import.finished",
        actor=_actor_of(content_import),
        subject_id=content_import.id,
        data={"status": status, **progress.rows},
    )
