"""A mail server that does not answer is left alone for a while, so that a queue of mails for it holds up no
messages that go elsewhere: each process of a worker waits for it once in a rest, not once a mail.
"""

import time
from typing import ClassVar, Final

FIRST_SECONDS: Final = 15.0
LONGEST_SECONDS: Final = 120.0


class Rest:
    """What this process knows of the servers it wrote to, by their address."""

    _until: ClassVar[dict[str, float]] = {}
    _length: ClassVar[dict[str, float]] = {}

    @classmethod
    def is_on(cls, server: str) -> bool:
        """Whether the server was silent a moment ago."""
        return time.monotonic() < cls._until.get(server, 0.0)

    @classmethod
    def begin(cls, server: str) -> None:
        """The server was silent; twice as long a rest as the one before, two minutes at most."""
        length = min(LONGEST_SECONDS, 2 * cls._length.get(server, FIRST_SECONDS / 2))
        cls._length[server], cls._until[server] = length, time.monotonic() + length

    @classmethod
    def end(cls, server: str | None = None) -> None:
        """The server answered; without a name everything is forgotten."""
        for known in (cls._until, cls._length):
            known.clear() if server is None else known.pop(server, None)
