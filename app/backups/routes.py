"""Backups for the operator: what there is, another one, and the proof that one can be restored."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, status

from app.auth.dependencies import SignedInActor
from app.backups import queries, schemas, service
from app.core.actor import Actor
from app.core.config import get_settings
from app.core.database import SessionDep
from app.core.openapi import problems
from app.core.pagination import PageRequestDep

router = APIRouter(prefix="/operator/backups", tags=["operator"])


async def _operator(actor: SignedInActor) -> Actor:
    service.require_operator(actor)
    return actor


Operator = Annotated[Actor, Depends(_operator)]


@router.get("/overview", responses=problems(401, 403))
async def get_backup_overview(_actor: Operator, session: SessionDep) -> schemas.BackupOverview:
    """When a backup was last made and last proved, and the last checks; only a superadmin may."""
    settings = get_settings().backups
    newest = await queries.newest_done(session)
    checks = await queries.recent_checks(session)
    return schemas.BackupOverview(
        is_set_up=bool(settings.repository),
        second_place=bool(settings.second_repository),
        last_success_at=await queries.last_success(session),
        last_verified_at=await queries.last_verified(session),
        elsewhere_files=sum(each["files"] for each in newest.elsewhere) if newest else 0,
        checks=[schemas.RestoreCheck.model_validate(check) for check in checks],
    )


@router.get("", responses=problems(401, 403))
async def list_backups(
    _actor: Operator, session: SessionDep, params: PageRequestDep
) -> schemas.BackupPage:
    """All backups, newest first; only a superadmin may."""
    found, next_cursor = await queries.list_backups(session, params)
    items = [schemas.Backup.model_validate(backup) for backup in found]
    return schemas.BackupPage(items=items, next_cursor=next_cursor)


@router.post("", status_code=status.HTTP_202_ACCEPTED, responses=problems(401, 403, 409))
async def create_backup(actor: Operator, session: SessionDep) -> schemas.Backup:
    """Order a backup now; 409 `backups_not_set_up`, `backup_running`."""
    return schemas.Backup.model_validate(await service.order_backup(session, actor))


@router.post(
    "/{backup_id}/verify",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(401, 403, 404, 409),
)
async def verify_backup(
    backup_id: UUID, actor: Operator, session: SessionDep
) -> schemas.RestoreCheck:
    """Order a check: restored into a scratch place and compared; 409 `backup_not_restorable`."""
    check = await service.order_check(session, actor, backup_id)
    return schemas.RestoreCheck.model_validate(check)
