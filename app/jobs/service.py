"""Failed jobs begun again, or put aside. The operator may with all, a company with its own."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies.roles import MANAGE_COMPANY
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.errors import Conflict, Forbidden
from app.core.jobs import Job, begin_again
from app.core.queues import QUEUES
from app.jobs import queries, schemas
from app.tasks import presence
from app.tasks.schedule import beat_schedule


class JobNotFailed(Conflict):
    code = "job_not_failed"
    title = "The job has not failed"


class JobCanNotBeRetried(Conflict):
    code = "job_can_not_be_retried"
    title = "The job can not be begun again"


def require_operator(actor: Actor) -> None:
    """Raises `Forbidden` unless a superadmin asks."""
    if not actor.is_superadmin:
        raise Forbidden("Only the operator of this installation sees all background work.")


async def retry(session: AsyncSession, actor: Actor, job_id: UUID) -> Job:
    """Begin one failed job again. Raises `JobNotFailed`, `JobCanNotBeRetried`, `NotFound`."""
    job = await _failed(session, actor, job_id)
    if not job.can_retry:
        raise JobCanNotBeRetried(
            "What it needed is no longer kept. Begin again where the work came from."
        )
    await _retry(session, actor, job)
    return job


async def discard(session: AsyncSession, actor: Actor, job_id: UUID) -> Job:
    """Put one failed job aside. Raises `JobNotFailed`, `NotFound`."""
    job = await _failed(session, actor, job_id)
    _discard(session, actor, job)
    await session.flush()
    return job


async def retry_many(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> int:
    """Begin those again that are failed and can be; how many they were. For the operator.
    Raises `NotFound` when there are none of them."""
    require_operator(actor)
    await queries.require_any(session, ids)
    found = await queries.failed_for_change(session, ids, company_id=None)
    chosen = [job for job in found if job.can_retry]
    for job in chosen:
        await _retry(session, actor, job)
    return len(chosen)


async def discard_many(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> int:
    """Put those aside that are failed; how many they were. For the operator.
    Raises `NotFound` when there are none of them."""
    require_operator(actor)
    await queries.require_any(session, ids)
    found = await queries.failed_for_change(session, ids, company_id=None)
    for job in found:
        _discard(session, actor, job)
    return len(found)


async def _failed(session: AsyncSession, actor: Actor, job_id: UUID) -> Job:
    if actor.company_id is None:
        require_operator(actor)
        await queries.get_any_job(session, job_id)
    else:
        actor.require(MANAGE_COMPANY)
        await queries.get_company_job(session, actor, job_id)
    found = await queries.failed_for_change(session, [job_id], company_id=actor.company_id)
    if not found:
        raise JobNotFailed("It waits, runs or has ended meanwhile. Look at the list again.")
    return found[0]


async def _retry(session: AsyncSession, actor: Actor, job: Job) -> None:
    _record(session, "job.retried", actor, job)
    await begin_again(session, job)


def _discard(session: AsyncSession, actor: Actor, job: Job) -> None:
    job.discarded_at = utcnow()
    _record(session, "job.discarded", actor, job)


def _record(session: AsyncSession, name: str, actor: Actor, job: Job) -> None:
    code = job.error.get("code") if job.error else None
    events.record(
        session,
        name,
        actor=actor,
        company_id=job.company_id,
        subject_id=job.id,
        data={"task": job.task_name, "code": code},
    )


async def overview(session: AsyncSession, actor: Actor) -> schemas.Overview:
    """How queues, workers and clock stand, for the operator."""
    require_operator(actor)
    present = await presence.list_present(session)
    depths = await queries.depths(session)
    queues = []
    for name in QUEUES:
        depth = depths.get(name, queries.Depth())
        workers = [one for one in present if name in one.queues]
        queues.append(
            schemas.Queue(
                name=name,
                waiting=depth.waiting,
                scheduled=depth.scheduled,
                running=depth.running,
                oldest_seconds=depth.oldest_seconds,
                dead=depth.dead,
                workers=len(workers),
                slots=sum(one.slots for one in workers),
            )
        )
    ticks = await queries.list_ticks(session, list(beat_schedule(get_settings().beat)))
    return schemas.Overview(
        queues=queues,
        processes=[schemas.Process.model_validate(one) for one in present],
        ticks=[schemas.Tick.model_validate(tick) for tick in ticks],
    )
