"""The base of every task: one event loop and engine per worker process, a lease, short transactions.

    @task("markers.compile_target", max_attempts=3, time_limit=600, on_failed=mark_failed)
    async def compile_target(context: TaskContext, *, content_id: uuid.UUID) -> None:
        async with context.session() as session:      # claim the feature's row, commit
            ...
        result = await asyncio.to_thread(work)        # outside any transaction, off the event loop
        await context.progress(0.9, "storing")
        async with context.session(completes=True) as session:   # record; the job is done with it
            ...

Long computation belongs in a thread: the loop must stay free to renew the lease. A task whose `on_failed`
tells its feature declares `on_retry` too, which takes that back when a person begins the job again.
"""

import asyncio
import os
import signal
import socket
import typing
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import structlog
from celery.exceptions import Reject
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import live, tracing
from app.core.config import get_settings
from app.core.database import after_commit, dispose_engine, forget_engines, session_scope
from app.core.jobs import Job, Nudge, publish, queue_of
from app.core.tenancy import Scope, scoped
from app.tasks import ledger
from app.tasks.celery_app import LONGEST_TASK_SECONDS, celery_app
from app.tasks.crew import crew
from app.tasks.dead import tell_operators
from app.tasks.outcome import Failure, LeaseLost, Permanent, Retryable, failure_of, is_passing

__all__ = ["Failure", "Permanent", "Retryable", "TaskContext", "periodic", "task"]

log = structlog.get_logger(__name__)

TaskFunction = Callable[..., Awaitable[None]]
OnFailed = Callable[..., Awaitable[None]]
OnRetry = Callable[..., Awaitable[None]]

# Made in the parent before it forks, so all processes of one worker share it.
WORKER_ID = f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}"
HARD_LIMIT_GRACE_SECONDS = 30
# Work that may take longer leaves one process of each worker free for what people wait for.
LONG_SECONDS = 600
# So long a process stays with a queue that has work; then the other queues' messages have their turn.
STAYS_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class TaskDefinition:
    """A task as declared. `on_failed(session, failure, **kwargs)` runs with the failure's transaction."""

    name: str
    function: TaskFunction
    max_attempts: int
    time_limit: float
    on_failed: OnFailed | None = None
    on_retry: OnRetry | None = None
    is_periodic: bool = False

    @property
    def can_retry(self) -> bool:
        """Whether a person may begin a failed job again: its feature has heard nothing, or takes it back."""
        return self.on_failed is None or self.on_retry is not None

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
        self.fence = job.fence
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
                await ledger.succeed(session, self.job_id, self.fence)
            else:
                await ledger.hold(session, self.job_id, self.fence)
        self.completed = self.completed or completes

    async def progress(self, fraction: float, stage: str | None = None) -> None:
        """Tell watchers how far the work is, 0 to 1, and what it is at."""
        async with session_scope() as session:
            await ledger.report_progress(
                session, self.job_id, self.fence, progress=fraction, stage=stage
            )
            if self.company_id is not None:
                await live.publish(session, self.company_id, "job.progress", self.job_id)


def task(
    name: str,
    *,
    queue: str | None = None,
    max_attempts: int = 3,
    time_limit: float = 600,
    on_failed: OnFailed | None = None,
    on_retry: OnRetry | None = None,
) -> Callable[[TaskFunction], TaskFunction]:
    """Declare a task that jobs name. Its queue is the first part of the name."""
    if queue not in (None, queue_of(name)):
        raise ValueError(f"{name} belongs to queue {queue_of(name)}, not {queue}")
    if time_limit > LONGEST_TASK_SECONDS:
        raise ValueError(f"{name}: no task may take longer than {LONGEST_TASK_SECONDS} s")

    def declare(function: TaskFunction) -> TaskFunction:
        _declare(TaskDefinition(name, function, max_attempts, time_limit, on_failed, on_retry))
        return function

    return declare


def periodic(name: str, *, time_limit: float = 60) -> Callable[[TaskFunction], TaskFunction]:
    """Declare a task for the beat table: it takes nothing, and being run twice does no harm."""

    def declare(function: TaskFunction) -> TaskFunction:
        async def run(_context: TaskContext) -> None:
            await function()

        _declare(TaskDefinition(name, run, 3, time_limit, is_periodic=True))
        return function

    return declare


def _declare(definition: TaskDefinition) -> None:
    """Under the task's name Celery looks at its queue: which job a message names does not matter."""
    REGISTRY[definition.name] = definition
    queue = queue_of(definition.name)

    def run(job_id: str | None = None) -> None:
        look(queue)

    # Each job's own limit is held by `_under_alarm`; Celery's is for what that can not reach.
    celery_app.task(name=definition.name, time_limit=LONGEST_TASK_SECONDS + 120)(run)


def look(queue: str) -> None:
    """Do what is due on the queue, in turn. What is left when this worker stops is another's."""
    if crew.is_closing:
        raise Reject("stopping", requeue=True)
    with crew.busy():
        run_in_process(_work_off(queue))


async def _work_off(queue: str) -> None:
    begun = asyncio.get_running_loop().time()
    while not crew.is_closing:
        try:
            job = await _next_job(queue)
        except Exception as error:  # noqa: BLE001  (a database that is away; the sweeper asks again)
            log.warning("job.claim_failed", queue=queue, error=repr(error))
            return
        if job is None:
            return
        definition = REGISTRY[job.task_name]
        with _under_alarm(definition.time_limit + HARD_LIMIT_GRACE_SECONDS):
            await run_claimed(definition, job)
        if asyncio.get_running_loop().time() - begun > STAYS_SECONDS:
            await publish(Nudge(job.task_name, queue, job.id))
            return


