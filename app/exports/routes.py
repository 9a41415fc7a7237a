"""Exports of everything a company has."""

from uuid import UUID

from fastapi import APIRouter, status
from fastapi.responses import FileResponse

from app.auth.dependencies import CompanyActor
from app.companies import queries as companies
from app.companies.roles import EXPORT
from app.core.database import SessionDep
from app.core.jobs import Job
from app.core.openapi import problems
from app.core.pagination import PageRequestDep
from app.exports import models, queries, schemas, service

router = APIRouter(prefix="/companies/{company_id}/exports", tags=["companies"])


@router.get("", responses=problems(401, 403, 404))
async def list_exports(
    actor: CompanyActor, session: SessionDep, params: PageRequestDep
) -> schemas.ExportPage:
    """The company's exports, newest first."""
    actor.require(EXPORT)
    exports, next_cursor = await queries.list_exports(session, actor, params)
    jobs = await queries.progress_of(session, exports)
    items = [_shown(export, jobs.get(export.id)) for export in exports]
    return schemas.ExportPage(items=items, next_cursor=next_cursor)


@router.post("", status_code=status.HTTP_202_ACCEPTED, responses=problems(401, 403, 404, 409))
async def request_export(actor: CompanyActor, session: SessionDep) -> schemas.Export:
    """Have everything of the company put into one zip; 409 `export_running` while another one is made."""
    return _shown(await service.request_export(session, actor), None)


@router.get("/{export_id}", responses=problems(401, 403, 404))
async def get_export(export_id: UUID, actor: CompanyActor, session: SessionDep) -> schemas.Export:
    """One export with its progress."""
    actor.require(EXPORT)
    export = await queries.get_export(session, actor, export_id)
    jobs = await queries.progress_of(session, [export])
    return _shown(export, jobs.get(export.id))


@router.get(
    "/{export_id}/file",
    response_class=FileResponse,
    responses={
        200: {"description": "The zip; ranges work.", "content": {"application/zip": {}}},
        **problems(401, 403, 404, 410),
    },
)
async def download_export(
    export_id: UUID, actor: CompanyActor, session: SessionDep
) -> FileResponse:
    """Download a ready export; 410 `export_gone` after seven days."""
    export, path = await service.open_export(session, actor, export_id)
    company = await companies.get_company(session, actor)
    name = f"{company.slug}-{export.created_at:%Y-%m-%d}.zip"
    return FileResponse(
        path,
        media_type="application/zip",
        filename=name,
        headers={"Cache-Control": "private, no-store"},
    )


@router.delete(
    "/{export_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404, 409),
)
async def delete_export(export_id: UUID, actor: CompanyActor, session: SessionDep) -> None:
    """Remove an export and its file before its time."""
    await service.delete_export(session, actor, export_id)


def _shown(export: models.Export, job: Job | None) -> schemas.Export:
    is_done = export.state in (models.ExportState.READY, models.ExportState.EXPIRED)
    return schemas.Export(
        id=export.id,
        state=models.ExportState(export.state),
        progress=1.0 if is_done else round(job.progress, 3) if job else 0.0,
        stage=job.stage if job and export.state == models.ExportState.RUNNING else None,
        counts=export.counts,
        size_bytes=export.size_bytes,
        sha256=export.sha256,
        failure_code=export.failure_code,
        created_at=export.created_at,
        finished_at=export.finished_at,
        expires_at=export.expires_at,
    )
