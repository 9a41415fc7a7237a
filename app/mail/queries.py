"""Mails by their id, and letterheads; a company's mails are reached through what they were sent for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utcnow
from app.mail.models import Letterhead, MailMessage, MailState


async def find_message(session: AsyncSession, mail_id: UUID) -> MailMessage | None:
    return await session.get(MailMessage, mail_id)


async def finish(
    session: AsyncSession,
    mail_id: UUID,
    state: MailState,
    *,
    now: datetime,
    keep_body: bool,
    failure: dict[str, Any] | None = None,
) -> None:
    """Say what became of a queued mail, and forget its body unless it is to be kept."""
    blank = {} if keep_body else {"text": "", "html": "", "one_click_url": None}
    await session.execute(
        update(MailMessage)
        .where(MailMessage.id == mail_id, MailMessage.state == MailState.QUEUED)
        .values(state=state, finished_at=now, failure=failure, **blank)
    )


async def requeue(session: AsyncSession, mail_id: UUID) -> None:
    """Put a failed mail on its way again; one whose body is gone stays failed."""
    await session.execute(
        update(MailMessage)
        .where(
            MailMessage.id == mail_id, MailMessage.state == MailState.FAILED, MailMessage.text != ""
        )
        .values(state=MailState.QUEUED, finished_at=None, failure=None)
    )


async def blank_given_up(session: AsyncSession, *, finished_before: datetime) -> None:
    """Forget what mails said that were given up before then."""
    await session.execute(
        update(MailMessage)
        .where(
            MailMessage.state == MailState.FAILED,
            MailMessage.finished_at < finished_before,
            MailMessage.text != "",
        )
        .values(text="", html="", one_click_url=None)
    )


async def newest(session: AsyncSession, *, limit: int) -> list[MailMessage]:
    """The mailbox of a development machine."""
    statement = select(MailMessage).order_by(MailMessage.id.desc()).limit(limit)
    return list(await session.scalars(statement))


async def delete_old(session: AsyncSession, *, created_before: datetime) -> None:
    await session.execute(delete(MailMessage).where(MailMessage.created_at < created_before))


async def states_of(session: AsyncSession, mail_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What became of these mails."""
    statement = select(MailMessage.id, MailMessage.state).where(MailMessage.id.in_(list(mail_ids)))
    return {row.id: row.state for row in await session.execute(statement)}


async def letterhead_of(session: AsyncSession, company_id: UUID | None) -> Letterhead | None:
    """What the company's mails wear; None for a company that chose nothing, and for no company."""
    return None if company_id is None else await session.get(Letterhead, company_id)


async def set_letterhead(session: AsyncSession, company_id: UUID, **values: Any) -> None:
    """Change these fields of the company's letterhead, made if there was none."""
    values["updated_at"] = utcnow()
    await session.execute(
        insert(Letterhead)
        .values(company_id=company_id, **values)
        .on_conflict_do_update(index_elements=[Letterhead.company_id], set_=values)
    )
