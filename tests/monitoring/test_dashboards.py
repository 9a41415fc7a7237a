"""Rules and dashboards ask for what is really told, and the containers of the monitoring are hardened too."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from ops.monitoring.dashboards import BOARDS, rendered

ROOT = Path(__file__).parents[2]
RULES = ROOT / "ops/monitoring/prometheus/rules"
BOARD_FILES = ROOT / "ops/monitoring/grafana/dashboards"
OURS = re.compile(r"\barv_[a-z0-9_]+")
RECORDED = re.compile(r"\barv:[a-z0-9_:]+")
# What Prometheus itself and the exporters tell; the version of each is pinned in docker-compose.yml.
FOREIGN = {
    "up",
    "probe_success",
    "probe_ssl_earliest_cert_expiry",
    "nginx_connections_accepted",
    "nginx_connections_active",
    "nginx_connections_handled",
    "nginx_http_requests_total",
    "nginx_up",
    "node_filesystem_avail_bytes",
    "node_filesystem_size_bytes",
    "pg_settings_max_connections",
    "pg_stat_activity_count",
    "redis_evicted_keys_total",
    "redis_memory_max_bytes",
    "redis_memory_used_bytes",
}
FOREIGN_NAME = re.compile(r"\b(?:nginx|node|pg|redis|probe)_[a-z0-9_]+|\bup\b")


def rules() -> list[dict[str, Any]]:
    files = [yaml.safe_load(file.read_text()) for file in sorted(RULES.glob("*.yml"))]
    return [rule for file in files for group in file["groups"] for rule in group["rules"]]


def expressions() -> list[str]:
    panels = [
        panel
        for file in BOARD_FILES.glob("*.json")
        for panel in json.loads(file.read_text())["panels"]
    ]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    return [rule["expr"] for rule in rules()] + asked


def names(pattern: re.Pattern[str]) -> set[str]:
    return {name for expression in expressions() for name in pattern.findall(expression)}


async def test_every_metric_asked_for_is_told(client: httpx.AsyncClient) -> None:
    """A renamed metric would leave an alert silent for ever; this one is noticed."""
    await client.get("/api/health/status")
    answer = await client.get("/metrics")

    told: set[str] = set()
    for family in text_string_to_metric_families(answer.text):
        told |= {family.name} | {sample.name for sample in family.samples}
    assert len(names(OURS)) > 40
    assert names(OURS) - told == set()


def test_everything_else_asked_for_is_known() -> None:
    """Recorded by a rule of ours, or told by an exporter we know."""
    recorded = {rule["record"] for rule in rules() if "record" in rule}

    assert names(RECORDED) - recorded == set()
    assert names(FOREIGN_NAME) - FOREIGN == set()


@pytest.mark.parametrize("name", BOARDS)
def test_dashboards_are_as_described(name: str) -> None:
    """The JSON in the checkout is what ops/monitoring/dashboards.py writes."""
    assert rendered(name) == (BOARD_FILES / f"{name}.json").read_text()


def test_containers_of_the_monitoring_are_hardened() -> None:
    """As the service's own: read-only, no capabilities, bounded, healthy by their own word, one tag each."""
    command = [
        str(Path(sys.executable).parent / "docker-compose"),
        *("--env-file", ".env.example", "-f", "docker-compose.yml"),
        *("--profile", "monitoring", "config", "--format", "json"),
    ]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    services = json.loads(done.stdout)["services"]
    watching = {name: each for name, each in services.items() if each.get("profiles")}

    assert {"prometheus", "alertmanager", "grafana", "node-exporter"} <= set(watching)
    for name, service in watching.items():
        if service["profiles"] != ["monitoring"]:
            continue
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert int(service["mem_limit"]) > 0, name
        assert service["pids_limit"] > 0, name
        assert service["healthcheck"]["test"], name
        assert re.search(r":v?\d+\.\d+\.\d+", service["image"]), name
        assert not service["user"].startswith("0"), name
        assert {port["host_ip"] for port in service.get("ports", [])} <= {"127.0.0.1"}, name
