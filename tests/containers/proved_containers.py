"""What is asked of the running containers; started by ops/containers/prove.sh, not by a plain `pytest`."""

import os
import shlex
import subprocess
import time

import httpx
import pytest

from tests.containers import test_flow_behind_nginx as flow

URL = os.environ["ARV_PROVED_URL"]
ADMIN = flow.Administrator("admin@example.com", os.environ["ARV_PROVED_PASSWORD"])
COMPOSE = shlex.split(os.environ["ARV_PROVED_COMPOSE"])


def inside(service: str, *command: str) -> str:
    """The output of a command in a running service."""
    done = subprocess.run(
        [*COMPOSE, "exec", "-T", service, *command], check=False, capture_output=True, text=True
    )
    return done.stdout + done.stderr


def test_flow_in_containers() -> None:
    """From a photo and a video to a living print, through nginx, worker and volume."""
    with httpx.Client(base_url=URL, trust_env=False, timeout=60) as client:
        flow.play(client, ADMIN, URL)


def test_entry_serves_the_built_pages() -> None:
    """The panel comes compressed beforehand, the API's pages from the app, everything with its headers."""
    with httpx.Client(base_url=URL, trust_env=False) as client:
        page = client.get("/", headers={"Accept-Encoding": "gzip"})
        assert (page.status_code, page.headers["Content-Encoding"]) == (200, "gzip")
        assert page.headers["X-Frame-Options"] == "DENY"
        assert client.get("/docs").status_code == 200
        assert client.get("/api/health/readiness").json()["status"] == "ready"


@pytest.mark.parametrize("service", ["app", "celery-worker", "celery-beat"])
def test_service_is_an_ordinary_user_on_a_read_only_root(service: str) -> None:
    """Uid 1000, nothing writable but /tmp and the content, no compiler, no pip."""
    assert inside(service, "id", "-u").strip() == "1000"
    assert "Read-only file system" in inside(service, "touch", "/srv/arv/app/x")
    assert inside(service, "sh", "-c", "command -v gcc cc node npm pip").strip() == ""
    assert inside(service, "sh", "-c", "command -v curl pg_dump").count("/") >= 2


def test_bytecode_is_in_the_image() -> None:
    """No module is compiled again at every start."""
    missing = inside(
        "app",
        *("python", "-c"),
        "import pathlib, importlib.util as u; print([str(f) for f in pathlib.Path('app').rglob('*.py')"
        " if not pathlib.Path(u.cache_from_source(str(f))).exists()])",
    )
    assert missing.strip() == "[]"


def test_broker_and_cache_forget_as_they_should() -> None:
    """The policies reached the servers."""
    ask = ("redis-cli", "config", "get", "maxmemory-policy")

    assert "allkeys-lru" in inside("redis", *ask)
    assert "noeviction" in inside("redis-broker", *ask)


def test_killed_app_comes_back() -> None:
    """Killed with -9 inside its container, the API answers again by itself."""
    inside("app", "sh", "-c", "kill -9 -1")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{URL}/api/health/readiness", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise AssertionError("the API did not come back")
