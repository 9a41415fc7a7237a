"""Moving a company's files to another connection, and checking that they are all there."""

from uuid import UUID

from fastapi import APIRouter, status

from app.auth.dependencies import CompanyActor
from app.companies.roles import MANAGE_STORAGE
from app.core.database import SessionDep
from app.core.openapi import problems
from app.core.pagination import PageRequestDep
from app.storage import checks, keeping_queries, keeping_schemas, moving

router = APIRouter(prefix="/companies/{company_id}", tags=["storage"])


@router.get("/storage-moves", responses=problems(401, 403, 404))
async def list_storage_moves(
    actor: CompanyActor, session: SessionDep, params: PageRequestDep
) -> keeping_schemas.StorageMovePage:
    """The company's moves, newest first."""
    actor.require(MANAGE_STORAGE)
    found, next_cursor = await keeping_queries.list_moves(session, actor, params)
    items = [keeping_schemas.StorageMove.model_validate(move) for move in found]
    return keeping_schemas.StorageMovePage(items=items, next_cursor=next_cursor)


@router.post(
    "/storage-moves",
    status_code=status.HTTP_201_CREATED,
    responses=problems(401, 403, 404, 409, 422),
)
async def start_storage_move(
    body: keeping_schemas.StorageMoveCreate, actor: CompanyActor, session: SessionDep
) -> keeping_schemas.StorageMove:
    """Copy every file, prove each by reading it back, then switch; nothing is interrupted meanwhile."""
    move = await moving.start_move(session, actor, to_connection_id=body.to_connection_id)
    return keeping_schemas.StorageMove.model_validate(move)


@router.get("/storage-moves/{move_id}", responses=problems(401, 403, 404))
async def get_storage_move(
    move_id: UUID, actor: CompanyActor, session: SessionDep
) -> keeping_schemas.StorageMove:
    """One move with its progress."""
    actor.require(MANAGE_STORAGE)
    move = await keeping_queries.get_move(session, actor, move_id)
    return keeping_schemas.StorageMove.model_validate(move)


@router.post("/storage-moves/{move_id}/pause", responses=problems(401, 403, 404, 409))
async def pause_storage_move(
    move_id: UUID, actor: CompanyActor, session: SessionDep
) -> keeping_schemas.StorageMove:
    """Copy nothing more for now."""
    move = await moving.pause_move(session, actor, move_id)
    return keeping_schemas.StorageMove.model_validate(move)


@router.post("/storage-moves/{move_id}/resume", responses=problems(401, 403, 404, 409, 422))
async def resume_storage_move(
    move_id: UUID,
    body: keeping_schemas.StorageMoveResume,
    actor: CompanyActor,
    session: SessionDep,
) -> keeping_schemas.StorageMove:
    """Go on after a pause or a failure, where it was."""
    move = await moving.resume_move(session, actor, move_id, leave_missing=body.leave_missing)
    return keeping_schemas.StorageMove.model_validate(move)


@router.post("/storage-moves/{move_id}/cancel", responses=problems(401, 403, 404, 409))
async def cancel_storage_move(
    move_id: UUID, actor: CompanyActor, session: SessionDep
) -> keeping_schemas.StorageMove:
    """Stay where the files are; the copies made so far are removed."""
    move = await moving.cancel_move(session, actor, move_id)
    return keeping_schemas.StorageMove.model_validate(move)


@router.post("/storage-moves/{move_id}/clean-up", responses=problems(401, 403, 404, 409))
async def clean_up_storage_move(
    move_id: UUID, actor: CompanyActor, session: SessionDep
) -> keeping_schemas.StorageMove:
    """Remove the old copies now instead of in some days."""
    move = await moving.clean_up_now(session, actor, move_id)
    return keeping_schemas.StorageMove.model_validate(move)


@router.get("/storage-checks", responses=problems(401, 403, 404))
async def list_storage_checks(
    actor: CompanyActor, session: SessionDep, params: PageRequestDep
) -> keeping_schemas.StorageCheckPage:
    """The company's checks, newest first: one a week, and those somebody asked for."""
    actor.require(MANAGE_STORAGE)
    found, next_cursor = await keeping_queries.list_checks(session, actor, params)
    items = [keeping_schemas.StorageCheck.model_validate(check) for check in found]
    return keeping_schemas.StorageCheckPage(items=items, next_cursor=next_cursor)


@router.post(
    "/storage-checks",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(401, 403, 404, 409, 422),
)
async def start_storage_check(
    body: keeping_schemas.StorageCheckCreate, actor: CompanyActor, session: SessionDep
) -> keeping_schemas.StorageCheck:
    """Compare the register of files with the storage, in both directions; nothing is changed."""
    check = await checks.start_check(session, actor, is_deep=body.is_deep)
    return keeping_schemas.StorageCheck.model_validate(check)


@router.get("/storage-checks/{check_id}", responses=problems(401, 403, 404))
async def get_storage_check(
    check_id: UUID, actor: CompanyActor, session: SessionDep
) -> keeping_schemas.StorageCheck:
    """One check and what it found."""
    actor.require(MANAGE_STORAGE)
    check = await keeping_queries.get_check(session, actor, check_id)
    return keeping_schemas.StorageCheck.model_validate(check)
