"""A mail server of the test's own, and mails on their way to it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest

from app import mail
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.jobs import Job
from app.mail import tasks as _tasks  # noqa: F401  (declares the task)
from app.mail.models import MailMessage
from app.mail.resting import Rest
from app.mail.service import SEND_TASK
from app.tasks.runtime import REGISTRY, run_job
from tests.support.smtp import Sink, smtp_sink

SEND = REGISTRY[SEND_TASK]
INVITATION = {
    "company_name": "North Light",
    "inviter": "Ann",
    "role": "editor",
    "link": "http://testserver/invitations/secret-token",
    "days": 7,
    "email": "bob@example.com",
}


@contextmanager
def settings_of(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Iterator[None]:
    """The settings with these environment names changed."""
    with monkeypatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        get_settings.cache_clear()
        yield
    get_settings.cache_clear()


@pytest.fixture(autouse=True)
def rested() -> None:
    """No server was silent before the test."""
    Rest.end()


@pytest.fixture
async def sink(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sink]:
    """An SMTP server the settings lead to."""
    async with smtp_sink() as opened:
        with settings_of(monkeypatch, SMTP_URL=f"smtp://127.0.0.1:{opened.port}"):
            yield opened


async def written(*, to: str = "bob@example.com", language: str = "en") -> UUID:
    """The id of an invitation on its way."""
    async with session_scope(system="test") as session:
        message = await mail.send(
            session, "invitation", to=to, language=language, context=INVITATION
        )
        return message.id


async def reread(mail_id: UUID) -> MailMessage:
    async with session_scope(system="test") as session:
        return await session.get_one(MailMessage, mail_id)


async def try_again(job: Job) -> Job:
    """The job's next attempt, as if its pause were over."""
    async with session_scope(system="test") as session:
        waiting = await session.get_one(Job, job.id)
        waiting.run_after = waiting.created_at
    await run_job(SEND, job.id)
    async with session_scope(system="test") as session:
        return await session.get_one(Job, job.id)
