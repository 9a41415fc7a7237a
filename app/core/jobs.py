"""Work to be done later. The `jobs` table is the truth; a broker message is only a nudge.

`enqueue` inserts a row in the caller's transaction and publishes after its commit. A message lost on the
way, or a worker lost with the job in hand, is repaired by the sweeper (`app/tasks/sweeper.py`).
"""

import asyncio
import enum
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import CheckConstraint, ColumnElement, Index, String, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased, mapped_column

from app.core import tracing
from app.core.clock import utcnow
from app.core.database import Base, after_commit
from app.core.ids import uuid7
from app.core.queues import QUEUES
from app.core.tenancy import scope_of

log = structlog.get_logger(__name__)

PUBLISH_TIMEOUT_SECONDS = 2.0
PAUSE_AFTER_FAILURE_SECONDS = 5.0


class JobState(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Job(Base):
    """One piece of work: what, for whom, how far, how often tried."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'running', 'succeeded', 'failed')", name="state_known"
        ),
        CheckConstraint("progress BETWEEN 0 AND 1", name="progress_in_range"),
        Index("ix_jobs_due", "run_after", postgresql_where=text("state = 'queued'")),
        Index("ix_jobs_lease", "lease_until", postgresql_where=text("state = 'running'")),
        Index("ix_jobs_next", "queue", "turn", "id", postgresql_where=text("state = 'queued'")),
        Index("ix_jobs_turns", "queue", "company_id", "turn"),
        Index("ix_jobs_ended", "finished_at", postgresql_where=text("finished_at IS NOT NULL")),
        Index("ix_jobs_dead", "id", postgresql_where=text("state = 'failed'")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    task_name: Mapped[str]
    queue: Mapped[str]
    kwargs: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    company_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(server_default=JobState.QUEUED.value)
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    max_attempts: Mapped[int] = mapped_column(server_default=text("3"))
    # Who may write: it grows with every claim and never falls, whatever happens to `attempts`.
    fence: Mapped[int] = mapped_column(server_default=text("0"))
    # Its place among all jobs of the queue, dealt out company by company.
    turn: Mapped[int] = mapped_column(server_default=text("0"))
    worker: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    run_after: Mapped[datetime] = mapped_column(server_default=text("now()"))
    published_at: Mapped[datetime | None]
    progress: Mapped[float] = mapped_column(server_default=text("0"))
    stage: Mapped[str | None]
    error: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    # Failed because its input was at fault: an answer, and no operator's affair.
    refused: Mapped[bool] = mapped_column(server_default=text("false"))
    can_retry: Mapped[bool] = mapped_column(server_default=text("true"))
    # Begun again by a person: its feature takes the failure back before the work begins.
    reopened: Mapped[bool] = mapped_column(server_default=text("false"))
    discarded_at: Mapped[datetime | None]
    # The trace it belongs to: that of the request which ordered it (W3C Trace Context).
    traceparent: Mapped[str | None] = mapped_column(String(55))


class JobQueue(Base):
    """How far a queue is: the turn of the job begun last. Whoever comes new begins there."""

    __tablename__ = "job_queues"

    queue: Mapped[str] = mapped_column(primary_key=True)
    serving: Mapped[int] = mapped_column(server_default=text("0"))


@dataclass(frozen=True, slots=True)
class Nudge:
    """The message that tells a worker to look at a job."""

    task_name: str
    queue: str
    job_id: uuid.UUID


Publisher = Callable[[Nudge], None]


def queue_of(task_name: str) -> str:
    """Queues are routed by the first part of the name: `markers.compile_target` goes to `markers`."""
    prefix = task_name.partition(".")[0]
    if prefix not in QUEUES:
        raise ValueError(f"{task_name}: the name must start with one of {', '.join(QUEUES)}")
    return prefix


async def enqueue(
    session: AsyncSession,
    task_name: str,
    *,
    company_id: uuid.UUID | None = None,
    run_after: datetime | None = None,
    **kwargs: Any,
) -> Job:
    """The new job's row, in the caller's transaction; workers hear of it after the commit.

    Without `company_id` it is the session's: a job works in its company, and in no company sees all.
    `kwargs` go to the task: ids, numbers, texts. How often it is tried is the task's own affair.
    """
    job = Job(
        id=uuid7(),
        task_name=task_name,
        queue=queue_of(task_name),
        company_id=company_id or scope_of(session.sync_session).company_id,
        kwargs={name: _plain(value) for name, value in kwargs.items()},
        traceparent=tracing.carried(),
    )
    job.turn = next_turn(job.queue, job.company_id)
    is_due = run_after is None or run_after <= utcnow()
    if run_after is not None:
        job.run_after = run_after
    if is_due:
        job.published_at = func.now()
    session.add(job)
    await session.flush()
    if is_due:
        announce(session, job)
    return job


def announce(session: AsyncSession, job: Job) -> None:
    """Let workers hear of the job after the commit."""
    nudge = Nudge(job.task_name, job.queue, job.id)
    after_commit(session, lambda: publish(nudge))


async def begin_again(session: AsyncSession, job: Job) -> None:
    """A failed job waits again as if it were new, behind its company's others."""
    job.state, job.attempts = JobState.QUEUED.value, 0
    job.reopened = True
    job.discarded_at = job.finished_at = job.lease_until = None
    job.turn = next_turn(job.queue, job.company_id)
    job.run_after = job.published_at = utcnow()
    await session.flush()
    announce(session, job)


def next_turn(queue: str, company_id: uuid.UUID | None) -> ColumnElement[int]:
    """The place of a new job: behind its company's others, and not before what the queue is at.

    So jobs are begun one company after the other: a single job waits for at most one of each company
    that waits, however many they have (start-time fair queueing, Goyal, Vin and Cheng 1996).
    """
    own, at = aliased(Job), aliased(JobQueue)
    same = own.company_id.is_(None) if company_id is None else own.company_id == company_id
    last = select(func.max(own.turn) + 1).where(own.queue == queue, same).scalar_subquery()
    serving = select(at.serving).where(at.queue == queue).scalar_subquery()
    return func.greatest(func.coalesce(last, 0), func.coalesce(serving, 0))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, uuid.UUID) else value


class _Outlet:
    """Where nudges go. `app.tasks.celery_app` connects it; until then only the sweeper finds the job."""

    def __init__(self) -> None:
        self.publisher: Publisher | None = None
        self.paused_until = 0.0


_outlet = _Outlet()


def publish_with(publisher: Publisher | None) -> None:
    """Use `publisher` (blocking) for every later nudge."""
    _outlet.publisher = publisher
    _outlet.paused_until = 0.0


async def publish(nudge: Nudge) -> bool:
    """Nudge a worker; True when the broker took it. Never raises: the sweeper repairs what is lost.

    After a failure nothing is tried for a few seconds, so that requests stay quick without a broker.
    """
    if _outlet.publisher is None or time.monotonic() < _outlet.paused_until:
        return False
    try:
        with tracing.span(f"publish {nudge.queue}", kind="producer"):
            async with asyncio.timeout(PUBLISH_TIMEOUT_SECONDS):
                await asyncio.to_thread(_outlet.publisher, nudge)
    except Exception as error:  # noqa: BLE001  (whatever the broker client raises)
        _outlet.paused_until = time.monotonic() + PAUSE_AFTER_FAILURE_SECONDS
        log.warning("job.publish_failed", job_id=str(nudge.job_id), error=repr(error))
        return False
    return True
