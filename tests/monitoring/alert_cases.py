"""For each alert the series that make it fire, and those that only come near.

`{series: values}` in promtool's notation, one value a minute; the alert is looked at after `minutes`.
"""

from dataclasses import dataclass

Series = dict[str, str]

DISK = '{device="/dev/vda1",fstype="ext4",mountpoint="/"}'
BROKER = '{instance="redis://redis-broker:6379"}'
CACHE = '{instance="redis://redis:6379"}'
PUBLIC = '{instance="https://arv.example.com",job="public"}'
CALLS = 'arv_http_requests_total{method="GET",route="/x",status="%s"}'
BUCKET = 'arv_http_request_seconds_bucket{method="GET",route="%s",le="%s"}'
API = 'up{job="arv-api",instance="app:8000"}'
DAY = 86400


@dataclass(frozen=True, slots=True)
class Case:
    """What fires the alert, what does not, and after how long it is looked at."""

    fires: Series
    quiet: Series
    minutes: int = 30


def constant(value: float) -> str:
    """The same value for five hours."""
    return f"{value:g}+0x300"


def _one(series: str, bad: float, good: float, *, minutes: int = 30) -> Case:
    return Case({series: constant(bad)}, {series: constant(good)}, minutes)


CASES: dict[str, Case] = {
    "ArvApiDown": _one(API, 0, 1),
    "ArvNotReachable": _one(f"probe_success{PUBLIC}", 0, 1),
    "ArvErrorRate": Case(
        {CALLS % 200: "0+600x300", CALLS % 500: "0+60x300"},
        {CALLS % 200: "0+600x300", CALLS % 500: "0+6x300", CALLS % 404: "0+600x300"},
    ),
    "ArvSlow": Case(
        {
            CALLS % 200: "0+600x300",
            BUCKET % ("/x", "1"): "0+300x300",
            BUCKET % ("/x", "2.5"): "0+600x300",
            BUCKET % ("/x", "+Inf"): "0+600x300",
        },
        {
            CALLS % 200: "0+600x300",
            BUCKET % ("/x", "1"): "0+600x300",
            BUCKET % ("/x", "2.5"): "0+600x300",
            BUCKET % ("/x", "+Inf"): "0+600x300",
            # Live streams last for minutes and say nothing about speed.
            BUCKET % ("/api/v1/companies/{company_id}/events/live", "60"): "0+0x300",
            BUCKET % ("/api/v1/companies/{company_id}/events/live", "+Inf"): "0+6000x300",
        },
    ),
    "ArvNotReady": _one('arv_ready{check="storage"}', 0, 1),
    "ArvDatabaseDown": _one("arv_database_up", 0, 1),
    "ArvPoolExhausted": Case(
        {
            "arv_db_pool_used": constant(20),
            "arv_db_pool_size": constant(20),
            "arv_db_pool_waiting": constant(3),
        },
        {
            "arv_db_pool_used": constant(20),
            "arv_db_pool_size": constant(20),
            "arv_db_pool_waiting": constant(0),
        },
    ),
    "ArvPostgresConnections": Case(
        {
            'pg_stat_activity_count{datname="arv",state="active"}': constant(40),
            'pg_stat_activity_count{datname="arv",state="idle"}': constant(50),
            "pg_settings_max_connections": constant(100),
        },
        {
            'pg_stat_activity_count{datname="arv",state="active"}': constant(80),
            "pg_settings_max_connections": constant(100),
        },
    ),
    "ArvQueueStuck": _one('arv_jobs_oldest_waiting_seconds{queue="markers"}', 1000, 800),
    "ArvNoWorker": _one('arv_workers{queue="markers"}', 0, 1),
    "ArvBeatStopped": _one("arv_beat_overdue_seconds", 400, 30),
    "ArvDeadLetters": _one('arv_jobs_dead_letters{queue="markers"}', 1, 0),
    "ArvDiskFull": Case(
        {
            f"node_filesystem_avail_bytes{DISK}": constant(9),
            f"node_filesystem_size_bytes{DISK}": constant(100),
        },
        {
            f"node_filesystem_avail_bytes{DISK}": constant(20),
            f"node_filesystem_size_bytes{DISK}": constant(100),
        },
    ),
    "ArvDiskFilling": Case(
        {
            f"node_filesystem_avail_bytes{DISK}": "40000-60x300",
            f"node_filesystem_size_bytes{DISK}": constant(100000),
        },
        {
            f"node_filesystem_avail_bytes{DISK}": "40000-6x300",
            f"node_filesystem_size_bytes{DISK}": constant(100000),
        },
        minutes=240,
    ),
    "ArvBrokerMemory": Case(
        {
            f"redis_memory_used_bytes{BROKER}": constant(230),
            f"redis_memory_max_bytes{BROKER}": constant(256),
        },
        {
            f"redis_memory_used_bytes{BROKER}": constant(100),
            f"redis_memory_max_bytes{BROKER}": constant(256),
            # A cache may be full.
            f"redis_memory_used_bytes{CACHE}": constant(256),
            f"redis_memory_max_bytes{CACHE}": constant(256),
        },
    ),
    "ArvCacheEvicts": Case(
        {f"redis_evicted_keys_total{CACHE}": "0+1200x300"},
        {f"redis_evicted_keys_total{CACHE}": "0+60x300"},
        minutes=60,
    ),
    "ArvCertificateEnds": Case(
        {f"probe_ssl_earliest_cert_expiry{PUBLIC}": constant(10 * DAY)},
        {f"probe_ssl_earliest_cert_expiry{PUBLIC}": constant(30 * DAY)},
        minutes=90,
    ),
    "ArvStorageMissing": _one("arv_storage_missing_files", 1, 0),
    "ArvStorageConnection": _one("arv_storage_connections_failing", 1, 0),
    "ArvStorageErrors": Case(
        {
            'arv_storage_errors_total{kind="s3",verb="put",code="storage_unavailable"}': "0+30x300",
            'arv_storage_seconds_count{kind="s3",verb="put"}': "0+120x300",
        },
        {
            'arv_storage_errors_total{kind="s3",verb="put",code="storage_unavailable"}': "0+6x300",
            'arv_storage_seconds_count{kind="s3",verb="put"}': "0+600x300",
        },
    ),
    "ArvStorageSlow": Case(
        {
            'arv_storage_seconds_bucket{kind="s3",verb="put",le="5"}': "0+10x300",
            'arv_storage_seconds_bucket{kind="s3",verb="put",le="15"}': "0+60x300",
            'arv_storage_seconds_bucket{kind="s3",verb="put",le="+Inf"}': "0+60x300",
            'arv_storage_seconds_count{kind="s3",verb="put"}': "0+60x300",
        },
        {
            'arv_storage_seconds_bucket{kind="s3",verb="put",le="5"}': "0+60x300",
            'arv_storage_seconds_bucket{kind="s3",verb="put",le="15"}': "0+60x300",
            'arv_storage_seconds_bucket{kind="s3",verb="put",le="+Inf"}': "0+60x300",
            'arv_storage_seconds_count{kind="s3",verb="put"}': "0+60x300",
        },
    ),
    "ArvArchiveFailing": _one("arv_archive_lag_seconds", 400, 200),
    "ArvNginxDown": _one("nginx_up", 0, 1),
    "ArvNginxConnections": Case(
        {"nginx_connections_accepted": "0+600x300", "nginx_connections_handled": "0+480x300"},
        {"nginx_connections_accepted": "0+600x300", "nginx_connections_handled": "0+600x300"},
    ),
    "ArvDeliveriesStuck": Case(
        {'arv_deliveries_oldest_waiting_seconds{kind="mail"}': constant(2000)},
        {
            'arv_deliveries_oldest_waiting_seconds{kind="mail"}': constant(1000),
            # An endpoint of a customer may be down for a day; the webhooks wait for it.
            'arv_deliveries_oldest_waiting_seconds{kind="webhook"}': constant(20000),
            "arv_webhook_inbox": constant(10),
        },
    ),
    "ArvDeliveriesFailing": _one('arv_deliveries_failed_last_hour{kind="mail"}', 6, 5),
    "ArvTargetsFailing": _one('arv_targets_last_hour{status="failed"}', 11, 10),
    # The clock of these tests begins in 1970: four hours after it a backup of its beginning is young, so
    # the old one was made thirty hours before.
    "ArvBackupOld": Case(
        {"arv_backup_last_success_timestamp_seconds": constant(-30 * 3600)},
        {"arv_backup_last_success_timestamp_seconds": constant(-20 * 3600)},
        minutes=120,
    ),
    "ArvRestoreUnproved": Case(
        {"arv_backup_last_verified_restore_timestamp_seconds": constant(-10 * DAY)},
        {"arv_backup_last_verified_restore_timestamp_seconds": constant(-8 * DAY)},
        minutes=120,
    ),
}
