"""The storage connections a company's files are in. Others than the local disk come with their backends."""

from uuid import UUID

from fastapi import APIRouter

from app.auth.dependencies import CompanyActor
from app.core.database import SessionDep
from app.core.openapi import problems
from app.core.pagination import PageRequestDep
from app.storage import models, queries, schemas, service

router = APIRouter(prefix="/companies/{company_id}/storage-connections", tags=["storage"])


@router.get("", responses=problems(401, 403, 404))
async def list_storage_connections(
    actor: CompanyActor, session: SessionDep, params: PageRequestDep
) -> schemas.StorageConnectionPage:
    """The company's own connections, and those of the installation that serve it."""
    found, next_cursor = await queries.list_connections(session, actor, params)
    items = [_shown(connection) for connection in found]
    return schemas.StorageConnectionPage(items=items, next_cursor=next_cursor)


@router.get("/{connection_id}", responses=problems(401, 403, 404))
async def get_storage_connection(
    connection_id: UUID, actor: CompanyActor, session: SessionDep
) -> schemas.StorageConnection:
    """One connection, without its secrets."""
    return _shown(await queries.get_connection(session, actor, connection_id))


@router.post("/{connection_id}/test", responses=problems(401, 403, 404))
async def test_storage_connection(
    connection_id: UUID, actor: CompanyActor, session: SessionDep
) -> schemas.StorageTest:
    """Write, read and remove a small file, now."""
    found = await service.test_connection(session, actor, connection_id)
    return schemas.StorageTest(
        works=found.works, detail=found.detail, milliseconds=found.milliseconds
    )


def _shown(connection: models.StorageConnection) -> schemas.StorageConnection:
    return schemas.StorageConnection(
        id=connection.id,
        name=connection.name,
        kind=schemas.StorageKind(connection.kind),
        is_default=connection.is_default,
        is_shared=connection.company_id is None,
        created_at=connection.created_at,
    )
