"""The sweep: bytes go some time after their last use, and never while somebody takes them into use again.

1. Claim: rows released long ago get `sweeping_at`. Each row is looked at again under its lock, so whoever had
   it a moment before keeps it; from the commit on nobody can (`hold_files` finds it gone).
2. The bytes are deleted, outside of any transaction and well before the claim runs out.
3. `swept_at` says so. The row stays for a day: who put the same bytes just before step 2 and registers them
   after it is told to send them again, instead of having a row without bytes.

A crash between any two steps is repaired by the next round. What is claimed and yet named by any row of the
company was released by mistake: it lives, and the log says so.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from app import events
from app.core.config import get_settings
from app.core.database import session_scope
from app.storage import keeping_queries, queries
from app.storage.models import StoredFile
from app.storage.opening import local_storage, open_storage
from app.storage.port import Storage, StorageError

log = structlog.get_logger(__name__)

SYSTEM: Final = "sweep"
LEASE: Final = timedelta(minutes=15)
# Deleting ends this long after the claim: half the lease is left for a clock or a request that hangs.
DELETING_SECONDS: Final = 420.0
REMEMBERED: Final = timedelta(days=1)
# A round takes so many of each company, so that one that deletes a million does not hold up the others.
EACH: Final = 50
AT_ONCE: Final = 4
FORGOTTEN_AT_ONCE: Final = 1000


@dataclass(slots=True)
class Swept:
    """What a sweep did."""

    files: int = 0
    size_bytes: int = 0
    kept: int = 0
    failed: int = 0
    forgotten: int = 0


@dataclass(slots=True)
class _Round:
    """Claimed files, and until when they may be deleted."""

    claimed_at: datetime
    deadline: float
    by_company: dict[UUID, list[StoredFile]] = field(default_factory=dict)


async def sweep(*, now: datetime, seconds: float = 60.0) -> Swept:
    """Sweep what is due, round by round, for about so many seconds."""
    done, until = Swept(), time.monotonic() + seconds
    stuck: set[UUID] = set()
    while time.monotonic() < until:
        claimed = await _claim(now, done)
        if not claimed.by_company:
            break
        for company_id, files in claimed.by_company.items():
            if company_id not in stuck and not await _sweep_company(
                company_id, files, claimed, done
            ):
                stuck.add(company_id)
        if stuck >= claimed.by_company.keys():
            break
    await _forget(now, done)
    if done.files or done.failed:
        log.info("storage.swept", files=done.files, bytes=done.size_bytes, failed=done.failed)
    return done


async def _claim(now: datetime, done: Swept) -> _Round:
    cutoff = now - timedelta(days=get_settings().keeping.released_days)
    claimed = _Round(now, time.monotonic() + DELETING_SECONDS)
    async with session_scope(system=SYSTEM) as session:
        files = await keeping_queries.claim_released(
            session, cutoff=cutoff, now=now, lease=LEASE, each=EACH
        )
        for company_id, of_company in _by_company(files).items():
            keys = {file.key for file in of_company}
            used = await keeping_queries.used_keys(session, company_id, keys)
            wrong = [file for file in of_company if file.key in used]
            if wrong:
                log.error("storage.release_was_wrong", company_id=str(company_id), files=len(wrong))
                await keeping_queries.let_live(session, [file.id for file in wrong])
                done.kept += len(wrong)
            if rest := [file for file in of_company if file.key not in used]:
                claimed.by_company[company_id] = rest
    return claimed


async def _sweep_company(
    company_id: UUID, files: list[StoredFile], claimed: _Round, done: Swept
) -> bool:
    """False when the storage does not let them be deleted: the next sweep after the lease tries again."""
    try:
        places = await _places(company_id)
        removed = await _delete(places, files, claimed.deadline)
    except (StorageError, OSError) as error:
        log.warning("storage.sweep_failed", company_id=str(company_id), error=str(error))
        done.failed += len(files)
        return False
    async with session_scope(system=SYSTEM) as session:
        ids = [file.id for file in removed]
        count = await keeping_queries.mark_swept(
            session, ids, claimed_at=claimed.claimed_at, now=claimed.claimed_at
        )
        size = sum(file.size_bytes for file in removed)
        if count:
            told = {"files": count, "bytes": size}
            events.record(session, "storage.swept", company_id=company_id, data=told)
    done.files += count
    done.size_bytes += size
    return len(removed) == len(files)


async def _places(company_id: UUID) -> list[Storage]:
    """Where the bytes are: the active storage, and where an open move has copied them to."""
    async with session_scope(system=SYSTEM) as session:
        active = await queries.active_connection(session, company_id)
        places = [local_storage() if active is None else open_storage(active)]
        move = await keeping_queries.find_open_move(session, company_id)
        if move is not None:
            target = await keeping_queries.connection_of(session, move.to_connection_id)
            places.append(open_storage(target))
    return places


async def _delete(
    places: list[Storage], files: list[StoredFile], deadline: float
) -> list[StoredFile]:
    """Those that were deleted everywhere in time; a claim that is about to run out deletes nothing."""
    removed: list[StoredFile] = []
    for start in range(0, len(files), AT_ONCE):
        if time.monotonic() > deadline:
            break
        group = files[start : start + AT_ONCE]
        await asyncio.gather(*(place.delete(file.key) for place in places for file in group))
        removed += group
    return removed


async def _forget(now: datetime, done: Swept) -> None:
    while True:
        async with session_scope(system=SYSTEM) as session:
            count = await keeping_queries.forget_swept(
                session, before=now - REMEMBERED, limit=FORGOTTEN_AT_ONCE
            )
        done.forgotten += count
        if count < FORGOTTEN_AT_ONCE:
            return


def _by_company(files: Iterable[StoredFile]) -> dict[UUID, list[StoredFile]]:
    found: dict[UUID, list[StoredFile]] = defaultdict(list)
    for file in files:
        found[file.company_id].append(file)
    return dict(found)
