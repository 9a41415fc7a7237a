"""Mailing links that reset a password, after the request was answered."""

from typing import Final

from app.auth.new_password import RESET_TASK, mail_reset_link
from app.tasks.runtime import TaskContext, task

TIME_LIMIT_SECONDS: Final = 60


@task(RESET_TASK, max_attempts=3, time_limit=TIME_LIMIT_SECONDS)
async def send_password_reset(context: TaskContext, *, email: str, address: str) -> None:
    """Mail a link if there is such an account. Run twice it still mails once: what it did and that it is
    done are committed together."""
    async with context.session(completes=True) as session:
        await mail_reset_link(session, email=email, address=address)
