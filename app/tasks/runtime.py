"""The base of every task: one event loop and engine per worker process, a lease, short transactions.

    @task("markers.compile_target", max_attempts=3, time_limit=600, on_failed=mark_failed)
    async def compile_target(context: TaskContext, *, content_id: uuid.UUID) -> None:
        async with context.session() as session:      # claim the feature's row, commit
            ...
        result = await asyncio.to_thread(work)        # outside any transaction, off the event loop
        await context.progress(0.9, "storing")
        async with context.session(completes=True) as session:   # record; the job is done with it
            ...

Long computation belongs in a thread: the loop must stay free to renew the lease.
"""

import asyncio
import inspect
import os
import socket
import typing
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import get_settings
from app.core.database import dispose_engine, forget_engines, session_scope
from app.core.jobs import Job, queue_of
from app.core.tenancy import Scope, scoped
from app.tasks import ledger
from app.tasks.celery_app import LONGEST_TASK_SECONDS, celery_app
from app.tasks.outcome import Failure, LeaseLost, Permanent, Retryable, failure_of, is_passing

__all__ = ["Failure", "Permanent", "Retryable", "TaskContext", "periodic", "task"]

log = structlog.get_logger(__name__)

TaskFunction = Callable[..., Awaitable[None]]
OnFailed = Callable[..., Awaitable[None]]

# Made in the parent before it forks, so all processes of one worker share it.
WORKER_ID = f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}"
HARD_LIMIT_GRACE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class TaskDefinition:
    """A task as declared. `on_failed(session, failure, **kwargs)` runs with the failure's transaction."""

    name: str
    function: TaskFunction
    max_attempts: int
    time_limit: float
    on_failed: OnFailed | None

    def arguments(
        self, kwargs: dict[str, Any], function: Callable[..., Any] | None = None
    ) -> dict[str, Any]:
        """The job's kwargs with ids turned back from texts where the function says UUID."""
        hints = typing.get_type_hints(function or self.function)
        return {
            name: uuid.UUID(value) if hints.get(name) is uuid.UUID else value
            for name, value in kwargs.items()
        }


REGISTRY: dict[str, TaskDefinition] = {}


class TaskContext:
    """What a running task may do: open transactions, tell how far it is, log."""

    def __init__(self, job: Job) -> None:
        self.job_id = job.id
        self.attempt = job.attempts
        self.company_id = job.company_id
        self.completed = False
        self.log = log.bind(job_id=str(job.id), task_name=job.task_name, attempt=job.attempts)

    @asynccontextmanager
    async def session(self, *, completes: bool = False) -> AsyncIterator[AsyncSession]:
        """One short transaction, committed only while the job is still ours (else `LeaseLost`).

        With `completes` it also marks the job as succeeded: effect and mark commit together or not at all.
        """
        async with session_scope() as session:  # in the scope `run_job` gives the whole job
            yield session
            await session.flush()
            if completes:
                await ledger.succeed(session, self.job_id, self.attempt)
            else:
                await ledger.hold(session, self.job_id, self.attempt)
        self.completed = self.completed or completes

    async def progress(self, fraction: float, stage: str | None = None) -> None:
        """Tell watchers how far the work is, 0 to 1, and what it is at."""
        async with session_scope() as session:
            await ledger.report_progress(
                session, self.job_id, self.attempt, progress=fraction, stage=stage
            )


def task(
    name: str,
    *,
    queue: str | None = None,
    max_attempts: int = 3,
    time_limit: float = 600,
    on_failed: OnFailed | None = None,
) -> Callable[[TaskFunction], TaskFunction]:
    """Declare a task that jobs name. Its queue is the first part of the name."""
    if queue not in (None, queue_of(name)):
        raise ValueError(f"{name} belongs to queue {queue_of(name)}, not {queue}")
    if time_limit > LONGEST_TASK_SECONDS:
        raise ValueError(f"{name}: no task may take longer than {LONGEST_TASK_SECONDS} s")

    def declare(function: TaskFunction) -> TaskFunction:
        definition = TaskDefinition(name, function, max_attempts, time_limit, on_failed)
        REGISTRY[name] = definition

        def run(job_id: str) -> None:
            run_in_process(run_job(definition, uuid.UUID(job_id)))

        celery_app.task(name=name, time_limit=time_limit + HARD_LIMIT_GRACE_SECONDS)(run)
        return function

    return declare


def periodic(name: str, *, time_limit: float = 60) -> Callable[[TaskFunction], TaskFunction]:
    """Declare a task without a job row, run by the beat table; it must be harmless twice at once."""

    def declare(function: TaskFunction) -> TaskFunction:
        def run() -> None:
            run_in_process(_run_periodic(name, function))

        celery_app.task(name=name, time_limit=time_limit)(run)
        return function

    return declare


