"""Invitations as the invited person receives them."""

import re
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from app.core.database import session_scope
from app.events.models import Event
from app.mail.models import MailMessage
from tests.support import people

PASSWORD = "a kettle of quiet otters"


async def mails_to(email: str) -> list[MailMessage]:
    """What was written to this address, the oldest first."""
    statement = select(MailMessage).where(MailMessage.recipient == email).order_by(MailMessage.id)
    async with session_scope(system="test") as session:
        return list(await session.scalars(statement))


async def token_for(email: str) -> str:
    """What stands behind the `#` of the newest link mailed to this address."""
    links = re.findall(r"http\S+#(\S+)", (await mails_to(email))[-1].text)
    assert 1 == len(links)
    return str(links[0])


async def invited(owner: people.Member, email: str, role: str = "editor") -> dict[str, Any]:
    """The invitation, as its maker sees it."""
    answer = await owner.post("/invitations", json={"email": email, "role": role})
    assert 201 == answer.status_code, answer.text
    return dict(answer.json())


async def accept(client: httpx.AsyncClient, token: str, **body: str) -> httpx.Response:
    return await client.post("/api/v1/invitations/accept", json={"token": token, **body})


async def preview(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/api/v1/invitations/preview", json={"token": token})


async def accept_as_new(app: FastAPI, email: str) -> httpx.AsyncClient:
    """The browser of a person who has just made an account out of the mail."""
    client = people.client_of(app)
    answer = await accept(client, await token_for(email), name="Boris", password=PASSWORD)
    assert 200 == answer.status_code, answer.text
    return client


async def events_about(subject_id: UUID | str) -> list[Event]:
    statement = select(Event).where(Event.subject_id == UUID(str(subject_id))).order_by(Event.id)
    async with session_scope(system="test") as session:
        return list(await session.scalars(statement))
