"""What the service counts while it answers: requests by route, and the database's pool.

Several uvicorn processes of one API share a folder of counts, so whichever answers a scrape tells of all of
them. The folder is named after the process that started them; folders of those that are gone are removed.
"""

import contextlib
import multiprocessing
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from starlette.types import Scope

_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_PREFIX: Final = "arv-metrics-"


def share_counts() -> Path | None:
    """The folder this process shares with its siblings; None when it was started alone.

    Uvicorn starts its processes with `multiprocessing`, Celery does not.
    """
    parent = multiprocessing.parent_process()
    if parent is None or parent.pid is None:
        return None
    place = Path(tempfile.gettempdir())
    for old in place.glob(f"{_PREFIX}*"):
        if not _is_alive(_number(old.name.removeprefix(_PREFIX).partition("-")[0])):
            shutil.rmtree(old, ignore_errors=True)
    folder = place / f"{_PREFIX}{parent.pid}-{_started_at(parent.pid)}"
    folder.mkdir(mode=0o700, exist_ok=True)
    os.environ[_FOLDER] = str(folder)
    return folder


def _started_at(pid: int) -> str:
    """Tells two processes apart that had the same number, as in a restarted container."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return "0"


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _is_alive(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


# The client decides at its import whether counts are shared.
_shared: Final = share_counts()

from prometheus_client import (  # noqa: E402
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
    multiprocess,
)

REGISTRY: Final = CollectorRegistry()
if _shared is None:
    ProcessCollector(registry=REGISTRY)

REQUESTS: Final = Counter(
    "arv_http_requests",
    "Requests answered, by method, route template and status.",
    ("method", "route", "status"),
    registry=REGISTRY,
)
SECONDS: Final = Histogram(
    "arv_http_request_seconds",
    "Seconds until the last byte of an answer was sent.",
    ("method", "route"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60),
    registry=REGISTRY,
)
IN_FLIGHT: Final = Gauge(
    "arv_http_requests_in_flight",
    "Requests being answered now, live streams of events included.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
POOL_SIZE: Final = Gauge(
    "arv_db_pool_size",
    "Connections to the database the API may hold at most.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
POOL_USED: Final = Gauge(
    "arv_db_pool_used",
    "Connections to the database in use.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
POOL_WAITING: Final = Gauge(
    "arv_db_pool_waiting",
    "Requests waiting for a connection to the database, or opening one.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)

KNOWN_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE: Final = "none"


def count_request(scope: Scope, status: int, seconds: float) -> None:
    """Count an answered request under its route's template: an id in a path makes no series of its own."""
    method = scope["method"] if scope["method"] in KNOWN_METHODS else "OTHER"
    route = route_of(scope)
    REQUESTS.labels(method, route, str(int(status))).inc()
    SECONDS.labels(method, route).observe(seconds)


def route_of(scope: Scope) -> str:
    """The template of the route that answered, `none` when none did."""
    context = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    template: str | None = getattr(context, "path_format", None) or getattr(context, "path", None)
    return template or NO_ROUTE


class MeasuredPool(AsyncAdaptedQueuePool):
    """The usual pool, which tells how many of its connections are used and how many wait for one."""

    def _do_get(self) -> ConnectionPoolEntry:
        try:
            with POOL_WAITING.track_inprogress():
                return super()._do_get()
        finally:
            POOL_USED.set(self.checkedout())

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        super()._do_return_conn(record)
        POOL_USED.set(self.checkedout())


def told() -> bytes:
    """All counts in Prometheus' text format."""
    if _shared is None:
        return generate_latest(REGISTRY)
    _forget_the_dead(_shared)
    everybody: Any = CollectorRegistry()
    multiprocess.MultiProcessCollector(everybody, str(_shared))  # type: ignore[no-untyped-call]
    return generate_latest(everybody)


def _forget_the_dead(folder: Path) -> None:
    """What a process counts of the present ends with it; its counters stay."""
    for file in folder.glob("gauge_live*_*.db"):
        pid = _number(file.stem.rpartition("_")[2])
        if not _is_alive(pid):
            with contextlib.suppress(OSError):
                file.unlink()
