"""Erasing companies, and beginning with it when the time to restore them is over."""

from typing import Final
from uuid import UUID

from app.core.clock import utcnow
from app.erasure import service
from app.tasks.runtime import Retryable, TaskContext, periodic, task

TIME_LIMIT_SECONDS: Final = 3300
FIRST_PAUSE_SECONDS: Final = 60.0
LONGEST_PAUSE_SECONDS: Final = 6 * 3600.0
# With these pauses they outlast the days after which a storage that does not answer is given up.
MOST_ATTEMPTS: Final = 45


@task(service.ERASE_TASK, time_limit=TIME_LIMIT_SECONDS, max_attempts=MOST_ATTEMPTS)
async def erase_company(context: TaskContext, *, erasure_id: UUID) -> None:
    """Remove everything of a company. Cut short, the next attempt goes on where it was."""
    try:
        await service.erase(erasure_id, now=utcnow(), progress=context.progress)
    except service.PlacesLeft as left:
        pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (context.attempt - 1))
        raise Retryable(str(left), code="storage_unavailable", after_seconds=pause) from left


@periodic("default.sweep_deleted_companies", time_limit=120)
async def sweep_deleted_companies() -> None:
    """After 30 days a deleted company is erased; an erasure that gave up begins again."""
    await service.sweep_deleted(now=utcnow())
