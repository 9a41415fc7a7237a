"""The storage connections of a company. The one active keeps its files; others are tried, or moved to."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from app.auth.dependencies import CompanyActor
from app.core.database import SessionDep
from app.core.etags import SeenDep, TaggingDep
from app.core.openapi import problems
from app.core.pagination import PageRequestDep
from app.storage import connections, queries, schemas
from app.storage.presenter import shown

router = APIRouter(prefix="/companies/{company_id}/storage-connections", tags=["storage"])

Archived = Annotated[bool, Query(description="Those in the archive instead of the others")]


@router.get("", responses=problems(401, 403, 404))
async def list_storage_connections(
    actor: CompanyActor, session: SessionDep, params: PageRequestDep, archived: Archived = False
) -> schemas.StorageConnectionPage:
    """The company's own connections, and those of the installation that serve it."""
    found, next_cursor = await queries.list_connections(session, actor, params, archived=archived)
    active = await queries.active_id(session, actor)
    items = [shown(connection, active) for connection in found]
    return schemas.StorageConnectionPage(items=items, next_cursor=next_cursor)


@router.post("", status_code=status.HTTP_201_CREATED, responses=problems(401, 403, 404, 422))
async def create_storage_connection(
    body: schemas.StorageConnectionCreate,
    actor: CompanyActor,
    session: SessionDep,
    tagging: TaggingDep,
) -> schemas.StorageConnection:
    """Add a place for files. Test it, then make it active or move the files there."""
    settings = body.s3.model_dump(exclude={"secret_access_key"})
    secrets = {"secret_access_key": body.s3.secret_access_key.get_secret_value()}
    row = await connections.create_connection(
        session, actor, name=body.name, kind=body.kind, settings=settings, secrets=secrets
    )
    return tagging.tag(shown(row, await queries.active_id(session, actor)), row)


@router.get("/{connection_id}", responses=problems(401, 403, 404))
async def get_storage_connection(
    connection_id: UUID, actor: CompanyActor, session: SessionDep, tagging: TaggingDep
) -> schemas.StorageConnection:
    """One connection, without its secrets."""
    row = await queries.get_connection(session, actor, connection_id)
    return tagging.tag(shown(row, await queries.active_id(session, actor)), row)


@router.patch("/{connection_id}", responses=problems(401, 403, 404, 409, 412, 422))
async def update_storage_connection(
    connection_id: UUID,
    body: schemas.StorageConnectionUpdate,
    actor: CompanyActor,
    session: SessionDep,
    tagging: TaggingDep,
    seen: SeenDep,
) -> schemas.StorageConnection:
    """Change the name, the address or the key. The active one is only changed to something that works."""
    given = body.s3.model_dump(exclude_none=True) if body.s3 else {}
    secret = given.pop("secret_access_key", None)
    row = await connections.update_connection(
        session,
        actor,
        connection_id,
        name=body.name,
        settings=given,
        secrets={"secret_access_key": secret.get_secret_value()} if secret else {},
        seen=seen,
    )
    return tagging.tag(shown(row, await queries.active_id(session, actor)), row)


@router.post("/{connection_id}/archive", responses=problems(401, 403, 404, 409, 412))
async def archive_storage_connection(
    connection_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    tagging: TaggingDep,
    seen: SeenDep,
) -> schemas.StorageConnection:
    """Put a connection out of the way; the active one answers 409 `connection_in_use`."""
    row = await connections.set_archived(session, actor, connection_id, archived=True, seen=seen)
    return tagging.tag(shown(row, await queries.active_id(session, actor)), row)


@router.post("/{connection_id}/restore", responses=problems(401, 403, 404, 412))
async def restore_storage_connection(
    connection_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    tagging: TaggingDep,
    seen: SeenDep,
) -> schemas.StorageConnection:
    """Take a connection out of the archive."""
    row = await connections.set_archived(session, actor, connection_id, archived=False, seen=seen)
    return tagging.tag(shown(row, await queries.active_id(session, actor)), row)


@router.delete(
    "/{connection_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404, 409, 412),
)
async def delete_storage_connection(
    connection_id: UUID, actor: CompanyActor, session: SessionDep, seen: SeenDep
) -> None:
    """Forget a connection and its secret; one in use answers 409 `connection_in_use`."""
    await connections.delete_connection(session, actor, connection_id, seen=seen)


@router.post("/{connection_id}/test", responses=problems(401, 403, 404))
async def test_storage_connection(
    connection_id: UUID, actor: CompanyActor, session: SessionDep
) -> schemas.StorageTest:
    """Write, read, list and remove a small file, now, and say which step failed and why."""
    found = await connections.test_connection(session, actor, connection_id)
    return schemas.StorageTest.model_validate(found.proof, from_attributes=True)


@router.post("/{connection_id}/activate", responses=problems(401, 403, 404, 409))
async def activate_storage_connection(
    connection_id: UUID, actor: CompanyActor, session: SessionDep, tagging: TaggingDep
) -> schemas.StorageConnection:
    """Keep the company's files there from now on. A company that has files moves them instead: 409."""
    row = await connections.activate_connection(session, actor, connection_id)
    return tagging.tag(shown(row, await queries.active_id(session, actor)), row)
