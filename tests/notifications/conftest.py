"""Servers the notifications go to, and notices on their way."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import notifications
from app.core.database import session_scope
from app.core.jobs import Job
from app.core.notices import Kind
from app.mail.resting import Rest
from app.notifications.models import Channel, Delivery
from tests.mail.conftest import settings_of
from tests.support.smtp import Sink, smtp_sink
from tests.support.telegram import TOKEN, TelegramStandIn, telegram_stand_in


@pytest.fixture
async def sink(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sink]:
    """An SMTP server the settings lead to."""
    async with smtp_sink() as opened:
        with settings_of(monkeypatch, SMTP_URL=f"smtp://127.0.0.1:{opened.port}"):
            yield opened


@pytest.fixture
async def telegram(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[TelegramStandIn]:
    """Telegram, with the operator's bot."""
    async with telegram_stand_in() as stand_in:
        with settings_of(monkeypatch, TELEGRAM_API_URL=stand_in.url, TELEGRAM_BOT_TOKEN=TOKEN):
            yield stand_in


async def say(
    company_id: UUID | None,
    kind: Kind = "content.expiring",
    *,
    once_key: str = "k",
    **data: Any,
) -> bool:
    """Say something in the name of the service."""
    async with session_scope(system="test") as session:
        return await notifications.notify(
            session, kind, company_id=company_id, data=data, once_key=once_key
        )


async def deliveries() -> list[Delivery]:
    async with session_scope(system="test") as session:
        return list(await session.scalars(select(Delivery).order_by(Delivery.id)))


async def let_wait_end() -> None:
    """Every pause is over."""
    Rest.end()
    async with session_scope(system="test") as session:
        for job in await session.scalars(select(Job).where(Job.state == "queued")):
            job.run_after = job.created_at
        for channel in await session.scalars(select(Channel)):
            channel.resting_until = None
