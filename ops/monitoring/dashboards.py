"""Writes Grafana's dashboards: `python -m ops.monitoring.dashboards`. A panel is title, unit, queries."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "grafana" / "dashboards"
COLUMNS, WIDTH, HEIGHT = 24, 8, 8
SOURCE = {"type": "prometheus", "uid": "prometheus"}


@dataclass(frozen=True, slots=True)
class Panel:
    """Lines over time: each query with its legend."""

    title: str
    unit: str
    queries: dict[str, str]


BOARDS: dict[str, tuple[Panel, ...]] = {
    "overview": (
        Panel("Requests a second", "reqps", {
            "{{status}}": "sum by (status) (rate(arv_http_requests_total[5m]))"}),
        Panel("Share of failed requests", "percentunit", {"failed": "arv:http_errors:ratio5m"}),
        Panel("95 of 100 are faster than", "s", {"all": "arv:http_seconds:p95_5m"}),
        Panel("Slowest routes", "s", {
            "{{method}} {{route}}": "topk(10, arv:http_seconds:p95_by_route5m)"}),
        Panel("Requests in flight", "short", {"now": "arv_http_requests_in_flight"}),
        Panel("Database connections of the API", "short", {
            "used": "arv_db_pool_used", "at most": "arv_db_pool_size", "waiting": "arv_db_pool_waiting"}),
        Panel("Ready", "short", {"{{check}}": "arv_ready", "figures": "arv_database_up"}),
        Panel("Memory of broker and cache", "percentunit", {
            "{{instance}}": "redis_memory_used_bytes / redis_memory_max_bytes"}),
        Panel("nginx", "short", {
            "requests a second": "rate(nginx_http_requests_total[5m])",
            "connections": "nginx_connections_active"}),
        Panel("Openings of prints this month", "short", {"views": "arv_views_this_month"}),
    ),
    "jobs": (
        Panel("Jobs waiting", "short", {"{{queue}}": "arv_jobs_waiting"}),
        Panel("The oldest has waited", "s", {"{{queue}}": "arv_jobs_oldest_waiting_seconds"}),
        Panel("Jobs running", "short", {"{{queue}}": "arv_jobs_running"}),
        Panel("Attempts of waiting and running jobs", "short", {
            "waiting {{queue}}": "arv_jobs_waiting_attempts",
            "running {{queue}}": "arv_jobs_running_attempts"}),
        Panel("Failed for good", "short", {"{{queue}}": "arv_jobs_dead_letters"}),
        Panel("Workers", "short", {"{{queue}}": "arv_workers"}),
        Panel("Since a worker's last sign", "s", {
            "{{queue}}": "time() - arv_worker_last_seen_timestamp_seconds"}),
        Panel("Ended within the hour", "short", {"{{task}} {{state}}": "arv_task_runs_last_hour"}),
        Panel("Mean seconds of a task", "s", {
            "{{task}}": "arv_task_seconds_last_hour / arv_task_runs_last_hour"}),
        Panel("Slowest of the hour", "s", {
            "{{task}}": "topk(10, arv_task_longest_seconds_last_hour)"}),
        Panel("The clock", "s", {
            "late": "arv_beat_overdue_seconds",
            "since the last tick": "time() - arv_beat_last_tick_timestamp_seconds"}),
        Panel("Messages waiting", "short", {
            "{{kind}}": "arv_deliveries_waiting", "inbox": "arv_webhook_inbox"}),
        Panel("The oldest message has waited", "s", {
            "{{kind}}": "arv_deliveries_oldest_waiting_seconds"}),
        Panel("Messages given up within the hour", "short", {
            "{{kind}}": "arv_deliveries_failed_last_hour"}),
        Panel("Webhook endpoints", "short", {
            "failing": "arv_webhook_endpoints_failing",
            "switched off": "arv_webhook_endpoints_disabled"}),
    ),
    "media": (
        Panel("Files received within the hour", "short", {
            "received": "arv_uploads_last_hour", "refused": "arv_uploads_refused_last_hour"}),
        Panel("Their bytes", "bytes", {"bytes": "arv_upload_bytes_last_hour"}),
        Panel("Targets within the hour", "short", {"{{status}}": "arv_targets_last_hour"}),
        Panel("Their mean quality", "percentunit", {
            "score": 'arv_target_score_last_hour{status="ready"}'}),
        Panel("Seconds of compiling", "s", {
            "mean": 'arv_target_seconds_last_hour{status="ready"}',
            "slowest": 'arv_target_longest_seconds_last_hour{status="ready"}'}),
    ),
    "storage": (
        Panel("Files of the newest checks", "short", {
            "missing": "arv_storage_missing_files",
            "damaged": "arv_storage_damaged_files",
            "in no register": "arv_storage_orphan_files"}),
        Panel("Since the last check", "s", {
            "seconds": "time() - arv_storage_last_check_timestamp_seconds"}),
        Panel("Failing connections", "short", {"failing": "arv_storage_connections_failing"}),
        Panel("95 of 100 answers of storages are faster than", "s", {
            "{{kind}} {{verb}}": "histogram_quantile(0.95, sum by (le, kind, verb) "
                                 "(rate(arv_storage_seconds_bucket[5m])))"}),
        Panel("Storage failures a second", "reqps", {
            "{{kind}} {{verb}} {{code}}": "sum by (kind, verb, code) (rate(arv_storage_errors_total[5m]))"}),
        Panel("Archive of PostgreSQL's log is behind", "s", {"seconds": "arv_archive_lag_seconds"}),
        Panel("Disks", "percentunit", {"{{mountpoint}}": "arv:disk_free:ratio"}),
        Panel("Age of the last backup", "s", {
            "backup": "time() - arv_backup_last_success_timestamp_seconds",
            "proved by a restore": "time() - arv_backup_last_verified_restore_timestamp_seconds"}),
        Panel("Days of the certificate", "d", {
            "{{instance}}": "(probe_ssl_earliest_cert_expiry - time()) / 86400"}),
    ),
}  # fmt: skip


def board(name: str, panels: tuple[Panel, ...]) -> dict[str, Any]:
    """A dashboard as Grafana reads it."""
    return {
        "uid": f"arv-{name}",
        "title": f"ARV {name}",
        "tags": ["arv"],
        "schemaVersion": 39,
        "version": 1,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "panels": [_panel(number, panel) for number, panel in enumerate(panels)],
    }


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    row, column = divmod(number, COLUMNS // WIDTH)
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": panel.title,
        "datasource": SOURCE,
        "gridPos": {"x": column * WIDTH, "y": row * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}},
        "targets": [
            {"refId": chr(ord("A") + index), "expr": query, "legendFormat": legend}
            for index, (legend, query) in enumerate(panel.queries.items())
        ],
    }


def rendered(name: str) -> str:
    return json.dumps(board(name, BOARDS[name]), indent=2) + "\n"


if __name__ == "__main__":
    for name in BOARDS:
        (FOLDER / f"{name}.json").write_text(rendered(name))
