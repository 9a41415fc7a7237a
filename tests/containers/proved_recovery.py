"""A backup is made, the volumes are lost, and everything comes back; started by ops/containers/prove.sh."""

import hashlib
import os
import subprocess
import time
from typing import Any

import httpx

from tests.containers.proving import (
    DOCKER,
    LEFT,
    compose,
    signed_in,
    wait_until_ready,
)

LOST = ("postgres", "content", "broker")


def test_lost_volumes_come_back_from_the_backup() -> None:
    """Database and files are gone; after one command and a start, every row and byte is as it was."""
    compose("--profile", "backup", "up", "-d", "--no-build", "--wait", "backup")
    compose("exec", "-T", "backup", "arv", "backup", "create")
    before = what_is_there()
    lose_volumes()

    began = time.monotonic()
    compose("up", "-d", "--no-build", "--wait", "postgres", "redis", "redis-broker")
    told = compose("run", "--rm", "--no-deps", "-T", "backup", "arv", "backup", "restore", "latest")
    compose("up", "-d", "--no-build", "--wait")
    wait_until_ready()

    print(f"back after {time.monotonic() - began:.0f} s: {told.strip().splitlines()[0]}")
    assert "each compared" in told
    assert before == what_is_there()


def lose_volumes() -> None:
    compose("--profile", "backup", "down")
    project = os.environ["COMPOSE_PROJECT_NAME"]
    names = [f"{project}_{volume}" for volume in LOST]
    subprocess.run([DOCKER, "volume", "rm", *names], check=True, capture_output=True)


def what_is_there() -> dict[str, Any]:
    """The signed-in person's companies and prints, and the bytes of a print's files."""
    with signed_in() as client:
        me = answered(client.get("/api/v1/auth/me"))
        company = me["memberships"][0]["company"]["id"]
        contents = answered(client.get(f"/api/v1/companies/{company}/contents"))
        manifest = answered(client.get(manifest_address()))
        files = [client.get(url) for url in addresses_in(manifest)]
    assert files
    assert {file.status_code for file in files} == {200}
    return {
        "person": me["user"]["id"],
        "contents": sorted(content["id"] for content in contents["items"]),
        "files": sorted(hashlib.sha256(file.content).hexdigest() for file in files),
    }


def answered(answer: httpx.Response) -> Any:
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()


def manifest_address() -> str:
    return f"/api/v1/viewer/{LEFT.link.rpartition('/')[2]}/manifest"


def addresses_in(value: Any) -> list[str]:
    """Every address of a file anywhere in the manifest."""
    if isinstance(value, dict):
        return [url for each in value.values() for url in addresses_in(each)]
    if isinstance(value, list):
        return [url for each in value for url in addresses_in(each)]
    return [value] if isinstance(value, str) and "/storage/" in value else []
