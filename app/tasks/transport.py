"""Kombu's Redis transport, that waits for a broker without memory as for one that is away.

Measured: a full broker answers an acknowledgement with `OutOfMemoryError`, which Celery takes for a bug of
its own; the worker ends with "Unrecoverable error". Waiting and connecting again is what it does for every
other failure of the broker.
"""

from typing import Final

from kombu.transport import TRANSPORT_ALIASES
from kombu.transport.redis import Transport
from redis.exceptions import OutOfMemoryError

SCHEMES: Final = ("redis", "rediss")


class PatientTransport(Transport):
    """A full broker is a connection that failed."""

    connection_errors = (*Transport.connection_errors, OutOfMemoryError)


def install() -> None:
    """Let every Redis URL of this process use it."""
    for scheme in SCHEMES:
        TRANSPORT_ALIASES[scheme] = "app.tasks.transport:PatientTransport"
