"""The audit log: of a company for who may read it, of everything for the operator."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from app.audit import queries, schemas, service
from app.audit.queries import EventFilter
from app.audit.service import MEDIA_TYPES, Format
from app.auth.dependencies import CompanyActor, SignedInActor
from app.companies.roles import READ_AUDIT
from app.core.actor import Actor
from app.core.database import SessionDep, session_scope
from app.core.errors import Forbidden
from app.core.moments import Moment
from app.core.openapi import problems
from app.core.pagination import PageRequest, PageRequestDep
from app.events.models import Event

company_router = APIRouter(prefix="/companies/{company_id}", tags=["audit"])
operator_router = APIRouter(tags=["audit"])


async def _wanted(
    name: Annotated[
        str | None,
        Query(
            max_length=64,
            pattern=r"^[a-z_]+(\.[a-z_]*)?$",
            description="Beginning of the name: `content.` or `content.published`",
        ),
    ] = None,
    actor: Annotated[
        str | None,
        Query(
            max_length=200, description="Id, `user`, `api_key`, `system`, or a part of the label"
        ),
    ] = None,
    subject_id: Annotated[UUID | None, Query(description="What it happened to")] = None,
    since: Annotated[
        Moment | None, Query(alias="from", description="At or after this moment")
    ] = None,
    until: Annotated[Moment | None, Query(alias="to", description="Before this moment")] = None,
) -> EventFilter:
    return EventFilter(name, actor, subject_id, since, until)


FilterDep = Annotated[EventFilter, Depends(_wanted)]
Words = Annotated[str | None, Query(max_length=200, description="Words to look for")]
OfCompany = Annotated[UUID | None, Query(description="Of this company only")]


async def _operator(actor: SignedInActor) -> Actor:
    """The signed-in operator. Raises `Forbidden` for anybody else."""
    if not actor.is_superadmin:
        raise Forbidden("Only the operator of this installation reads the log of all companies.")
    return actor


Operator = Annotated[Actor, Depends(_operator)]


@company_router.get("/events", responses=problems(401, 403, 404))
async def list_company_events(
    actor: CompanyActor, session: SessionDep, wanted: FilterDep, params: PageRequestDep
) -> schemas.AuditEventPage:
    """What happened in the company, newest first."""
    actor.require(READ_AUDIT)
    found, next_cursor = await queries.list_company_events(session, actor, wanted, params)
    return _page(found, next_cursor)


@operator_router.get("/events", responses=problems(401, 403))
async def list_all_events(
    actor: Operator, wanted: FilterDep, params: PageRequestDep, company_id: OfCompany = None
) -> schemas.AuditEventPage:
    """What happened in every company and outside of any, newest first; for the operator."""
    return _page(*await _read_all(company_id, wanted, params))


def _page(found: list[Event], next_cursor: str | None) -> schemas.AuditEventPage:
    items = [schemas.AuditEvent.of(event) for event in found]
    return schemas.AuditEventPage(items=items, next_cursor=next_cursor)


def _downloads(format: Format) -> dict[str, Any]:
    """How the file is documented."""
    media_type = MEDIA_TYPES[format].partition(";")[0]
    content = {media_type: {"schema": {"type": "string"}}}
    description = "One event a line, newest first"
    return {
        "response_class": StreamingResponse,
        "responses": {
            200: {"description": description, "content": content},
            **problems(401, 403, 404),
        },
    }


@company_router.get("/events.csv", **_downloads("csv"))
async def export_company_events_csv(
    actor: CompanyActor, wanted: FilterDep, request: Request, q: Words = None
) -> StreamingResponse:
    """The company's audit log for a spreadsheet; no cell is taken for a formula."""
    return await _export_company(actor, wanted, request, q, "csv")


@company_router.get("/events.jsonl", **_downloads("jsonl"))
async def export_company_events_jsonl(
    actor: CompanyActor, wanted: FilterDep, request: Request, q: Words = None
) -> StreamingResponse:
    """The company's audit log for programs: one JSON object a line."""
    return await _export_company(actor, wanted, request, q, "jsonl")


@operator_router.get("/events.csv", **_downloads("csv"))
async def export_all_events_csv(
    actor: Operator,
    wanted: FilterDep,
    request: Request,
    q: Words = None,
    company_id: OfCompany = None,
) -> StreamingResponse:
    """The whole audit log for a spreadsheet; for the operator."""
    read = partial(_read_all, company_id, wanted)
    return await _download(actor, request, read, "csv", q)


@operator_router.get("/events.jsonl", **_downloads("jsonl"))
async def export_all_events_jsonl(
    actor: Operator,
    wanted: FilterDep,
    request: Request,
    q: Words = None,
    company_id: OfCompany = None,
) -> StreamingResponse:
    """The whole audit log for programs; for the operator."""
    read = partial(_read_all, company_id, wanted)
    return await _download(actor, request, read, "jsonl", q)


async def _export_company(
    actor: Actor, wanted: EventFilter, request: Request, q: str | None, format: Format
) -> StreamingResponse:
    actor.require(READ_AUDIT)
    read = partial(_read_company, actor, wanted)
    return await _download(actor, request, read, format, q)


async def _download(
    actor: Actor, request: Request, read: service.ReadPage, format: Format, q: str | None
) -> StreamingResponse:
    first = await read(service.first_page(q))  # what can not be asked is refused before the answer
    await service.note_export(actor, format=format, filters=dict(request.query_params))
    lines = service.exported(read, first, format=format, q=q)
    headers = {"Content-Disposition": f'attachment; filename="events.{format}"'}
    return StreamingResponse(lines, media_type=MEDIA_TYPES[format], headers=headers)


async def _read_company(
    actor: Actor, wanted: EventFilter, params: PageRequest
) -> tuple[list[Event], str | None]:
    async with session_scope(company_id=actor.company_id) as session:
        return await queries.list_company_events(session, actor, wanted, params)


async def _read_all(
    company_id: UUID | None, wanted: EventFilter, params: PageRequest
) -> tuple[list[Event], str | None]:
    async with session_scope(system="audit") as session:
        return await queries.list_all_events(session, company_id, wanted, params)
