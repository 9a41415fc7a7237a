"""Uploads and the company's storage: asked before the first byte, and counted again at the end."""

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.errors import PayloadTooLarge
from app.storage import queries as storage
from app.storage.service import StoredContent
from app.subscriptions import service as subscriptions
from app.subscriptions.service import QuotaExceeded, SubscriptionEnded


def too_large(limit: int) -> PayloadTooLarge:
    """The refusal of a larger file."""
    return PayloadTooLarge(
        f"The file is larger than the {limit // 1024**2} MB that are accepted. Send a smaller one.",
        max_bytes=limit,
    )


async def refuse_too_large(actor: Actor, size_bytes: int) -> int:
    """How many bytes one file of the actor's company may have. Raises `PayloadTooLarge`."""
    assert actor.company_id is not None
    async with session_scope(company_id=actor.company_id) as session:
        limit = await subscriptions.largest_upload(session, actor.company_id)
    if size_bytes > limit:
        raise too_large(limit)
    return limit


async def refuse_without_room_left(session: AsyncSession, actor: Actor, size_bytes: int) -> None:
    """Raises `QuotaExceeded` when others have taken the room since; asked while bytes arrive."""
    assert actor.company_id is not None
    room = await subscriptions.storage_room(session, actor.company_id)
    if room is not None and size_bytes > room:
        await subscriptions.check(session, actor, "storage_bytes", size_bytes)


async def refuse_without_room(actor: Actor, size_bytes: int) -> None:
    """Raises `QuotaExceeded` when so many bytes do not fit any more, before one was sent."""
    async with session_scope(company_id=actor.company_id) as session:
        await subscriptions.check(session, actor, "storage_bytes", max(size_bytes, 1))


async def within_room(
    actor: Actor, chunks: AsyncIterable[bytes], *, declared_size: int | None
) -> AsyncIterator[bytes]:
    """The chunks, for as long as they fit: a body of unknown length ends with `QuotaExceeded`."""
    async with session_scope(company_id=actor.company_id) as session:
        assert actor.company_id is not None
        room = await subscriptions.storage_room(session, actor.company_id)
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if room is not None and declared_size is None and size > room:
            await refuse_without_room(actor, size)
        yield chunk


@asynccontextmanager
async def admitted(actor: Actor, *contents: StoredContent) -> AsyncIterator[AsyncSession]:
    """A transaction in which the stored files are within the quota; they are noted as unused if not."""
    assert actor.company_id is not None
    size = sum(content.size_bytes for content in contents)
    try:
        async with session_scope() as session:
            await subscriptions.check(session, actor, "storage_bytes", size)
            yield session
    except (QuotaExceeded, SubscriptionEnded):
        await _note_unused(actor.company_id, *contents)
        raise


async def _note_unused(company_id: UUID, *contents: StoredContent) -> None:
    """Enter files that were stored and then refused, as released: the sweep finds them by the register."""
    async with session_scope(company_id=company_id) as session:
        for content in contents:
            await storage.register_unused(
                session,
                company_id=company_id,
                key=content.key,
                sha256=content.sha256,
                media_type=content.media_type,
                size_bytes=content.size_bytes,
                now=utcnow(),
            )
