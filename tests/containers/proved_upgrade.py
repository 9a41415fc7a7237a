"""Services killed, and a new release rolled out, while people go on asking: ops/containers/prove.sh."""

import os
import shlex
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from tests.containers.proving import (
    APPS,
    COMPOSE,
    DOCKER,
    LEFT,
    URL,
    compose,
    inside,
    signed_in,
    wait_until_healthy,
    wait_until_ready,
)
from tests.support.load import Load

IMAGE = os.environ["ARV_IMAGE"]
NEXT_IMAGE = f"{IMAGE}-next"
# In step with nginx's budget of one address: 50 a second.
PACE_SECONDS = 0.1


def reads() -> list[tuple[str, str]]:
    """What a viewer and a monitor ask."""
    path = LEFT.link.removeprefix(URL)
    return [("GET", "/api/health/status"), ("GET", path), ("GET", "/"), ("GET", "/docs")]


def test_a_killed_app_is_not_missed() -> None:
    """Killed with -9 inside its container: the other one answers, and it comes back by itself."""
    with Load(URL, reads(), clients=2, pause_seconds=PACE_SECONDS) as load:
        inside("app-1", "sh", "-c", "kill -9 -1")
        time.sleep(3)

    assert load.failures == []
    wait_until_healthy(*APPS)


@pytest.mark.parametrize("service", ["redis", "redis-broker", "celery-worker-markers"])
def test_a_killed_server_comes_back(service: str) -> None:
    """The page of a published print opens meanwhile, and everything is ready again."""
    inside(service, "sh", "-c", "kill -9 -1")
    opened = httpx.get(LEFT.link, trust_env=False, timeout=30)

    assert opened.status_code == httpx.codes.OK
    wait_until_ready()
    wait_until_healthy(service)


def test_a_new_release_is_rolled_out_without_a_failed_request() -> None:
    """Checked first, then schema, pages and one service after another: every read and write is answered."""
    build_next_release()
    settings = Path(COMPOSE[COMPOSE.index("--env-file") + 1])
    settings.write_text(f"{settings.read_text()}ARV_IMAGE={NEXT_IMAGE}\n")
    os.environ["ARV_IMAGE"] = NEXT_IMAGE
    told = compose("run", "--rm", "--no-deps", "-T", "migrate", "arv", "upgrade", "--check")
    assert "may be rolled out" in told, told
    asked = [*reads(), ("POST", "/api/v1/companies")]
    with Load(URL, asked, clients=2, pause_seconds=PACE_SECONDS) as load:
        compose("up", "--no-deps", "--no-build", "migrate", "pages")
        roll()

    assert load.failures == [], f"of {load.count}: {load.failures}\n{refused_by_nginx()}"
    assert load.count > 100
    running = compose("ps", "--format", "{{.Service}} {{.Image}}").splitlines()
    assert {line.split()[1] for line in running if line.startswith("app-")} == {NEXT_IMAGE}
    with signed_in() as client:
        assert client.get("/api/v1/auth/me").status_code == httpx.codes.OK


def refused_by_nginx() -> str:
    """What nginx itself says of the requests that failed: which app it asked, and why it had none."""
    lines = compose("logs", "--no-log-prefix", "nginx").splitlines()
    return "\n".join(line for line in lines if '"status":50' in line or "[error]" in line)


def build_next_release() -> None:
    """Another image of the same code, as the next release would be another image."""
    subprocess.run(
        [DOCKER, "build", "-q", "-t", NEXT_IMAGE, "-"],
        input=f"FROM {IMAGE}\nLABEL release=next\n",
        env={**os.environ, "DOCKER_BUILDKIT": "0"},
        text=True,
        check=True,
        capture_output=True,
    )


def roll() -> None:
    done = subprocess.run(
        ["ops/rolling-restart.sh"],
        env={**os.environ, "COMPOSE": shlex.join(COMPOSE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
