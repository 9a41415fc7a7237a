"""Background work: a company's own, and the operator's view of all of it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from app.auth.dependencies import CompanyActor, SignedInActor
from app.companies.roles import MANAGE_COMPANY
from app.core.actor import Actor
from app.core.database import SessionDep
from app.core.jobs import JobState
from app.core.openapi import problems
from app.core.pagination import PageRequestDep
from app.jobs import queries, schemas, service

company_router = APIRouter(prefix="/companies/{company_id}/jobs", tags=["companies"])
operator_router = APIRouter(prefix="/operator/jobs", tags=["operator"])


async def _job_filter(
    state: Annotated[JobState | None, Query(description="Its state; failed by default")] = (
        JobState.FAILED
    ),
    queue: Annotated[str | None, Query(max_length=40, description="Of this queue")] = None,
    task_name: Annotated[str | None, Query(max_length=100, description="Of this task")] = None,
    refused: Annotated[
        bool | None, Query(description="Whether its input was at fault; both if not given")
    ] = None,
) -> queries.JobFilter:
    return queries.JobFilter(state, queue, task_name, refused)


FilterDep = Annotated[queries.JobFilter, Depends(_job_filter)]


@company_router.get("", responses=problems(401, 403, 404))
async def list_company_jobs(
    actor: CompanyActor, session: SessionDep, wanted: FilterDep, params: PageRequestDep
) -> schemas.CompanyJobPage:
    """The company's background work, newest first; what failed if nothing else is asked for."""
    actor.require(MANAGE_COMPANY)
    found, next_cursor = await queries.list_company_jobs(session, actor, wanted, params)
    items = [schemas.CompanyJob.model_validate(job) for job in found]
    return schemas.CompanyJobPage(items=items, next_cursor=next_cursor)


@company_router.get("/{job_id}", responses=problems(401, 403, 404))
async def get_company_job(
    job_id: UUID, actor: CompanyActor, session: SessionDep
) -> schemas.CompanyJob:
    """One piece of the company's background work."""
    actor.require(MANAGE_COMPANY)
    job = await queries.get_company_job(session, actor, job_id)
    return schemas.CompanyJob.model_validate(job)


@company_router.post("/{job_id}/retry", responses=problems(401, 403, 404, 409))
async def retry_company_job(
    job_id: UUID, actor: CompanyActor, session: SessionDep
) -> schemas.CompanyJob:
    """Begin a failed job of the company again; 409 `job_not_failed`, `job_can_not_be_retried`."""
    return schemas.CompanyJob.model_validate(await service.retry(session, actor, job_id))


@company_router.post("/{job_id}/discard", responses=problems(401, 403, 404, 409))
async def discard_company_job(
    job_id: UUID, actor: CompanyActor, session: SessionDep
) -> schemas.CompanyJob:
    """Take a failed job of the company off the list; 409 `job_not_failed`."""
    return schemas.CompanyJob.model_validate(await service.discard(session, actor, job_id))


async def _operator(actor: SignedInActor) -> Actor:
    service.require_operator(actor)
    return actor


Operator = Annotated[Actor, Depends(_operator)]


@operator_router.get("/overview", responses=problems(401, 403))
async def get_jobs_overview(actor: Operator, session: SessionDep) -> schemas.Overview:
    """How queues, workers and the clock stand; only a superadmin may."""
    return await service.overview(session, actor)


@operator_router.get("", responses=problems(401, 403))
async def list_all_jobs(
    _actor: Operator,
    session: SessionDep,
    wanted: FilterDep,
    params: PageRequestDep,
    company_id: Annotated[UUID | None, Query(description="Of this company")] = None,
) -> schemas.OperatedJobPage:
    """The background work of all companies, newest first; what failed if nothing else is asked for."""
    found, next_cursor = await queries.list_all_jobs(session, company_id, wanted, params)
    items = [schemas.OperatedJob.of(job) for job in found]
    return schemas.OperatedJobPage(items=items, next_cursor=next_cursor)


@operator_router.post("/retry", responses=problems(401, 403, 404))
async def retry_jobs(body: schemas.JobIds, actor: Operator, session: SessionDep) -> schemas.Changed:
    """Begin up to 200 failed jobs again; those that are not failed or can not be are left alone."""
    return schemas.Changed(changed=await service.retry_many(session, actor, body.ids))


@operator_router.post("/discard", responses=problems(401, 403, 404))
async def discard_jobs(
    body: schemas.JobIds, actor: Operator, session: SessionDep
) -> schemas.Changed:
    """Take up to 200 failed jobs off the list."""
    return schemas.Changed(changed=await service.discard_many(session, actor, body.ids))


@operator_router.get("/{job_id}", responses=problems(401, 403, 404))
async def get_job(job_id: UUID, _actor: Operator, session: SessionDep) -> schemas.OperatedJob:
    """One job of any company, with what it was given."""
    return schemas.OperatedJob.of(await queries.get_any_job(session, job_id))


@operator_router.post("/{job_id}/retry", responses=problems(401, 403, 404, 409))
async def retry_job(job_id: UUID, actor: Operator, session: SessionDep) -> schemas.OperatedJob:
    """Begin a failed job again; 409 `job_not_failed`, `job_can_not_be_retried`."""
    return schemas.OperatedJob.of(await service.retry(session, actor, job_id))


@operator_router.post("/{job_id}/discard", responses=problems(401, 403, 404, 409))
async def discard_job(job_id: UUID, actor: Operator, session: SessionDep) -> schemas.OperatedJob:
    """Take a failed job off the list; 409 `job_not_failed`."""
    return schemas.OperatedJob.of(await service.discard(session, actor, job_id))
