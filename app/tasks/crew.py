"""What a worker and its pool processes tell each other: a page of memory shared since before the fork.

A byte for each process (idle or busy) and one for the worker (open or closing). Nothing here can block, and
a process killed in the middle leaves no lock behind.
"""

import mmap
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MOST_PROCESSES: Final = 1023
_IDLE, _BUSY = 0, 1


class Crew:
    """A worker's processes. `slots` is how many there are, set by the parent before it forks."""

    def __init__(self) -> None:
        self._page = mmap.mmap(-1, MOST_PROCESSES + 1)
        self._place = 0
        self._retires = False
        self.slots = 1

    def take_place(self, number: int) -> None:
        """This process is the pool's process `number` from here on, and idle."""
        self._place = min(number, MOST_PROCESSES - 1)
        self._page[self._place] = _IDLE

    @contextmanager
    def busy(self) -> Iterator[None]:
        """This process is at work while the block runs; afterwards it ends if it was told to retire."""
        self._page[self._place] = _BUSY
        try:
            yield
        finally:
            self._page[self._place] = _IDLE
        if self._retires and self.is_forked:
            os._exit(0)

    def retire(self) -> None:
        """Let another process take this one's place when its work is done."""
        self._retires = True

    is_forked = False

    @property
    def is_closing(self) -> bool:
        return self._page[MOST_PROCESSES] == 1

    def close(self) -> None:
        """From now on nobody begins anything."""
        self._page[MOST_PROCESSES] = 1

    def wait_until_idle(self, seconds: float) -> bool:
        """Whether everybody was done before the time was over."""
        deadline = time.monotonic() + seconds
        while any(self._page[: self.slots]):
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.05)
        return True


crew: Final = Crew()
"""This worker's."""
