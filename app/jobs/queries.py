"""Jobs of one company or of all, and how the queues stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.jobs import Job, JobState
from app.core.pagination import PageRequest, fetch_page
from app.tasks.models import BeatTick


@dataclass(frozen=True, slots=True)
class JobFilter:
    """What a reader looks for; None means any. Discarded jobs are in no list."""

    state: JobState | None = JobState.FAILED
    queue: str | None = None
    task_name: str | None = None
    refused: bool | None = None


async def list_company_jobs(
    session: AsyncSession, actor: Actor, wanted: JobFilter, request: PageRequest
) -> tuple[list[Job], str | None]:
    """One page of the jobs of the actor's company, newest first."""
    statement = select(Job).where(Job.company_id == actor.company_id)
    return await _page(session, statement, wanted, request)


async def list_all_jobs(
    session: AsyncSession, company_id: UUID | None, wanted: JobFilter, request: PageRequest
) -> tuple[list[Job], str | None]:
    """One page of the jobs of all companies and of none, for the operator."""
    statement = select(Job)
    if company_id is not None:
        statement = statement.where(Job.company_id == company_id)
    return await _page(session, statement, wanted, request)


async def _page(
    session: AsyncSession, statement: Select[Job], wanted: JobFilter, request: PageRequest
) -> tuple[list[Job], str | None]:
    statement = statement.where(*_matching(wanted))
    if request.q:
        statement = statement.where(
            Job.task_name.icontains(request.q, autoescape=True)
            | Job.error["code"].astext.icontains(request.q, autoescape=True)
        )
    return await fetch_page(session, statement, key=(Job.id,), request=request)


def _matching(wanted: JobFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Job.discarded_at.is_(None)]
    pairs: tuple[tuple[ColumnElement[Any] | Any, object], ...] = (
        (Job.state, wanted.state),
        (Job.queue, wanted.queue),
        (Job.task_name, wanted.task_name),
        (Job.refused, wanted.refused),
    )
    return conditions + [column == value for column, value in pairs if value is not None]


async def get_company_job(session: AsyncSession, actor: Actor, job_id: UUID) -> Job:
    """Raises `NotFound`, also for another company's job."""
    statement = select(Job).where(Job.company_id == actor.company_id, Job.id == job_id)
    return _found((await session.scalars(statement)).one_or_none())


async def get_any_job(session: AsyncSession, job_id: UUID) -> Job:
    """For the operator. Raises `NotFound`."""
    return _found(await session.get(Job, job_id))


def _found(job: Job | None) -> Job:
    if job is None:
        raise NotFound("There is no such job.")
    return job


async def require_any(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """Raises `NotFound` when not one of these jobs exists; for the operator."""
    if await session.scalar(select(Job.id).where(Job.id.in_(ids)).limit(1)) is None:
        raise NotFound("There are no such jobs.")


async def failed_for_change(
    session: AsyncSession, ids: Sequence[UUID], *, company_id: UUID | None
) -> list[Job]:
    """Those that are still failed, locked; of one company, or of all for the operator."""
    statement = select(Job).where(
        Job.id.in_(ids), Job.state == JobState.FAILED, Job.discarded_at.is_(None)
    )
    if company_id is not None:
        statement = statement.where(Job.company_id == company_id)
    return list(await session.scalars(statement.order_by(Job.id).with_for_update()))


@dataclass(frozen=True, slots=True)
class Depth:
    """How much there is of a queue."""

    waiting: int = 0
    scheduled: int = 0
    running: int = 0
    dead: int = 0
    oldest_seconds: float | None = None


async def depths(session: AsyncSession) -> dict[str, Depth]:
    """Each queue that has something, by name."""
    due = (Job.state == JobState.QUEUED) & (Job.run_after <= func.now())
    later = (Job.state == JobState.QUEUED) & (Job.run_after > func.now())
    dead = (Job.state == JobState.FAILED) & Job.discarded_at.is_(None) & ~Job.refused
    age = func.extract("epoch", func.now() - func.min(Job.run_after).filter(due))
    statement = (
        select(
            Job.queue,
            func.count().filter(due),
            func.count().filter(later),
            func.count().filter(Job.state == JobState.RUNNING),
            func.count().filter(dead),
            age,
        )
        .where(Job.state.in_([JobState.QUEUED, JobState.RUNNING, JobState.FAILED]))
        .group_by(Job.queue)
    )
    return {
        queue: Depth(waiting, scheduled, running, gone, oldest)
        for queue, waiting, scheduled, running, gone, oldest in await session.execute(statement)
    }


async def list_ticks(session: AsyncSession, names: Sequence[str]) -> list[BeatTick]:
    statement = select(BeatTick).where(BeatTick.name.in_(names)).order_by(BeatTick.due_at)
    return list(await session.scalars(statement))
