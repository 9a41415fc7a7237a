"""The rows' figures as metrics, kept for ten seconds: no number of scrapes is felt by the database."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from app.core.clock import utcnow
from app.core.database import open_session
from app.core.queues import QUEUES
from app.health.checks import run_checks
from app.health.queries import Figures, read_figures

log = structlog.get_logger(__name__)

KEPT_SECONDS: Final = 10.0
PATIENCE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its name and words, the labels, and where in which statement's rows it stands."""

    name: str
    words: str
    source: str
    column: str
    labels: tuple[str, ...] = ()


def _families(source: str, labels: tuple[str, ...], **columns: tuple[str, str]) -> list[Family]:
    return [
        Family(name, words, source, column, labels) for column, (name, words) in columns.items()
    ]


# What these labels may say is told also where there is no row.
KNOWN: Final[dict[str, tuple[str, ...]]] = {
    "queue": QUEUES,
    "kind": ("mail", "notification", "webhook"),
    "status": ("failed", "ready"),
}
FAMILIES: Final = (
    *_families(
        "waiting",
        ("queue",),
        jobs=("arv_jobs_waiting", "Jobs waiting, by queue."),
        oldest=("arv_jobs_oldest_waiting_seconds", "Since when a due job waits."),
        attempts=("arv_jobs_waiting_attempts", "Attempts waiting jobs have had."),
    ),
    *_families(
        "running",
        ("queue",),
        jobs=("arv_jobs_running", "Jobs being done, by queue."),
        attempts=("arv_jobs_running_attempts", "Attempts running jobs have had."),
    ),
    *_families(
        "dead", ("queue",), jobs=("arv_jobs_dead_letters", "Jobs failed for good, not discarded.")
    ),
    *_families(
        "workers",
        ("queue",),
        present=("arv_workers", "Workers that showed themselves lately."),
        seen=("arv_worker_last_seen_timestamp_seconds", "A worker's last sign."),
    ),
    *_families(
        "runtime",
        ("task_name", "state"),
        runs=("arv_task_runs_last_hour", "Jobs that ended within the hour."),
        seconds=("arv_task_seconds_last_hour", "Seconds they took together, last attempts only."),
        longest=("arv_task_longest_seconds_last_hour", "Seconds the longest took."),
    ),
    *_families(
        "deliveries",
        ("kind",),
        waiting=("arv_deliveries_waiting", "Webhooks, notifications and mails not sent yet."),
        oldest=("arv_deliveries_oldest_waiting_seconds", "Since when the oldest waits."),
        failed=("arv_deliveries_failed_last_hour", "Given up, of those made within the hour."),
    ),
    *_families("inbox", (), events=("arv_webhook_inbox", "Events nobody has dispatched yet.")),
    *_families(
        "endpoints",
        (),
        failing=("arv_webhook_endpoints_failing", "Endpoints whose last delivery failed."),
        disabled=("arv_webhook_endpoints_disabled", "Endpoints switched off by the service."),
    ),
    *_families(
        "beat",
        (),
        last=("arv_beat_last_tick_timestamp_seconds", "When the clock last began a task."),
        overdue=("arv_beat_overdue_seconds", "How late the task due longest is."),
    ),
    *_families(
        "uploads",
        (),
        files=("arv_uploads_last_hour", "Files received within the hour."),
        bytes=("arv_upload_bytes_last_hour", "Their bytes."),
    ),
    *_families(
        "refused",
        (),
        files=("arv_uploads_refused_last_hour", "Resumable uploads refused in the end."),
    ),
    *_families(
        "targets",
        ("status",),
        targets=("arv_targets_last_hour", "Targets ordered within the hour."),
        score=("arv_target_score_last_hour", "Their mean quality, 0 to 1."),
        seconds=("arv_target_seconds_last_hour", "Mean seconds of compiling."),
        longest=("arv_target_longest_seconds_last_hour", "Seconds of the slowest."),
    ),
    *_families(
        "checks",
        (),
        missing=("arv_storage_missing_files", "Files the newest storage checks did not find."),
        damaged=("arv_storage_damaged_files", "Files they found changed."),
        orphans=("arv_storage_orphan_files", "Files they found in no register."),
        last=("arv_storage_last_check_timestamp_seconds", "When a check last ended."),
    ),
    *_families(
        "connections",
        (),
        failing=("arv_storage_connections_failing", "Connections whose last test failed."),
    ),
    *_families(
        "archive",
        (),
        lag=("arv_archive_lag_seconds", "Since when no WAL segment arrived while archiving fails."),
        failures=("arv_archive_failures", "Tries to archive a segment that failed so far."),
    ),
    *_families(
        "backups",
        (),
        last=("arv_backup_last_success_timestamp_seconds", "When a backup last ended well."),
    ),
    *_families(
        "restores",
        (),
        last=(
            "arv_backup_last_verified_restore_timestamp_seconds",
            "When a backup was last restored and compared.",
        ),
    ),
    *_families("views", (), views=("arv_views_this_month", "Openings of prints this month.")),
)


class _Told(Collector):
    """Metrics made elsewhere, given to the text format."""

    def __init__(self, families: Iterable[GaugeMetricFamily]) -> None:
        self.families = list(families)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from self.families


class _Kept:
    """The last answer of this process."""

    until = 0.0
    told = b""


async def told(clock: Callable[[], float] = time.monotonic) -> bytes:
    """The figures in Prometheus' text format, at most ten seconds old. Never raises."""
    if clock() >= _Kept.until:
        checks, figures = await asyncio.gather(run_checks(), _figures())
        registry = CollectorRegistry()
        registry.register(_Told(families_of(checks, figures)))
        _Kept.told, _Kept.until = generate_latest(registry), clock() + KEPT_SECONDS
    return _Kept.told


def forget() -> None:
    """Read everything again at the next scrape."""
    _Kept.until = 0.0


async def _figures() -> Figures | None:
    """None when the database does not answer in time."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), open_session(system="metrics") as session:
            return await read_figures(session, utcnow())
    except Exception as error:  # noqa: BLE001  (any failure is the answer)
        log.warning("metrics.not_read", error=repr(error))
        return None


def families_of(checks: dict[str, bool], figures: Figures | None) -> Iterator[GaugeMetricFamily]:
    """Every metric; without figures only what was found out about the parts themselves."""
    yield _gauge("arv_database_up", "Whether the database answered.", figures is not None)
    ready = GaugeMetricFamily("arv_ready", "The checks behind readiness.", labels=["check"])
    for name, passed in checks.items():
        ready.add_metric([name], float(passed))
    yield ready
    if figures is None:
        return
    for family in FAMILIES:
        if family.source in figures:
            yield _filled(family, figures)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=float(value))


def _filled(family: Family, figures: Figures) -> GaugeMetricFamily:
    """The rows' values; what is known and has no row is told as 0."""
    labels = ["task" if label == "task_name" else label for label in family.labels]
    gauge = GaugeMetricFamily(family.name, family.words, labels=labels)
    found = {
        tuple(str(row[label]) for label in family.labels): float(row[family.column] or 0)
        for row in figures[family.source]
    }
    known = {(name,): 0.0 for label in family.labels for name in KNOWN.get(label, ())}
    for values, value in sorted((known | found).items()):
        gauge.add_metric(values, value)
    return gauge
