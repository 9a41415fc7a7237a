"""API keys: what programs sign in with."""

from uuid import UUID

from fastapi import APIRouter, status

from app.api_keys import queries, schemas, service
from app.auth.dependencies import CompanyActor, FreshSession, KeyActor
from app.companies.roles import MANAGE_KEYS
from app.core.clock import utcnow
from app.core.database import SessionDep
from app.core.openapi import problems
from app.core.pagination import PageRequestDep

router = APIRouter(prefix="/companies/{company_id}/api-keys", tags=["api keys"])
own_router = APIRouter(tags=["api keys"])


@router.get("", responses=problems(401, 403, 404))
async def list_api_keys(
    actor: CompanyActor, session: SessionDep, params: PageRequestDep
) -> schemas.ApiKeyPage:
    """The company's keys that are not revoked, newest first; tokens are never shown again."""
    actor.require(MANAGE_KEYS)
    keys, next_cursor = await queries.list_keys(session, actor, params)
    items = [schemas.ApiKey.model_validate(key) for key in keys]
    return schemas.ApiKeyPage(items=items, next_cursor=next_cursor)


@router.post("", status_code=status.HTTP_201_CREATED, responses=problems(401, 403, 404, 409, 422))
async def create_api_key(
    body: schemas.ApiKeyCreate, actor: CompanyActor, _fresh: FreshSession, session: SessionDep
) -> schemas.ApiKeyWithToken:
    """Make a key; takes a fresh session. The answer holds its token, this once."""
    made = await service.create_key(
        session,
        actor,
        name=body.name,
        scopes=body.scopes,
        expires_at=body.expires_at,
        now=utcnow(),
    )
    return schemas.ApiKeyWithToken.of(made)


@router.get("/{key_id}", responses=problems(401, 403, 404))
async def get_api_key(key_id: UUID, actor: CompanyActor, session: SessionDep) -> schemas.ApiKey:
    """One key."""
    actor.require(MANAGE_KEYS)
    return schemas.ApiKey.model_validate(await queries.get_key(session, actor, key_id))


@router.post("/{key_id}/rotate", responses=problems(401, 403, 404))
async def rotate_api_key(
    key_id: UUID, actor: CompanyActor, _fresh: FreshSession, session: SessionDep
) -> schemas.ApiKeyWithToken:
    """Give the key a new token; the old one ends at once."""
    made = await service.rotate_key(session, actor, key_id, now=utcnow())
    return schemas.ApiKeyWithToken.of(made)


@router.delete(
    "/{key_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(401, 403, 404)
)
async def revoke_api_key(key_id: UUID, actor: CompanyActor, session: SessionDep) -> None:
    """End the key at once and for good."""
    await service.revoke_key(session, actor, key_id, now=utcnow())


@own_router.get("/api-key", responses=problems(401))
async def get_own_api_key(actor: KeyActor, session: SessionDep) -> schemas.OwnApiKey:
    """What the key of this request is, and which company it opens."""
    assert actor.api_key_id is not None, "a key's actor names it"
    key = await queries.get_key(session, actor, actor.api_key_id)
    company = await queries.company_of(session, actor)
    return schemas.OwnApiKey.of(key, company)
