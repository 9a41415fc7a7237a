"""The compose files keep the rules an operator relies on; each is asserted on what compose itself reads."""

import json
import re
import subprocess
import sys
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from app.core.queues import QUEUES
from app.local.serve import GRACEFUL_SECONDS

ROOT = Path(__file__).parents[2]
COMPOSE = Path(sys.executable).parent / "docker-compose"
SERVICES = {
    "postgres", "redis", "redis-broker", "minio", "migrate", "app-1", "app-2", "celery-worker-markers",
    "celery-worker-notifications", "celery-worker-default", "celery-beat", "nginx",
    "pages",
}  # fmt: skip
API = ("app-1", "app-2")
WORKERS = {
    name.removeprefix("celery-worker-"): name for name in sorted(SERVICES) if "worker" in name
}
OURS = (*API, *sorted(WORKERS.values()), "celery-beat", "migrate")
IN_OPTIONAL_PROFILES = {
    "backup": {"backup"},
    "seaweedfs": {"seaweedfs"},
    "monitoring": {
        "prometheus", "alertmanager", "grafana", "node-exporter", "postgres-exporter", "redis-exporter",
        "blackbox-exporter", "nginx-exporter",
    },
}  # fmt: skip
EVERY_SERVICE = sorted(SERVICES.union(*IN_OPTIONAL_PROFILES.values()))
# Official images that begin as root; here without any capability, so root over nothing but their own volume.
ROOT_WITHOUT_POWERS = {"minio", "seaweedfs"}
# They end, and their exit code is the answer.
ONE_SHOT = {"migrate", "pages"}

each_service = pytest.mark.parametrize("name", EVERY_SERVICE)


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


def service_named(name: str) -> dict[str, Any]:
    """The service as production runs it, also when it is in an optional profile."""
    found: dict[str, Any] = compose("docker-compose.yml", profile="*")["services"][name]
    return found


def development() -> dict[str, Any]:
    return compose("docker-compose.yml", "docker-compose.override.yml")


def test_production_is_the_whole_system() -> None:
    """Every service of the specification is there, and the two Redis."""
    assert set(production()["services"]) == SERVICES


@each_service
def test_service_is_hardened(name: str) -> None:
    """Read-only root, no capabilities, no new privileges, bounded memory, processors and processes."""
    service = service_named(name)

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["mem_limit"]) > 0
    assert float(service["cpus"]) > 0
    assert service["pids_limit"] > 0
    assert "privileged" not in service
    assert "container_name" not in service
    assert service["logging"]["options"]["max-size"]


@each_service
def test_service_is_an_ordinary_user(name: str) -> None:
    """Named here or in our own image, never root where the image allows anything else."""
    service = service_named(name)
    user = str(service.get("user", ""))
    of_our_image = "target" in service.get("build", {})

    assert user.partition(":")[0] != "0"
    assert user or of_our_image or name in ROOT_WITHOUT_POWERS


@each_service
def test_service_shares_nothing_with_the_machine(name: str) -> None:
    """Neither its network, processes nor Docker itself; of its files only what is read."""
    service = service_named(name)
    binds = [v for v in service.get("volumes", []) if v["type"] == "bind"]

    assert not {"pid", "ipc", "devices"} & set(service)
    assert service.get("network_mode", "none") == "none"
    assert all(bind["read_only"] for bind in binds)
    assert "docker.sock" not in str(binds)


@each_service
def test_service_comes_back_by_itself(name: str) -> None:
    """After a crash or a reboot; what ends by nature does not."""
    assert service_named(name)["restart"] == ("no" if name in ONE_SHOT else "unless-stopped")


@each_service
def test_image_of_others_is_pinned(name: str) -> None:
    """To a version, and replaceable by a digest in .env where it is in the main set."""
    image = service_named(name)["image"]

    assert ":" in image
    assert image.startswith(("arv:", "arv-edge:", "arv-backup:")) or not image.endswith(":latest")


@pytest.mark.parametrize("profile", sorted(IN_OPTIONAL_PROFILES))
def test_profile_adds_its_services_and_no_more(profile: str) -> None:
    """What an operator asks for by a profile comes beside the system, nothing else."""
    services = set(compose("docker-compose.yml", profile=profile)["services"])

    assert SERVICES | IN_OPTIONAL_PROFILES[profile] == services


@each_service
def test_service_answers_for_its_health(name: str) -> None:
    """A long-running server has a healthcheck of its own or of its image."""
    healthcheck = service_named(name).get("healthcheck")
    from_image = name in {*API, "nginx"}

    if name in ONE_SHOT:
        assert healthcheck == {"disable": True}
    else:
        assert from_image or (healthcheck and healthcheck["test"])