async def _run_periodic(name: str, function: TaskFunction) -> None:
    with structlog.contextvars.bound_contextvars(task_name=name), scoped(Scope(system=name)):
        try:
            await function()
        except Exception:
            log.exception("periodic.failed")


async def run_job(definition: TaskDefinition, job_id: uuid.UUID) -> None:
    """Run a job once, if it can be claimed. Duplicate deliveries end here without effect."""
    lease_seconds = get_settings().jobs.lease_seconds
    async with session_scope(system="ledger") as session:
        job = await ledger.claim(
            session,
            job_id,
            worker=WORKER_ID,
            max_attempts=definition.max_attempts,
            lease_seconds=lease_seconds,
        )
    if job is None:
        log.info("job.not_claimed", job_id=str(job_id))
        return
    context = TaskContext(job)
    known = {"job_id": str(job_id), "task_name": definition.name}
    with (
        structlog.contextvars.bound_contextvars(company_id=str(job.company_id or ""), **known),
        scoped(Scope(job.company_id) if job.company_id else Scope(system=definition.name)),
    ):
        await _run_claimed(definition, job, context, lease_seconds)


async def _run_claimed(
    definition: TaskDefinition, job: Job, context: TaskContext, lease_seconds: float
) -> None:
    try:
        await _work_under_lease(definition, job, context, lease_seconds)
    except LeaseLost:
        log.warning("job.lease_lost", attempt=job.attempts)
    except Exception as error:  # noqa: BLE001  (recorded with the job, and logged)
        await _record_failure(definition, job, error)
    else:
        log.info("job.succeeded", attempt=job.attempts)


async def _work_under_lease(
    definition: TaskDefinition, job: Job, context: TaskContext, lease_seconds: float
) -> None:
    """Run the function while a second coroutine renews the lease; losing it stops the function."""
    work = asyncio.ensure_future(definition.function(context, **definition.arguments(job.kwargs)))
    renewal = asyncio.create_task(_keep_lease(context, lease_seconds))
    try:
        async with asyncio.timeout(definition.time_limit):
            await asyncio.wait((work, renewal), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            work.cancel()
            await asyncio.wait((work,))
            await renewal
        await work
        if not context.completed:
            async with context.session(completes=True):
                pass
    finally:
        for pending in (work, renewal):
            pending.cancel()
        await asyncio.gather(work, renewal, return_exceptions=True)


async def _keep_lease(context: TaskContext, lease_seconds: float) -> None:
    """Renew until cancelled. A database that blinks is waited for; a lost lease raises `LeaseLost`."""
    while True:
        await asyncio.sleep(lease_seconds / 3)
        try:
            async with session_scope() as session:
                await ledger.renew(
                    session, context.job_id, context.attempt, lease_seconds=lease_seconds
                )
        except LeaseLost:
            if context.completed:
                return
            raise
        except Exception:
            log.warning("job.lease_renewal_failed", exc_info=True)


async def _record_failure(definition: TaskDefinition, job: Job, error: Exception) -> None:
    failure = failure_of(error)
    with suppress(LeaseLost):
        async with session_scope() as session:
            if is_passing(error) and job.attempts < definition.max_attempts:
                log.warning(
                    "job.retried_later", code=failure.code, attempt=job.attempts, exc_info=error
                )
                delay = getattr(error, "after_seconds", None)
                await ledger.retry_later(
                    session, job.id, job.attempts, failure=failure, after_seconds=delay
                )
                return
            if isinstance(error, Permanent):
                log.info("job.failed", code=failure.code)
            else:
                log.error("job.failed", code=failure.code, attempt=job.attempts, exc_info=error)
            await fail_job(session, job, failure)


async def fail_job(session: AsyncSession, job: Job, failure: Failure) -> None:
    """Mark the job as failed and tell its feature, in one transaction."""
    await ledger.fail(session, job.id, job.attempts, failure)
    definition = REGISTRY.get(job.task_name)
    if definition is None or definition.on_failed is None:
        return
    hook = definition.on_failed
    result = hook(session, failure, **definition.arguments(job.kwargs, hook))
    if inspect.isawaitable(result):
        await result


class _Process:
    """The event loop of this worker process, made after the fork and kept for all its tasks."""

    runner: asyncio.Runner | None = None
    pid: int | None = None


def run_in_process(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine on this process's own loop."""
    if _Process.runner is None or _Process.pid != os.getpid():
        forget_engines()
        _Process.runner, _Process.pid = asyncio.Runner(), os.getpid()
    _Process.runner.run(work)


def close_process() -> None:
    """Close this process's database connections and loop."""
    if _Process.runner is not None and _Process.pid == os.getpid():
        _Process.runner.run(dispose_engine())
        _Process.runner.close()
        _Process.runner = None
