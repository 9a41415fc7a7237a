"""Channels of companies, and the log of what was sent through them and by mail."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, any_, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.ids import uuid7
from app.core.jobs import Job
from app.core.pagination import PageRequest, fetch_page
from app.mail.models import MailMessage
from app.notifications.models import Channel, Delivery, DeliveryState


async def list_channels(session: AsyncSession, actor: Actor) -> list[Channel]:
    """The company's channels, oldest first; there are few."""
    statement = select(Channel).where(Channel.company_id == actor.company_id)
    return list(await session.scalars(statement.order_by(Channel.id)))


async def count_channels(session: AsyncSession, actor: Actor) -> int:
    statement = select(func.count()).where(Channel.company_id == actor.company_id)
    return await session.scalar(statement) or 0


async def get_channel(
    session: AsyncSession, actor: Actor, channel_id: UUID, *, for_update: bool = False
) -> Channel:
    """A channel of the company. Raises `NotFound`."""
    statement = select(Channel).where(
        Channel.company_id == actor.company_id, Channel.id == channel_id
    )
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = await session.scalar(statement)
    if found is None:
        raise NotFound("There is no such channel.")
    return found


async def channels_for(session: AsyncSession, company_id: UUID, kind: str) -> list[Channel]:
    """The company's channels that are on and want to hear of this kind."""
    statement = select(Channel).where(
        Channel.company_id == company_id,
        Channel.enabled,
        Channel.link_token.is_(None),
        any_(Channel.kinds) == kind,
    )
    return list(await session.scalars(statement.order_by(Channel.id)))


async def add_delivery(session: AsyncSession, **values: Any) -> UUID | None:
    """The new delivery's id, or None: this was said to this target before."""
    statement = (
        insert(Delivery)
        .values(id=uuid7(), state=DeliveryState.QUEUED, created_at=utcnow(), **values)
        .on_conflict_do_nothing(index_elements=[Delivery.once_key])
        .returning(Delivery.id)
    )
    return await session.scalar(statement)


async def set_mail(session: AsyncSession, delivery_id: UUID, mail_id: UUID) -> None:
    await session.execute(
        update(Delivery).where(Delivery.id == delivery_id).values(mail_id=mail_id)
    )


async def find_with_channel(
    session: AsyncSession, delivery_id: UUID
) -> tuple[Delivery, Channel | None] | None:
    """A delivery with its channel, which may be gone."""
    statement = (
        select(Delivery, Channel)
        .outerjoin(Channel, Channel.id == Delivery.channel_id)
        .where(Delivery.id == delivery_id)
        .execution_options(populate_existing=True)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1])


async def finish(
    session: AsyncSession,
    delivery_id: UUID,
    state: DeliveryState,
    *,
    provider_id: str | None = None,
    failure: dict[str, Any] | None = None,
) -> None:
    """Say what became of a delivery that is still under way."""
    await session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.QUEUED)
        .values(state=state, provider_id=provider_id, failure=failure, finished_at=utcnow())
    )


async def requeue(session: AsyncSession, delivery_id: UUID) -> None:
    """Put a failed delivery on its way again."""
    await session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.FAILED)
        .values(state=DeliveryState.QUEUED, failure=None, finished_at=None)
    )


async def note_attempt(
    session: AsyncSession, delivery_id: UUID, *, failure: dict[str, Any] | None
) -> None:
    await session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .values(attempts=Delivery.attempts + 1, failure=failure)
    )


async def note_channel(session: AsyncSession, channel_id: UUID, **values: Any) -> None:
    """What was found out about a channel while using it; no change of its settings, so no new version."""
    await session.execute(update(Channel).where(Channel.id == channel_id).values(**values))


# A mail's own row and job know how far it is.
_STATE = case(
    (MailMessage.state == "kept", "sent"), else_=func.coalesce(MailMessage.state, Delivery.state)
)


def _log(company_id: UUID | None) -> Select[Delivery]:
    return (
        select(Delivery)
        .outerjoin(MailMessage, MailMessage.id == Delivery.mail_id)
        .where(Delivery.company_id == company_id)
    )


async def list_deliveries(
    session: AsyncSession,
    actor: Actor,
    request: PageRequest,
    *,
    state: str | None,
    channel: str | None,
    kind: str | None,
) -> tuple[list[Delivery], str | None]:
    """One page of what was sent for the company, newest first."""
    statement = _log(actor.company_id)
    if state:
        statement = statement.where(_STATE == state)
    if channel:
        statement = statement.where(Delivery.channel == channel)
    if kind:
        statement = statement.where(Delivery.kind == kind)
    if request.q:
        statement = statement.where(Delivery.target.icontains(request.q.strip(), autoescape=True))
    return await fetch_page(session, statement, key=(Delivery.id,), request=request)


async def get_delivery(session: AsyncSession, actor: Actor, delivery_id: UUID) -> Delivery:
    """A delivery of the company, locked. Raises `NotFound`."""
    statement = select(Delivery).where(
        Delivery.company_id == actor.company_id, Delivery.id == delivery_id
    )
    found = await session.scalar(statement.with_for_update())
    if found is None:
        raise NotFound("There is no such delivery.")
    return found


async def mails_of(
    session: AsyncSession, mail_ids: Iterable[UUID]
) -> dict[UUID, tuple[MailMessage, int]]:
    """These mails, each with how often it was tried."""
    rows = await session.execute(
        select(MailMessage, Job.attempts)
        .outerjoin(Job, Job.id == MailMessage.job_id)
        .where(MailMessage.id.in_(list(mail_ids)))
    )
    return {mail.id: (mail, attempts or 0) for mail, attempts in rows}


async def forget_old(session: AsyncSession, *, before: datetime) -> None:
    await session.execute(delete(Delivery).where(Delivery.created_at < before))
