"""Removing the copies nobody needs after a move: the old ones in time, those of a cancelled move soon.

While they are removed no move begins (`moving.require_at_rest`), and nothing is removed before it was proved
that the place is not the one the company's files are in, whatever the connections are called.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app import events
from app.companies import queries as companies
from app.storage import keeping_queries, queries
from app.storage.carrying import SAME_PLACE, SessionOf, require_two_places
from app.storage.models import StorageMove
from app.storage.opening import local_storage, open_storage
from app.storage.port import Storage, StorageRefused

AT_ONCE: Final = 4
TOLD_EVERY: Final = 200

StillOurs = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SparePlace:
    """Where copies are to be removed, where the company's files are, and below which path."""

    spare: Storage
    active: Storage
    storage_path: str


async def clean_up(
    move_id: UUID, *, now: datetime, session_of: SessionOf, still_ours: StillOurs
) -> int:
    """Remove the spare copies of a move that is due; how many files that were. Doing it twice is harmless."""
    place = await _claim(move_id, now=now, session_of=session_of)
    if place is None:
        return 0
    removed = 0
    if await _are_two_places(place):
        removed = await _empty(place, still_ours)
    async with session_of() as session:
        move = await keeping_queries.lock_move(session, move_id)
        if move is not None:
            move.cleaned_at = now
            events.record(
                session,
                "storage.cleaned_up",
                company_id=move.company_id,
                subject_id=move.id,
                data={"files": removed},
            )
    return removed


async def _claim(move_id: UUID, *, now: datetime, session_of: SessionOf) -> SparePlace | None:
    """The place, once no move can begin any more; None when it is not time, or a move is open."""
    async with session_of() as session:
        move = await keeping_queries.lock_move(session, move_id)
        if move is None or not _is_due(move, now):
            return None
        await queries.lock_active(session, move.company_id)
        if await keeping_queries.find_open_move(session, move.company_id) is not None:
            return None
        move.cleaning_at = now
        is_done = move.state == "done"
        spare_id = move.from_connection_id if is_done else move.to_connection_id
        spare = await keeping_queries.connection_of(session, spare_id)
        active = await queries.active_connection(session, move.company_id)
        company = await companies.company_by_id(session, move.company_id)
        return SparePlace(
            spare=open_storage(spare),
            active=local_storage() if active is None else open_storage(active),
            storage_path=company.storage_path,
        )


def _is_due(move: StorageMove, now: datetime) -> bool:
    due = move.clean_up_after
    return due is not None and due <= now and move.cleaned_at is None


async def _are_two_places(place: SparePlace) -> bool:
    if place.spare.connection_id == place.active.connection_id:
        return False
    try:
        await require_two_places(place.active, place.spare, place.storage_path)
    except StorageRefused as refused:
        if refused.code == SAME_PLACE:
            return False
        raise
    return True


async def _empty(place: SparePlace, still_ours: StillOurs) -> int:
    removed, waiting = 0, list[str]()
    async for key, _size in place.spare.list_keys(f"{place.storage_path}/"):
        waiting.append(key)
        if len(waiting) == AT_ONCE:
            await asyncio.gather(*map(place.spare.delete, waiting))
            removed += len(waiting)
            waiting.clear()
            if removed % TOLD_EVERY == 0:
                await still_ours()
    await asyncio.gather(*map(place.spare.delete, waiting))
    return removed + len(waiting)
