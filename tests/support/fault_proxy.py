"""A TCP proxy that breaks the line on demand: `with FaultProxy("127.0.0.1", 5432) as line: line.cut()`.

It lives in a thread of its own, so that blocking and asynchronous tests, and other processes, may use it.
Faults count for connections that are open and for those to come.
"""

import asyncio
import socket
import struct
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

CHUNK_BYTES = 16 * 1024
# Sent with linger zero: the other side sees a reset, not an orderly end.
_LINGER_ZERO = struct.pack("ii", 1, 0)


class FaultProxy:
    """`port` leads to the server. `cut`, `stall`, `latency`, `rate`, `reset_after`; `heal` ends them all."""

    def __init__(self, host: str, port: int) -> None:
        self.upstream = (host, port)
        self.port = 0
        self.latency = 0.0
        self.rate: float | None = None
        self.reset_after: int | None = None
        self.accepted = 0
        self._cut = False
        self._flowing = threading.Event()
        self._flowing.set()
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="fault-proxy", daemon=True)
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10):
            raise TimeoutError("the fault proxy did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._flowing.set()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def cut(self) -> None:
        """Reset every connection and refuse new ones."""
        self._cut = True
        asyncio.run_coroutine_threadsafe(self._reset_all(), self._loop).result(10)

    def stall(self) -> None:
        """Accept and stay silent: not one byte passes, in either direction."""
        self._flowing.clear()

    def heal(self) -> None:
        """Everything works again; connections that were reset stay gone."""
        self._cut = False
        self.latency, self.rate, self.reset_after = 0.0, None, None
        self._flowing.set()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, limit=CHUNK_BYTES)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            self._loop.run_until_complete(self._end())
            self._loop.close()

    async def _end(self) -> None:
        await self._reset_all()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        self._open.add(writer)
        try:
            if self._cut:
                _reset(writer)
                return
            there, back = await asyncio.open_connection(*self.upstream, limit=CHUNK_BYTES)
            self._open.add(back)
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        except OSError:
            _reset(writer)
        finally:
            self._open.discard(writer)
            writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Bytes of one direction, until it ends; then the other side is told so."""
        passed = 0
        try:
            while chunk := await reader.read(CHUNK_BYTES):
                await self._wait(len(chunk))
                passed += len(chunk)
                if self.reset_after is not None and passed > self.reset_after:
                    await self._reset_all()
                    return
                writer.write(chunk)
                await writer.drain()
            with suppress(OSError):
                writer.write_eof()
        except OSError:
            _reset(writer)
        finally:
            if reader.at_eof():
                self._open.discard(writer)

    async def _wait(self, size: int) -> None:
        if self.latency:
            await asyncio.sleep(self.latency)
        if self.rate:
            await asyncio.sleep(size / self.rate)
        while not self._flowing.is_set():  # noqa: ASYNC110  (set by another thread)
            await asyncio.sleep(0.02)

    async def _reset_all(self) -> None:
        for writer in list(self._open):
            _reset(writer)
        self._open.clear()


def _reset(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        line: socket.socket | None = writer.get_extra_info("socket")
        if line is not None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
    writer.transport.abort()
