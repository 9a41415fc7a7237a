"""An address that takes webhooks, and endpoints that lead to it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import events
from app.core.actor import Actor
from app.core.database import session_scope
from app.core.jobs import Job
from app.webhooks.models import Endpoint, WebhookDelivery
from tests.mail.conftest import settings_of
from tests.support.http_sink import HttpSink, http_sink
from tests.support.people import Member


@pytest.fixture
async def hook(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[HttpSink]:
    """An HTTP server on this machine, which the operator allows to be reached."""
    async with http_sink() as sink:
        with settings_of(monkeypatch, OUTBOUND_ALLOWED_NETWORKS="127.0.0.0/8"):
            yield sink


async def make_webhook(member: Member, url: str, *patterns: str) -> dict[str, Any]:
    """A webhook for these events, or for the prints' own."""
    body = {"url": url, "events": list(patterns) or ["content.*"]}
    answer = await member.post("/webhooks", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def happen(member: Member, *names: str, **data: Any) -> None:
    """Events of the member's company, each in a transaction of its own."""
    actor = Actor.system("test", company_id=member.company_id)
    for name in names:
        async with session_scope(system="test") as session:
            events.record(session, name, actor=actor, data=data)


async def rows(model: type[Any]) -> list[Any]:
    async with session_scope(system="test") as session:
        return list(await session.scalars(select(model).order_by(model.id)))


async def let_pauses_end() -> None:
    """Jobs, endpoints and deliveries wait no longer."""
    async with session_scope(system="test") as session:
        for job in await session.scalars(select(Job).where(Job.state == "queued")):
            job.run_after = job.created_at
        for endpoint in await session.scalars(select(Endpoint)):
            endpoint.retry_at = endpoint.lease_until = None
        for delivery in await session.scalars(select(WebhookDelivery)):
            delivery.next_attempt_at = delivery.created_at


async def endpoint_of(webhook_id: str) -> Endpoint:
    async with session_scope(system="test") as session:
        return await session.get_one(Endpoint, UUID(webhook_id))
