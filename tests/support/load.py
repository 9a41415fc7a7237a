"""Clients that never stop asking, and what they were answered."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import httpx

# A person reads between two clicks; without it the clients would take the processor from those they ask.
PAUSE_SECONDS = 0.01


@dataclass
class Load:
    """`with Load(url, [("GET", "/"), ...]) as load:` asks all the while; `failures` had no answer.

    An answer is anything the service itself says: what is refused is answered, 5xx and a cut line are not.
    """

    url: str
    requests: Sequence[tuple[str, str]]
    clients: int = 4
    pause_seconds: float = PAUSE_SECONDS
    answers: "Counter[str]" = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest_seconds: float = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def count(self) -> int:
        return self.answers.total() + len(self.failures)

    def __enter__(self) -> Self:
        self._threads = [
            threading.Thread(target=self._ask, args=(number,), daemon=True)
            for number in range(self.clients)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def _ask(self, number: int) -> None:
        with httpx.Client(base_url=self.url, trust_env=False, timeout=30) as client:
            turn = number
            while not self._stop.is_set():
                method, path = self.requests[turn % len(self.requests)]
                began = time.monotonic()
                said = _said(client, method, path)
                self._note(f"{method} {path}", said, time.monotonic() - began)
                turn += 1
                self._stop.wait(self.pause_seconds)

    def _note(self, request: str, said: str, seconds: float) -> None:
        with self._lock:
            self.slowest_seconds = max(self.slowest_seconds, seconds)
            if said.startswith(("2", "3", "4")):
                self.answers[f"{request}: {said}"] += 1
            else:
                self.failures.append(f"{request}: {said} after {seconds:.2f} s")


def _said(client: httpx.Client, method: str, path: str) -> str:
    try:
        return str(client.request(method, path).status_code)
    except httpx.TransportError as error:
        return repr(error)
