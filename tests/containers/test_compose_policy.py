"""The compose files keep the rules an operator relies on; each is asserted on what compose itself reads."""

import json
import subprocess
import sys
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
COMPOSE = Path(sys.executable).parent / "docker-compose"
SERVICES = {
    "postgres", "redis", "redis-broker", "minio", "migrate", "app", "celery-worker", "celery-beat", "nginx",
}  # fmt: skip
# It ends, and its exit code is the answer.
WITHOUT_HEALTHCHECK = {"migrate"}

each_service = pytest.mark.parametrize("name", sorted(SERVICES))


@cache
def compose(*files: str, profile: str = "") -> dict[str, Any]:
    """The merged configuration, as `docker compose config` answers it."""
    chosen = [option for file in files for option in ("-f", file)]
    chosen += ["--profile", profile] if profile else []
    command = [str(COMPOSE), "--env-file", ".env.example", *chosen, "config", "--format", "json"]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    merged: dict[str, Any] = json.loads(answer.stdout)
    return merged


def production() -> dict[str, Any]:
    return compose("docker-compose.yml")


def development() -> dict[str, Any]:
    return compose("docker-compose.yml", "docker-compose.override.yml")


def test_production_is_the_whole_system() -> None:
    """Every service of the specification is there, and the two Redis."""
    assert set(production()["services"]) == SERVICES


