"""Erasing companies, and beginning with it when the time to restore them is over."""

from typing import Final
from uuid import UUID

from app.core.clock import utcnow
from app.erasure import service
from app.tasks.runtime import TaskContext, periodic, task

TIME_LIMIT_SECONDS: Final = 3300


@task(service.ERASE_TASK, time_limit=TIME_LIMIT_SECONDS, max_attempts=20)
async def erase_company(context: TaskContext, *, erasure_id: UUID) -> None:
    """Remove everything of a company. Cut short, the next attempt goes on where it was."""
    await service.erase(erasure_id, now=utcnow(), progress=context.progress)


@periodic("default.sweep_deleted_companies", time_limit=120)
async def sweep_deleted_companies() -> None:
    """After 30 days a deleted company is erased; an erasure that gave up begins again."""
    await service.sweep_deleted(now=utcnow())
