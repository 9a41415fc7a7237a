"""Loopback ports."""

import random
import socket
from contextlib import closing, suppress
from itertools import count

from app.local.console import StartRefused

# Below what Linux hands to outgoing connections (32768 and up): none of those takes a port of ours
# between the moment it is chosen and the moment its server listens.
_RANGE = range(12_000, 32_000)
_given: set[int] = set()
_dice = random.SystemRandom()


def free_port() -> int:
    """A port of the loopback interface that was free a moment ago; never the same one twice."""
    for _ in count():
        port = _dice.choice(_RANGE)
        if port in _given and len(_given) < len(_RANGE):
            continue
        with closing(socket.socket()) as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            _given.add(port)
            return port
    raise AssertionError("unreachable")


def require_free(host: str, port: int) -> None:
    """Raises `StartRefused` with the remedy when the port is taken or not ours to take."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except PermissionError:
            raise StartRefused(
                f"Port {port} needs root: choose one above 1023, --port 8000."
            ) from None
        except OSError as error:
            raise StartRefused(
                f"Port {port} on {host} is busy ({error.strerror}): "
                f"stop what uses it, or choose another, --port {port + 1}."
            ) from None
