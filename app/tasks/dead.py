"""A job that was given up: the operators hear of it, once an hour for each task."""

from typing import Final

from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.notices import notify
from app.core.tenancy import Scope, scoped
from app.tasks.outcome import Failure

_SYSTEM: Final = Scope(system="dead letters")


async def tell_operators(task_name: str, failure: Failure) -> None:
    """Runs after the commit that gave the job up; the list of failed jobs is complete without it."""
    with scoped(_SYSTEM):
        async with session_scope() as session:
            await notify(
                session,
                "job.dead",
                company_id=None,
                data={"task": task_name, "code": failure.code},
                once_key=f"{task_name}/{utcnow():%Y-%m-%dT%H}",
            )
