"""The public routes: the viewer page, its manifest, and stored files."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.core.clock import utcnow
from app.core.database import PublicSessionDep
from app.core.openapi import problems
from app.viewer import files, pages, schemas, service
from app.viewer.caching import cache_control
from app.viewer.language import preferred_language

# Under /api/v1, as every programmatic answer.
api_router = APIRouter(tags=["viewer"])
# At the root, as people and printed codes reach them.
public_router = APIRouter(include_in_schema=False)

AcceptLanguage = Annotated[str, Header(include_in_schema=False)]


@api_router.get("/viewer/{public_id}/manifest", responses=problems(404, 410))
async def get_manifest(
    public_id: UUID,
    request: Request,
    session: PublicSessionDep,
    response: Response,
    accept_language: AcceptLanguage = "",
    renewal: Annotated[
        bool, Query(description="An open page asks again: what it shows may have changed.")
    ] = False,
) -> schemas.Manifest:
    """What the print shows now: its target, its image and the video that plays."""
    shown = await service.shown_by(
        session,
        public_id,
        language=preferred_language(accept_language),
        host=request.headers.get("host", ""),
        counts=not renewal,
    )
    response.headers["Cache-Control"] = cache_control(shown.ends_at, utcnow())
    response.headers["Vary"] = "Accept-Language"
    return shown.manifest


@public_router.api_route("/ar/{public_id}", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def view_page(
    public_id: str,
    request: Request,
    session: PublicSessionDep,
    accept_language: AcceptLanguage = "",
) -> Response:
    """The viewer page with its manifest inside, or a page that says why not."""
    return await pages.answer(
        session,
        public_id,
        language=preferred_language(accept_language),
        if_none_match=request.headers.get("if-none-match", ""),
        host=request.headers.get("host", ""),
        counts=request.method == "GET",
    )


@public_router.api_route("/storage/{key:path}", methods=["GET", "HEAD"])
async def get_file(key: str, request: Request) -> Response:
    """A file of the installation's folder, in ranges; nginx does this in production."""
    return await files.answer_local(key, request)


@public_router.api_route("/stored/{connection_id}/{key:path}", methods=["GET", "HEAD"])
async def get_stored_file(connection_id: UUID, key: str, request: Request) -> Response:
    """A file another storage keeps, streamed through us in ranges."""
    return await files.answer_stored(connection_id, key, request)