async def _next_job(queue: str) -> Job | None:
    """The queue's next job, claimed for this process."""
    seeker = ledger.Seeker(
        name=process_name(),
        tasks=REGISTRY,
        long_tasks=[name for name, known in REGISTRY.items() if known.time_limit > LONG_SECONDS],
        long_slots=crew.slots - 1 if crew.slots > 1 else None,
    )
    async with session_scope(system="ledger") as session:
        job = await ledger.claim_next(
            session, queue, seeker, lease_seconds=get_settings().jobs.lease_seconds
        )
        if job is not None:
            job.max_attempts = REGISTRY[job.task_name].max_attempts
    return job


def process_name() -> str:
    """This process of the worker, as jobs name who holds them."""
    return f"{WORKER_ID}/{os.getpid()}"


@contextmanager
def _under_alarm(seconds: float) -> Iterator[None]:
    """The kernel ends this process when the time is over, even one that never comes back to Python."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


async def run_job(definition: TaskDefinition, job_id: uuid.UUID) -> None:
    """Run a certain job once, if it can be claimed. Duplicate deliveries end here without effect."""
    async with session_scope(system="ledger") as session:
        lease_seconds = get_settings().jobs.lease_seconds
        job = await ledger.claim(
            session, job_id, worker=process_name(), lease_seconds=lease_seconds
        )
        if job is not None:
            job.max_attempts = definition.max_attempts
    if job is None:
        log.info("job.not_claimed", job_id=str(job_id))
        return
    await run_claimed(definition, job)


async def run_claimed(definition: TaskDefinition, job: Job) -> None:
    """Run a job that is ours, in its company, and record how it ended."""
    context = TaskContext(job)
    known = {"job_id": str(job.id), "task_name": definition.name}
    with (
        tracing.span(f"job {definition.name}", kind="consumer", parent=job.traceparent) as span,
        structlog.contextvars.bound_contextvars(
            company_id=str(job.company_id or ""),
            trace_id=tracing.trace_id(span) or tracing.trace_of(job.traceparent),
            **known,
        ),
        scoped(Scope(job.company_id) if job.company_id else Scope(system=definition.name)),
    ):
        try:
            if job.reopened:
                await _take_back(definition, job)
            await _work_under_lease(definition, job, context)
        except LeaseLost:
            log.warning("job.lease_lost", attempt=job.attempts)
        except Exception as error:  # noqa: BLE001  (recorded with the job, and logged)
            await _record_failure(definition, job, error)
        else:
            log.info("job.succeeded", attempt=job.attempts)


async def _take_back(definition: TaskDefinition, job: Job) -> None:
    """A job begun again by a person: its feature forgets the failure, in one transaction with the mark."""
    async with session_scope() as session:
        await ledger.reopen(session, job.id, job.fence)
        if definition.on_retry is not None:
            await definition.on_retry(
                session, **definition.arguments(job.kwargs, definition.on_retry)
            )


async def _work_under_lease(definition: TaskDefinition, job: Job, context: TaskContext) -> None:
    """Run the function while a second coroutine renews the lease; losing it stops the function."""
    work = asyncio.ensure_future(definition.function(context, **definition.arguments(job.kwargs)))
    renewal = asyncio.create_task(_keep_lease(context, get_settings().jobs.lease_seconds))
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
                    session, context.job_id, context.fence, lease_seconds=lease_seconds
                )
        except LeaseLost:
            if context.completed:
                return
            raise
        except Exception:
            log.warning("job.lease_renewal_failed", exc_info=True)


async def _record_failure(definition: TaskDefinition, job: Job, error: Exception) -> None:
    failure = failure_of(error)
    if isinstance(error, TimeoutError | MemoryError):
        crew.retire()  # a thread may go on, or memory be in pieces: the next job gets a new process
    with suppress(LeaseLost):
        async with session_scope() as session:
            if is_passing(error) and job.attempts < definition.max_attempts:
                log.warning(
                    "job.retried_later", code=failure.code, attempt=job.attempts, exc_info=error
                )
                asked: float | None = getattr(error, "after_seconds", None)
                delay = ledger.retry_delay_seconds(job.attempts) if asked is None else asked
                await ledger.retry_later(
                    session, job.id, job.fence, failure=failure, after_seconds=delay
                )
                return
            refused = isinstance(error, Permanent)
            if refused:
                log.info("job.failed", code=failure.code)
            else:
                log.error("job.failed", code=failure.code, attempt=job.attempts, exc_info=error)
            await fail_job(session, job, failure, refused=refused)


async def fail_job(
    session: AsyncSession, job: Job, failure: Failure, *, refused: bool = False
) -> None:
    """Mark the job as failed and tell its feature, in one transaction."""
    definition = REGISTRY.get(job.task_name)
    can_retry = definition is None or definition.can_retry
    await ledger.fail(session, job.id, job.fence, failure, refused=refused, can_retry=can_retry)
    if definition is not None and definition.on_failed is not None:
        hook = definition.on_failed
        await hook(session, failure, **definition.arguments(job.kwargs, hook))
    if not refused:
        after_commit(session, lambda: tell_operators(job.task_name, failure))


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
