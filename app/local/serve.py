"""`arv serve`: the API behind a proxy, with as many processes as WEB_CONCURRENCY says."""

import contextlib
import socket
import time
from collections.abc import Iterable

import uvicorn
from uvicorn.supervisors import Multiprocess

from app.core.config import get_settings
from app.core.logging import configure_logging
from app.local.startup import refuse_unsafe_start

APP = "app.main:create_app"
# nginx keeps unused connections for 60 s. It must be the one that closes them: a request may be on its way.
KEEP_ALIVE_SECONDS = 75
# What an upload or a film may still take; docker-compose.yml waits a little longer before it kills.
GRACEFUL_SECONDS = 30
# The check starts the app in a process of its own, which is slow on a busy machine.
WORKER_ANSWERS_WITHIN_SECONDS = 60


def run_api(host: str, port: int) -> None:
    """Serve until SIGTERM; drains for DRAIN_SECONDS first."""
    settings = get_settings()  # refused settings are told once, in one line
    configure_logging(settings.log.level, settings.log_format)
    config = uvicorn.Config(
        APP,
        factory=True,
        host=host,
        port=port,
        server_header=False,
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        timeout_worker_healthcheck=WORKER_ANSWERS_WITHIN_SECONDS,
    )
    refuse_unsafe_start(api_processes=config.workers)
    if config.workers == 1:
        uvicorn.Server(config).run()
        return
    sockets = [config.bind_socket()]
    Supervisor(config, sockets, drain_seconds=settings.web.drain_seconds).run()


class Supervisor(Multiprocess):
    """Its processes share one listening socket, which the supervisor holds too: while the last requests are
    answered nobody would accept what still connects. So it is shut once the processes have drained."""

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket.socket], *, drain_seconds: float
    ) -> None:
        super().__init__(config, sockets)
        self.drain_seconds = drain_seconds

    def join_all(self) -> None:
        deadline = time.monotonic() + self.drain_seconds
        while time.monotonic() < deadline and any(p.exitcode is None for p in self.processes):
            time.sleep(0.05)
        shut(self.sockets)
        super().join_all()


def shut(sockets: Iterable[socket.socket]) -> None:
    """Nobody can connect any more, whichever process holds them."""
    for listening in sockets:
        with contextlib.suppress(OSError):  # is shut already
            listening.shutdown(socket.SHUT_RDWR)
