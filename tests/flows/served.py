"""The service answering on a port of this process, with one event loop for it and for the test's own code."""

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from fastapi import FastAPI

from app.core.database import dispose_engine
from app.local.ports import free_port
from app.main import create_app
from tests.support.servers import TestServers
from tests.support.settings import applied, environment_for
from tests.support.tenancy import seeing_everything

T = TypeVar("T")


class Served:
    """A running service; `run` lets a coroutine run in its loop, where its connections live."""

    def __init__(self, app: FastAPI, server: uvicorn.Server, port: int) -> None:
        self.app = app
        self.url = f"http://127.0.0.1:{port}"
        self.server = server
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._serve, name="served", daemon=True)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self.server.serve())

    def start(self) -> None:
        self.thread.start()
        deadline = time.monotonic() + 20
        while not self.server.started:
            assert time.monotonic() < deadline, "the service did not start"
            time.sleep(0.02)

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout=60)

    def stop(self) -> None:
        self.run(dispose_engine())
        self.server.should_exit = True
        self.thread.join(timeout=10)
        self.loop.close()


@contextmanager
def served(servers: TestServers, folder: Path, environment: dict[str, str]) -> Iterator[Served]:
    """The service on a database of its own, with these settings besides the tests' usual ones."""
    name = asyncio.run(servers.create_database())
    storage = folder / "storage"
    storage.mkdir(parents=True)
    settings = environment_for(servers, name, storage) | environment
    with applied(settings), seeing_everything():
        app, port = create_app(), free_port()
        options = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, ws="none")
        running = Served(app, uvicorn.Server(options), port)
        running.start()
        try:
            yield running
        finally:
            running.stop()
    asyncio.run(servers.drop_database(name))
