"""Loopback ports."""

import socket
from contextlib import closing

from app.local.console import StartRefused


def free_port() -> int:
    """A port of the loopback interface that was free a moment ago."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


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
