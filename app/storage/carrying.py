"""Carrying files from one storage to another, each proved by reading it back from where it now lies.

What has been proved is noted in the register, a batch at a time, so a worker that is killed costs one batch
of proofs at most: the next one finds the copies, reads them, and sends nothing twice.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utcnow
from app.storage import keeping_queries, moving, queries
from app.storage.models import StorageMove, StoredFile
from app.storage.opening import open_storage
from app.storage.port import FileMissing, Storage, StorageRefused, StorageUnavailable
from app.storage.service import incoming_folder, store_bytes

BATCH: Final = 40
AT_ONCE: Final = 4
SAME_PLACE: Final = "same_place"

SessionOf = Callable[[], AbstractAsyncContextManager[AsyncSession]]


class Carried(Enum):
    """What became of one file."""

    PROVED = "proved"
    LOST = "lost"


@dataclass(slots=True)
class Pace:
    """Lets so many bytes a second pass, for all who share it; 0 is no limit."""

    bytes_per_second: int
    _free_at: float = 0.0

    async def passed(self, size: int) -> None:
        """Wait until the line would have carried what was just read."""
        if not self.bytes_per_second:
            return
        now = time.monotonic()
        self._free_at = max(self._free_at, now) + size / self.bytes_per_second
        await asyncio.sleep(self._free_at - now)


@dataclass(slots=True)
class Slice:
    """One job's part of a move: until `deadline` (monotonic), from the first file without a proved copy."""

    move_id: UUID
    session_of: SessionOf
    pace: Pace
    deadline: float
    after: UUID | None = None
    lost: set[UUID] = field(default_factory=set)

    async def work(self) -> None:
        """Carry batches, one at least, until the time is over, the move is stopped, or it is done."""
        while (batch := await self._next_batch()) is not None:
            move, source, target, files = batch
            if files:
                await self._carry(source, target, files)
                self.after = files[-1].id
            elif await self._finish(move):
                return
            else:
                self.after = None
            if time.monotonic() > self.deadline:
                await self._hand_over()
                return

    async def _hand_over(self) -> None:
        """The rest is another job's."""
        async with self.session_of() as session:
            move = await keeping_queries.lock_move(session, self.move_id)
            if move is not None and move.state == "running":
                await moving.go_on(session, move)

    async def _next_batch(
        self,
    ) -> tuple[StorageMove, Storage, Storage, list[StoredFile]] | None:
        async with self.session_of() as session:
            move = await keeping_queries.lock_move(session, self.move_id)
            if move is None or move.state != "running":
                return None
            source = await keeping_queries.connection_of(session, move.from_connection_id)
            target = await keeping_queries.connection_of(session, move.to_connection_id)
            files = await keeping_queries.files_to_move(
                session, move, after=self.after, limit=BATCH
            )
            return move, open_storage(source), open_storage(target), files

    async def _carry(self, source: Storage, target: Storage, files: list[StoredFile]) -> None:
        proved: list[UUID] = []
        try:
            for start in range(0, len(files), AT_ONCE):
                group = files[start : start + AT_ONCE]
                results = await asyncio.gather(
                    *(carry(source, target, file, self.pace) for file in group),
                    return_exceptions=True,
                )
                await self._sort(group, results, proved)
        finally:
            await self._note(proved)

    async def _sort(
        self,
        files: list[StoredFile],
        results: list[Carried | BaseException],
        proved: list[UUID],
    ) -> None:
        """Note what each of the group came to; the first error ends the batch after all are noted."""
        errors = [result for result in results if isinstance(result, BaseException)]
        for file, result in zip(files, results, strict=True):
            if result is Carried.PROVED:
                proved.append(file.id)
            elif result is Carried.LOST:
                self.lost.add(file.id)
        if errors:
            raise errors[0]

    async def _note(self, proved: list[UUID]) -> None:
        if not proved and not self.lost:
            return
        async with self.session_of() as session:
            move = await keeping_queries.lock_move(session, self.move_id)
            if move is None:
                return
            amount = await keeping_queries.mark_moved(session, move, proved)
            move.files_done += amount.files
            move.bytes_done += amount.size_bytes
            move.files_missing = len(self.lost)

    async def _finish(self, move: StorageMove) -> bool:
        """Switch, if nothing is left; False when files came meanwhile, and another round is due."""
        async with self.session_of() as session:
            await queries.lock_active(session, move.company_id)
            held = await keeping_queries.lock_move(session, move.id)
            if held is None or held.state != "running":
                return True
            active = await queries.active_connection(session, move.company_id)
            if active is None or active.id != held.from_connection_id:
                await moving.fail_move(
                    session,
                    held,
                    code="connection_changed",
                    detail="The company's connection was changed meanwhile. Cancel this move.",
                )
                return True
            left = await keeping_queries.files_to_move(
                session, held, after=None, limit=len(self.lost) + 1
            )
            if any(file.id not in self.lost for file in left):
                return False
            held.files_missing = len(left)
            if left and not held.leave_missing:
                await moving.fail_move(
                    session,
                    held,
                    code="files_missing",
                    detail=f"{len(left)} files are not in the storage they should be in.",
                )
                return True
            await moving.finish_move(session, held, now=utcnow())
            return True


async def carry(source: Storage, target: Storage, file: StoredFile, pace: Pace) -> Carried:
    """Copy one file and read it back, unless a proved copy is there already.

    Raises the port's errors, `StorageUnavailable` also when the target gives back other bytes.
    """
    if await is_proved(target, file):
        return Carried.PROVED
    copy = incoming_folder() / f"{uuid4().hex}.moving"
    try:
        if not await _fetched(source, file, copy, pace):
            return Carried.LOST
        await target.put(copy, file.key)
    finally:
        copy.unlink(missing_ok=True)
    if not await is_proved(target, file):
        raise StorageUnavailable("The new storage gives back other bytes than it was given.")
    return Carried.PROVED


async def is_proved(storage: Storage, file: StoredFile) -> bool:
    """Whether the storage gives the file back, byte for byte."""
    digest = hashlib.sha256()
    try:
        if await storage.size_of(file.key) != file.size_bytes:
            return False
        async for chunk in storage.open(file.key):
            digest.update(chunk)
    except FileMissing:
        return False
    return digest.hexdigest() == file.sha256


async def _fetched(source: Storage, file: StoredFile, copy: Path, pace: Pace) -> bool:
    """Whether the file is there now as it was once; what is lost or damaged is not carried on."""
    digest = hashlib.sha256()
    try:
        with copy.open("wb") as written:
            async for chunk in source.open(file.key):
                digest.update(chunk)
                await asyncio.to_thread(written.write, chunk)
                await pace.passed(len(chunk))
    except FileMissing:
        return False
    return digest.hexdigest() == file.sha256


async def require_two_places(one: Storage, other: Storage, storage_path: str) -> None:
    """Raises `StorageRefused` when both are the same place: cleaning up one would empty the other."""
    probe = await store_bytes(
        other,
        uuid4().bytes,
        storage_path=storage_path,
        folder="thumbnails",
        media_type="application/octet-stream",
    )
    try:
        is_same = await one.exists(probe.key)
    finally:
        await other.delete(probe.key)
    if is_same:
        raise StorageRefused(
            "Both connections lead to the same place, so there is nothing to move.",
            code=SAME_PLACE,
        )
