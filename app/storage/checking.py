"""Comparing the register with the storage, in both directions, for one company.

    missing    a file in use whose bytes are not there
    damaged    its size is another one, or (deep) its content
    orphans    bytes that no row tells of, older than a day: before, somebody may be about to register them

Nothing is changed unless repairs are asked for; then orphans are entered as released, for the sweep, and what
is missing is flagged. Every finding is looked at again by itself before it counts: files come and go
while a long listing is read.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.companies import queries as companies
from app.core.database import session_scope
from app.storage import keeping_queries, queries
from app.storage.carrying import is_proved
from app.storage.models import StoredFile
from app.storage.port import FOLDERS, FileMissing, Storage, media_type_of, sha256_of
from app.storage.service import storage_of

SYSTEM: Final = "storage check"
YOUNGEST_ORPHAN: Final = timedelta(days=1)
BATCH: Final = 500
AT_ONCE: Final = 4
MOST_EXAMPLES: Final = 20

StillOurs = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class Findings:
    """What a check found. `examples` are sentences of a few findings, for people."""

    files: int = 0
    size_bytes: int = 0
    missing: int = 0
    damaged: int = 0
    orphans: int = 0
    orphan_bytes: int = 0
    repaired: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether every file in use is there as it should be."""
        return not self.missing and not self.damaged

    def add_example(self, what: str, key: str) -> None:
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(f"{what}: {key}")


@dataclass(frozen=True, slots=True)
class Check:
    """One company's check: `is_deep` reads every byte, `repairs` changes what is safe to change."""

    company_id: UUID
    now: datetime
    is_deep: bool = False
    repairs: bool = False

    async def run(self, still_ours: StillOurs) -> Findings:
        """Folder by folder, so that only the keys of one are held in memory. Raises the port's errors."""
        async with session_scope(system=SYSTEM) as session:
            company = await companies.company_by_id(session, self.company_id)
            storage = await storage_of(session, self.company_id)
        found = Findings()
        for number, folder in enumerate(FOLDERS):
            prefix = f"{company.storage_path}/{folder}/"
            listed = {key: size async for key, size in storage.list_keys(prefix)}
            async for files in self._registered(prefix):
                await self._compare(storage, files, listed, found)
                await still_ours(number / len(FOLDERS))
            await self._count_orphans(storage, listed, found)
        return found

    async def _registered(self, prefix: str) -> AsyncIterator[list[StoredFile]]:
        after = ""
        while True:
            async with session_scope(system=SYSTEM) as session:
                files = await keeping_queries.files_under(
                    session, self.company_id, prefix, after=after, limit=BATCH
                )
            if not files:
                return
            yield files
            after = files[-1].key

    async def _compare(
        self, storage: Storage, files: list[StoredFile], listed: dict[str, int], found: Findings
    ) -> None:
        """Takes the files' keys out of `listed`: what is left in the end has no row."""
        suspects: list[StoredFile] = []
        for file in files:
            size = listed.pop(file.key, None)
            if file.released_at is not None:
                continue
            found.files += 1
            found.size_bytes += file.size_bytes
            if self.is_deep or size != file.size_bytes or file.missing_since is not None:
                suspects.append(file)
        for start in range(0, len(suspects), AT_ONCE):
            group = suspects[start : start + AT_ONCE]
            results = await asyncio.gather(*(self._fault_of(storage, file) for file in group))
            for file, fault in zip(group, results, strict=True):
                await self._record(file, fault, found)

    async def _fault_of(self, storage: Storage, file: StoredFile) -> str | None:
        try:
            if await storage.size_of(file.key) != file.size_bytes:
                return "damaged"
            if self.is_deep and not await is_proved(storage, file):
                return "damaged"
        except FileMissing:
            return "missing"
        return None

    async def _record(self, file: StoredFile, fault: str | None, found: Findings) -> None:
        async with session_scope(system=SYSTEM) as session:
            if fault is None:
                if self.repairs and file.missing_since is not None:
                    await keeping_queries.flag_missing(
                        session, self.company_id, {file.key}, now=None
                    )
                    found.repaired += 1
                return
            now = await keeping_queries.find_file(session, self.company_id, file.key)
            if now is None or now.released_at is not None:
                return  # Let go while we looked.
            if self.repairs and now.missing_since is None:
                await keeping_queries.flag_missing(
                    session, self.company_id, {file.key}, now=self.now
                )
                found.repaired += 1
        found.missing += fault == "missing"
        found.damaged += fault == "damaged"
        found.add_example(fault, file.key)

    async def _count_orphans(
        self, storage: Storage, listed: dict[str, int], found: Findings
    ) -> None:
        for key, size in listed.items():
            if await self._is_orphan(storage, key):
                found.orphans += 1
                found.orphan_bytes += size
                found.add_example("orphan", key)
                if self.repairs:
                    await self._enter_released(key, size)
                    found.repaired += 1

    async def _is_orphan(self, storage: Storage, key: str) -> bool:
        async with session_scope(system=SYSTEM) as session:
            if await keeping_queries.find_file(session, self.company_id, key) is not None:
                return False
        try:
            return self.now - await storage.modified_at(key) > YOUNGEST_ORPHAN
        except FileMissing:
            return False

    async def _enter_released(self, key: str, size: int) -> None:
        """From now on the register tells of it, and after the usual time the sweep takes it."""
        async with session_scope(system=SYSTEM) as session:
            await queries.register_unused(
                session,
                now=self.now,
                company_id=self.company_id,
                key=key,
                sha256=sha256_of(key),
                media_type=media_type_of(key),
                size_bytes=size,
            )