def test_nginx_is_the_only_published_entry() -> None:
    """In production no other service has a port on the machine; profiles open ports for the machine alone."""
    published = {name for name, service in production()["services"].items() if service.get("ports")}

    assert published == {"nginx"}
    for name in EVERY_SERVICE:
        ports = [] if name == "nginx" else service_named(name).get("ports", [])
        assert {port["host_ip"] for port in ports} <= {"127.0.0.1"}


def test_secrets_are_files() -> None:
    """No environment value is a secret; the ones that are needed are mounted."""
    for service in map(service_named, EVERY_SERVICE):
        for name in service.get("environment") or {}:
            secret = name.endswith(("_PASSWORD", "_KEY", "_SECRET", "_TOKEN", "_DSN"))
            assert not secret, name
            assert name not in {"DATABASE_URL", "SMTP_URL"}


@pytest.mark.parametrize("name", EVERY_SERVICE)
def test_every_secret_a_service_names_is_mounted(name: str) -> None:
    """A setting that points at a secret nobody mounts would only be found when it is needed."""
    service = service_named(name)
    environment = service.get("environment") or {}
    pointed_at = {
        Path(value).name for value in environment.values() if f"{value}".startswith("/run/secrets/")
    }

    assert pointed_at <= {secret["source"] for secret in service.get("secrets", [])}


def test_a_new_installation_logs_no_password() -> None:
    """The first administrator is made by hand, where only the operator looks on."""
    assert "arv seed --no-admin" in str(production()["services"]["migrate"]["command"])


def test_broker_evicts_nothing_and_writes_everything_down() -> None:
    """A full cache may forget; a full broker must say so, and survive a crash."""
    cache_command = " ".join(production()["services"]["redis"]["command"])
    broker_command = " ".join(production()["services"]["redis-broker"]["command"])

    assert "--maxmemory 256mb --maxmemory-policy allkeys-lru" in cache_command
    assert "--maxmemory-policy noeviction --appendonly yes" in broker_command
    assert production()["services"]["redis-broker"]["volumes"][0]["target"] == "/data"


@pytest.mark.parametrize("name", [*API, *WORKERS.values(), "celery-beat", "backup"])
def test_service_starts_after_the_migration(name: str) -> None:
    """The schema is there before anything serves, and the servers answer before that."""
    needed = service_named(name)["depends_on"]

    assert needed["migrate"]["condition"] == "service_completed_successfully"
    assert needed["postgres"]["condition"] == "service_healthy"
    assert needed["redis-broker"]["condition"] == "service_healthy"


def test_every_queue_has_a_worker_of_its_own() -> None:
    """No queue is left without a consumer, and none waits behind another's jobs."""
    consumed = {
        queue: service_named(name)["command"][-1] for queue, name in sorted(WORKERS.items())
    }

    assert {queue: queue for queue in sorted(QUEUES)} == consumed


@pytest.mark.parametrize("name", [*sorted(WORKERS.values()), "celery-beat"])
def test_background_work_is_asked_whether_it_goes_round(name: str) -> None:
    """Without a port to ask, the sign of life each leaves is looked at."""
    kind = "beat" if name == "celery-beat" else "worker"

    assert ["CMD", "arv", "health", kind] == service_named(name)["healthcheck"]["test"]


@pytest.mark.parametrize("name", sorted(WORKERS.values()))
def test_processes_of_a_worker_fit_into_its_memory(name: str) -> None:
    """Each fails alone at its own limit before the kernel has to choose one."""
    worker = service_named(name)
    wanted = int(worker["environment"]["WORKER_CONCURRENCY"]) * int(
        worker["environment"]["WORKER_MEMORY_MB"]
    )

    assert wanted * 2**20 < int(worker["mem_limit"])


def test_all_processes_together_fit_into_the_database() -> None:
    """Every process may hold its pool and the overflow; some connections stay for the operator."""
    services = production()["services"]
    settings = services["app-1"]["environment"]
    each = int(settings["DB_POOL_SIZE"]) + int(settings["DB_MAX_OVERFLOW"])
    limit = re.search(r"max_connections=(\d+)", " ".join(services["postgres"]["command"]))
    processes = sum(int(services[name]["environment"]["WEB_CONCURRENCY"]) for name in API) + 1
    processes += sum(
        int(services[name]["environment"]["WORKER_CONCURRENCY"]) for name in WORKERS.values()
    )

    assert limit
    assert processes * each <= int(limit[1]) - 10


def test_files_are_shared_with_nginx_read_only() -> None:
    """Nginx serves the folder the app writes, and can not change it."""
    mounts = {
        name: next(v for v in production()["services"][name]["volumes"] if v["source"] == "content")
        for name in (*API, *WORKERS.values(), "nginx")
    }

    assert {mount["target"] for mount in mounts.values()} == {"/srv/arv/storage/content"}
    assert mounts["nginx"]["read_only"] is True
    assert "read_only" not in mounts["app-1"]


