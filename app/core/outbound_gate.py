"""The only way out for clients that open connections themselves, such as a storage provider's SDK.

Such a client resolves names, follows redirects and reconnects as it likes, so `app.core.outbound` can not
look at what it does. It is given this proxy of our own instead (HTTP CONNECT, RFC 9110 9.3.6; plain HTTP by
absolute addresses): each client has a pass for one host and port, the name is resolved and looked at for
every connection, and the bytes go to the address that was looked at. A redirect elsewhere ends here.

One thread and one loopback port for each process, started when first asked for.
"""

import asyncio
import base64
import contextlib
import os
import re
import secrets
import socket
import threading
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import structlog

from app.core.errors import ArvError
from app.core.outbound import checked_address

log = structlog.get_logger(__name__)

LONGEST_HEAD_BYTES: Final = 64 * 1024
CONNECT_SECONDS: Final = 5.0
CHUNK_BYTES: Final = 256 * 1024
# Misdirected Request (RFC 9110 15.5.20): no storage answers with it, so it is known to be ours.
REFUSED_STATUS: Final = 421
REFUSAL: Final = (
    b"HTTP/1.1 421 Misdirected Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)

_TARGET: Final = re.compile(
    rb"(?:CONNECT ([^ /]+):(\d+)|[A-Z]+ http://([^ /:]+)(?::(\d+))?/\S*) HTTP/1\.1\r\n"
)
_PASS: Final = re.compile(rb"\r\nproxy-authorization: *basic ([^\r\n]+)", re.IGNORECASE)

Origin = tuple[str, int]


@dataclass(slots=True)
class Gate:
    """A proxy on a loopback port that lets each pass through to its one origin."""

    port: int
    origins: dict[str, Origin] = field(default_factory=dict)

    def pass_for(self, host: str, port: int) -> str:
        """The proxy's address for a client that may reach this host and port, and nothing else."""
        token = secrets.token_urlsafe(16)
        self.origins[token] = (host.lower(), port)
        return f"http://{token}:x@127.0.0.1:{self.port}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a client, from its first line to its end."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                origin = self._origin_of(head)
                if origin is None:
                    raise PermissionError("not the origin of this pass")
                address = await checked_address(*origin)
                up_reader, up_writer = await asyncio.open_connection(str(address), origin[1])
        except (
            OSError,
            ArvError,
            TimeoutError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
        ):
            await _close(writer, REFUSAL)
            return
        if head.startswith(b"CONNECT "):
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        else:
            up_writer.write(head)
        await asyncio.gather(_pump(reader, up_writer), _pump(up_reader, writer))

    def _origin_of(self, head: bytes) -> Origin | None:
        """Where the request wants to go, if its pass allows just that."""
        target, token = _TARGET.match(head), _PASS.search(head)
        if target is None or token is None:
            return None
        host, port = target[1] or target[3], target[2] or target[4] or b"80"
        wanted = (host.decode("ascii", "replace").strip("[]").lower(), int(port))
        with contextlib.suppress(ValueError):
            name = base64.b64decode(token[1]).decode("ascii", "replace").partition(":")[0]
            return wanted if self.origins.get(name) == wanted else None
        return None


def gate() -> Gate:
    """The gate of this process; a fork has one of its own."""
    return _started(os.getpid())


@lru_cache(maxsize=1)
def _started(_process: int) -> Gate:
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    opened = Gate(listener.getsockname()[1])
    thread = threading.Thread(target=_serve, args=(opened, listener), name="gate", daemon=True)
    thread.start()
    return opened


def _serve(opened: Gate, listener: socket.socket) -> None:
    async def serve() -> None:
        server = await asyncio.start_server(opened.answer, sock=listener, limit=LONGEST_HEAD_BYTES)
        await server.serve_forever()

    asyncio.run(serve())


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes one way until that side ends, then end the other."""
    with contextlib.suppress(OSError):
        while chunk := await reader.read(CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()
    await _close(writer)


async def _close(writer: asyncio.StreamWriter, last_words: bytes = b"") -> None:
    with contextlib.suppress(OSError):
        writer.write(last_words)
        await writer.drain()
        writer.close()