@each_service
def test_service_is_hardened(name: str) -> None:
    """Read-only root, no capabilities, no new privileges, bounded memory, processors and processes."""
    service = production()["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["mem_limit"]) > 0
    assert float(service["cpus"]) > 0
    assert service["pids_limit"] > 0
    assert "privileged" not in service
    assert "container_name" not in service


@each_service
def test_service_answers_for_its_health(name: str) -> None:
    """A long-running server has a healthcheck of its own or of its image."""
    healthcheck = production()["services"][name].get("healthcheck")
    from_image = name in {"app", "nginx"}

    if name in WITHOUT_HEALTHCHECK:
        assert healthcheck == {"disable": True}
    else:
        assert from_image or healthcheck["test"]


def test_nginx_is_the_only_published_entry() -> None:
    """In production no other service has a port on the machine."""
    published = {name for name, service in production()["services"].items() if service.get("ports")}

    assert published == {"nginx"}


def test_secrets_are_files() -> None:
    """No environment value is a secret; the ones that are needed are mounted."""
    for service in production()["services"].values():
        for name in service.get("environment") or {}:
            secret = name.endswith(("_PASSWORD", "_KEY", "_SECRET")) or name == "DATABASE_URL"
            assert not secret, name


def test_broker_evicts_nothing_and_writes_everything_down() -> None:
    """A full cache may forget; a full broker must say so, and survive a crash."""
    cache_command = " ".join(production()["services"]["redis"]["command"])
    broker_command = " ".join(production()["services"]["redis-broker"]["command"])

    assert "--maxmemory 256mb --maxmemory-policy allkeys-lru" in cache_command
    assert "--maxmemory-policy noeviction --appendonly yes" in broker_command
    assert production()["services"]["redis-broker"]["volumes"][0]["target"] == "/data"


@pytest.mark.parametrize("name", ["app", "celery-worker", "celery-beat"])
def test_service_starts_after_the_migration(name: str) -> None:
    """The schema is there before anything serves, and the servers answer before that."""
    needed = production()["services"][name]["depends_on"]

    assert needed["migrate"]["condition"] == "service_completed_successfully"
    assert needed["postgres"]["condition"] == "service_healthy"
    assert needed["redis-broker"]["condition"] == "service_healthy"


def test_worker_consumes_every_queue() -> None:
    """No queue is left without a consumer."""
    assert "markers,notifications,default" in production()["services"]["celery-worker"]["command"]


@pytest.mark.parametrize("kind", ["worker", "beat"])
def test_background_work_is_asked_whether_it_goes_round(kind: str) -> None:
    """Without a port to ask, the sign of life each leaves is looked at."""
    healthcheck = production()["services"][f"celery-{kind}"]["healthcheck"]

    assert ["CMD", "arv", "health", kind] == healthcheck["test"]


def test_processes_of_a_worker_fit_into_its_memory() -> None:
    """Each fails alone at its own limit before the kernel has to choose one."""
    worker = production()["services"]["celery-worker"]
    wanted = int(worker["environment"]["WORKER_CONCURRENCY"]) * int(
        worker["environment"]["WORKER_MEMORY_MB"]
    )

    assert wanted * 2**20 < int(worker["mem_limit"])


def test_files_are_shared_with_nginx_read_only() -> None:
    """Nginx serves the folder the app writes, and can not change it."""
    mounts = {
        name: next(v for v in production()["services"][name]["volumes"] if v["source"] == "content")
        for name in ("app", "celery-worker", "nginx")
    }

    assert {mount["target"] for mount in mounts.values()} == {"/srv/arv/storage/content"}
    assert mounts["nginx"]["read_only"] is True
    assert "read_only" not in mounts["app"]


def test_nginx_configuration_is_mounted_read_only() -> None:
    """An operator edits one file on the machine; the container can not."""
    mounted = {v["target"]: v for v in production()["services"]["nginx"]["volumes"]}

    assert mounted["/etc/nginx/nginx.conf"]["read_only"] is True


def test_databases_are_out_of_reach_of_the_entry() -> None:
    """Nginx shares no network with the servers that hold data, and theirs leads nowhere."""
    services, networks = production()["services"], production()["networks"]

    assert set(services["nginx"]["networks"]) == {"vertex-ar-network"}
    assert networks["vertex-ar-network"]["name"] == "vertex-ar-network"
    assert networks["data"]["internal"] is True
    for name in ("postgres", "redis", "redis-broker", "minio"):
        assert set(services[name]["networks"]) == {"data"}


def test_app_believes_the_entry_only() -> None:
    """The one address whose X-Forwarded-For counts is nginx's."""
    services = production()["services"]
    address = services["nginx"]["networks"]["vertex-ar-network"]["ipv4_address"]

    assert services["app"]["environment"]["FORWARDED_ALLOW_IPS"] == address


def test_no_other_container_gets_the_address_of_the_entry() -> None:
    """Addresses given out by Docker come from a range that leaves nginx's alone."""
    network = production()["networks"]["vertex-ar-network"]["ipam"]["config"][0]
    address = production()["services"]["nginx"]["networks"]["vertex-ar-network"]["ipv4_address"]

    assert ip_address(address) in ip_network(network["subnet"])
    assert ip_address(address) not in ip_network(network["ip_range"])


def test_only_the_backup_service_has_the_repository_s_password() -> None:
    """The profile `backup` adds one hardened service; nobody else can read what it keeps."""
    services = compose("docker-compose.yml", profile="backup")["services"]
    service = services["backup"]

    holders = {n for n, s in services.items() if "backup_password" in str(s.get("secrets"))}
    assert {"backup"} == holders
    assert set(services) == SERVICES | {"backup"}
    assert service["read_only"] is True
    assert ["ALL"] == service["cap_drop"]
    assert int(service["mem_limit"]) > 0
    assert "/run/secrets/backup_password" == service["environment"]["BACKUP_PASSWORD_FILE"]
    assert {"content", "backups", "backup-work"} == {v["source"] for v in service["volumes"]}
    assert service["healthcheck"]["test"]


def test_production_says_so() -> None:
    """Without the override nothing is in development."""
    for name in ("migrate", "app", "celery-worker", "celery-beat"):
        environment = production()["services"][name]["environment"]
        assert environment["ENVIRONMENT"] == "production"
        assert "DEBUG" not in environment


def test_development_reloads_the_mounted_source_on_loopback() -> None:
    """The override mounts the code, reloads it, talks much, and opens ports to this machine only."""
    services = development()["services"]
    app = services["app"]
    ports = [
        port
        for name, service in services.items()
        if name != "nginx"
        for port in service.get("ports", [])
    ]

    assert app["environment"]["ENVIRONMENT"] == "development"
    assert app["environment"]["LOG_LEVEL"] == "debug"
    assert "--reload" in app["command"]
    assert "/srv/arv/app" in {volume["target"] for volume in app["volumes"]}
    assert ports
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}
