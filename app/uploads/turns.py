"""Places that companies take in turn, so that one with a thousand files does not hold up the others."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

Waiting = deque[asyncio.Future[None]]


class Turns:
    """A number of places; when all are taken, the companies that wait get the next ones in turn."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.taken = 0
        self._waiting: dict[UUID, Waiting] = {}

    @asynccontextmanager
    async def turn(self, company_id: UUID) -> AsyncIterator[None]:
        """One place for as long as the block runs."""
        await self._enter(company_id)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, company_id: UUID) -> None:
        if self.taken < self.places:
            self.taken += 1
            return
        mine = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(company_id, deque()).append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._leave()  # The place was given in the same moment: pass it on.
            raise

    def _leave(self) -> None:
        """Hand the place to the company that has waited longest since its last turn."""
        while self._waiting:
            company_id, waiting = next(iter(self._waiting.items()))
            del self._waiting[company_id]
            following = _next_of(waiting)
            if waiting:
                self._waiting[company_id] = waiting  # at the end of the row
            if following is not None:
                following.set_result(None)
                return
        self.taken -= 1


def _next_of(waiting: Waiting) -> asyncio.Future[None] | None:
    """The first that still waits; those that gave up before it are forgotten."""
    while waiting:
        first = waiting.popleft()
        if not first.done():
            return first
    return None


class TurnsOfEach:
    """So many places for every company, whatever the others do."""

    def __init__(self) -> None:
        self._of: dict[UUID, Turns] = {}

    @asynccontextmanager
    async def turn(self, company_id: UUID, *, places: int) -> AsyncIterator[None]:
        """One of the company's own places for as long as the block runs."""
        turns = self._of.setdefault(company_id, Turns(places))
        try:
            async with turns.turn(company_id):
                yield
        finally:
            if turns.taken == 0:
                self._of.pop(company_id, None)
