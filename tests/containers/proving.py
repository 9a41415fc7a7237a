"""The running containers: where ops/containers/prove.sh put them, and what one proof leaves the next."""

import os
import shlex
import subprocess
import time
from dataclasses import dataclass, field

import httpx

URL = os.environ["ARV_PROVED_URL"]
PASSWORD = os.environ["ARV_PROVED_PASSWORD"]
ADMIN = "admin@example.com"
COMPOSE = shlex.split(os.environ["ARV_PROVED_COMPOSE"])
DOCKER = "/usr/bin/docker"
APPS = ("app-1", "app-2")
RUNS_AGAIN_WITHIN_SECONDS = 90


@dataclass
class Left:
    """What the first proof, a person in a browser, made."""

    link: str = ""
    cookies: dict[str, str] = field(default_factory=dict)


LEFT = Left()


def compose(*command: str, timeout: float = 400) -> str:
    """The output of a compose command that has to succeed."""
    done = subprocess.run(
        [*COMPOSE, *command], check=False, capture_output=True, text=True, timeout=timeout
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def inside(service: str, *command: str) -> str:
    """The output of a command in a running service, whatever its exit code."""
    done = subprocess.run(
        [*COMPOSE, "exec", "-T", service, *command], check=False, capture_output=True, text=True
    )
    return done.stdout + done.stderr


def signed_in() -> httpx.Client:
    """Requests of the person who signed in with the browser."""
    return httpx.Client(base_url=URL, trust_env=False, timeout=60, cookies=LEFT.cookies)


def wait_until_ready() -> float:
    """Seconds until the entry says that requests are served."""
    began = time.monotonic()
    while time.monotonic() < began + RUNS_AGAIN_WITHIN_SECONDS:
        try:
            answer = httpx.get(f"{URL}/api/health/readiness", trust_env=False, timeout=10)
            if answer.status_code == httpx.codes.OK:
                return time.monotonic() - began
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise AssertionError("ARV did not come back\n" + compose("ps", "-a"))


def wait_until_healthy(*services: str) -> None:
    """Docker itself says so."""
    compose("up", "-d", "--no-build", "--no-recreate", "--no-deps", "--wait", *services)
