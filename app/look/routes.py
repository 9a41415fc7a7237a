"""The look of a company's viewer."""

from typing import Any

from fastapi import APIRouter, Request, status
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.dependencies import CompanyActor
from app.companies import queries as companies
from app.companies.models import Company
from app.companies.roles import READ
from app.core.actor import Actor
from app.core.bodies import body_chunks, declared_size
from app.core.database import SessionDep, session_scope
from app.core.etags import SeenDep, TaggingDep
from app.core.openapi import problems
from app.look import models, queries, schemas, service
from app.storage.service import storage_of

router = APIRouter(prefix="/companies/{company_id}/look", tags=["companies"])

_RAW_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The picture itself, not a form: PNG, WebP or JPEG.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("", responses=problems(401, 403, 404))
async def get_look(actor: CompanyActor, session: SessionDep, tagging: TaggingDep) -> schemas.Look:
    """Colours, logo and words of the company's viewer."""
    actor.require(READ)
    company = await companies.get_company(session, actor)
    look = await queries.look_of(session, company.id)
    return tagging.tag(await _shown(session, company, look), look)


@router.patch("", responses=problems(401, 403, 404, 412, 422))
async def update_look(
    body: schemas.LookUpdate,
    actor: CompanyActor,
    session: SessionDep,
    seen: SeenDep,
    tagging: TaggingDep,
) -> schemas.Look:
    """Change colours and words; 422 `too_little_contrast` when they could not be read."""
    changes = body.model_dump(exclude_unset=True)
    company, look = await service.update_look(session, actor, changes=changes, seen=seen)
    return tagging.tag(await _shown(session, company, look), look)


@router.put("/logo", responses=problems(401, 403, 404, 409, 413, 415, 422), openapi_extra=_RAW_BODY)
async def replace_logo(request: Request, actor: CompanyActor) -> schemas.Look:
    """Send the picture of the logo; it is re-encoded, and transparency stays."""
    await service.replace_logo(
        actor, declared_size=declared_size(request), chunks=body_chunks(request)
    )
    return await _current(actor)


@router.delete(
    "/logo", status_code=status.HTTP_204_NO_CONTENT, responses=problems(401, 403, 404, 412)
)
async def remove_logo(actor: CompanyActor, session: SessionDep, seen: SeenDep) -> None:
    """Show the company's name instead of a logo."""
    await service.remove_logo(session, actor, seen=seen)


async def _current(actor: Actor) -> schemas.Look:
    async with session_scope(company_id=actor.company_id) as session:
        company = await companies.get_company(session, actor)
        return await _shown(session, company, await queries.look_of(session, company.id))


async def _shown(session: AsyncSession, company: Company, look: models.Look) -> schemas.Look:
    logo = None
    if look.logo_key and look.logo_width and look.logo_height:
        storage = await storage_of(session, company.id)
        logo = schemas.Logo(
            url=storage.url_for(look.logo_key), width=look.logo_width, height=look.logo_height
        )
    return schemas.Look(
        accent_color=company.accent_color,
        background_color=look.background_color,
        ink_color=look.ink_color,
        texts=schemas.TextsByLanguage.model_validate(look.texts),
        logo=logo,
    )