def test_nginx_configuration_and_pages_are_mounted_read_only() -> None:
    """An operator edits one folder on the machine and reloads; the container can change nothing. The folder
    and not one file of it: a file that is replaced stays what it was inside a container."""
    mounted = {v["target"]: v for v in production()["services"]["nginx"]["volumes"]}

    assert mounted["/etc/nginx"]["read_only"] is True
    assert mounted["/srv/arv/web"]["read_only"] is True
    assert mounted["/srv/arv/web"]["source"] == "pages"


def test_databases_are_out_of_reach_of_the_entry() -> None:
    """Nginx shares no network with the servers that hold data, and theirs leads nowhere."""
    services, networks = production()["services"], production()["networks"]

    assert set(services["nginx"]["networks"]) == {"vertex-ar-network"}
    assert networks["vertex-ar-network"]["name"] == "vertex-ar-network"
    assert networks["data"]["internal"] is True
    for name in ("postgres", "redis", "redis-broker", "minio", "seaweedfs"):
        assert set(service_named(name)["networks"]) == {"data"}


def test_app_believes_the_entry_only() -> None:
    """The one address whose X-Forwarded-For counts is nginx's."""
    services = production()["services"]
    address = services["nginx"]["networks"]["vertex-ar-network"]["ipv4_address"]

    for name in API:
        assert services[name]["environment"]["FORWARDED_ALLOW_IPS"] == address


def test_no_other_container_gets_an_address_that_is_given() -> None:
    """Addresses given out by Docker come from a range that leaves those of nginx and the API alone."""
    network = production()["networks"]["vertex-ar-network"]["ipam"]["config"][0]
    given = {
        name: service_named(name)["networks"]["vertex-ar-network"]["ipv4_address"]
        for name in (*API, "nginx")
    }

    assert len(set(given.values())) == len(given)
    for address in map(ip_address, given.values()):
        assert address in ip_network(network["subnet"])
        assert address not in ip_network(network["ip_range"])


def test_the_entry_knows_both_apps_while_they_are_stopped() -> None:
    """Their addresses do not change, nginx has them without asking, and asks each of them."""
    services = production()["services"]
    known = dict(entry.split("=") for entry in services["nginx"]["extra_hosts"])
    asked = (ROOT / "nginx" / "include" / "app-servers.conf").read_text()

    assert known == {
        name: services[name]["networks"]["vertex-ar-network"]["ipv4_address"] for name in API
    }
    assert re.findall(r"^server (\S+):8000 ", asked, re.MULTILINE) == list(API)


@pytest.mark.parametrize("name", API)
def test_an_app_has_time_to_drain(name: str) -> None:
    """It serves on while nginx learns to ask the other, and is not killed before its last answers."""
    service = production()["services"][name]
    drain_seconds = float(service["environment"]["DRAIN_SECONDS"])

    asked = (ROOT / "nginx" / "include" / "app-servers.conf").read_text()
    left_alone = min(float(n) for n in re.findall(r"fail_timeout=(\d+)s", asked))

    assert 1 <= drain_seconds < left_alone
    assert service["stop_grace_period"] == "45s"
    assert drain_seconds + GRACEFUL_SECONDS < 45


def test_only_the_backup_service_has_the_repository_s_password() -> None:
    """The profile `backup` adds one hardened service; nobody else can read what it keeps."""
    service = service_named("backup")

    holders = {
        n for n in EVERY_SERVICE if "backup_password" in str(service_named(n).get("secrets"))
    }
    assert {"backup"} == holders
    assert "/run/secrets/backup_password" == service["environment"]["BACKUP_PASSWORD_FILE"]
    assert {"content", "backups", "backup-work"} == {v["source"] for v in service["volumes"]}
    assert service["healthcheck"]["test"]


def test_production_says_so() -> None:
    """Without the override nothing is in development."""
    for name in OURS:
        environment = production()["services"][name]["environment"]
        assert environment["ENVIRONMENT"] == "production"
        assert "DEBUG" not in environment


def test_development_reloads_the_mounted_source_on_loopback() -> None:
    """The override mounts the code, reloads it, talks much, and opens ports to this machine only."""
    services = development()["services"]
    app = services["app-1"]
    ports = [
        port
        for name, service in services.items()
        if name != "nginx"
        for port in service.get("ports", [])
    ]

    for name in OURS:
        assert services[name]["environment"]["ENVIRONMENT"] == "development"
        assert services[name]["environment"]["DEBUG"] == "true"
    assert app["environment"]["LOG_LEVEL"] == "debug"
    assert "--reload" in app["command"]
    assert "/srv/arv/app" in {volume["target"] for volume in app["volumes"]}
    assert ports
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}
