"""A small real HTTP server on a free port that keeps what it is sent and answers what it is told to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import h11


@dataclass(frozen=True, slots=True)
class Received:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    status: int = 200
    body: bytes = b"ok"
    headers: tuple[tuple[str, str], ...] = ()


Answering = Callable[[Received], Reply | Awaitable[Reply]]


@dataclass
class HttpSink:
    """`answering` is what it does from now on; it may wait."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    answering: Answering = lambda _request: Reply()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER)
        try:
            while await self._serve_one(connection, reader, writer):
                connection.start_next_cycle()
        except (ConnectionError, h11.ProtocolError):
            pass
        finally:
            writer.close()

    async def _serve_one(
        self,
        connection: h11.Connection,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        request, body = None, b""
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(await reader.read(65536))
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                break
            else:
                return False
        assert request is not None
        headers = {k.decode().lower(): v.decode() for k, v in request.headers}
        received = Received(request.method.decode(), request.target.decode(), headers, body)
        self.received.append(received)
        found = self.answering(received)
        reply = found if isinstance(found, Reply) else await found
        await self._answer(connection, writer, reply)
        return connection.our_state is h11.DONE and connection.their_state is h11.DONE

    async def _answer(
        self, connection: h11.Connection, writer: asyncio.StreamWriter, reply: Reply
    ) -> None:
        headers = [("content-length", str(len(reply.body))), *reply.headers]
        for event in (
            h11.Response(status_code=reply.status, headers=headers),
            h11.Data(data=reply.body),
            h11.EndOfMessage(),
        ):
            writer.write(connection.send(event) or b"")
        with suppress(ConnectionError):
            await writer.drain()


@asynccontextmanager
async def http_sink() -> AsyncIterator[HttpSink]:
    """The server while the block runs."""
    sink = HttpSink()
    server = await asyncio.start_server(sink.serve, "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()  # open connections end with the test's loop
