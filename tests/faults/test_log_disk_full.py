"""The disk of the log is full: lines are lost, and nothing else."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.report import full, recovered
from tests.flows.visitor import Panel, is_ready
from tests.support import media
from tests.support.servers import TestServers
from tests.support.stack import READY_WITHIN_SECONDS, RunningStack, make_stack

IN_FULL = full(0, 1) == 1


@pytest.fixture
def stack(servers: TestServers, tmp_path: Path) -> Iterator[RunningStack]:
    """An API (and in full a worker) whose every line of log is answered with ENOSPC."""
    made = make_stack(servers, tmp_path / "stack", {"LOG_LEVEL": "debug"})
    for name in ("api", "worker"):
        (made.folder / f"{name}.log").symlink_to("/dev/full")
    try:
        if IN_FULL:
            made.seed()
        made.start_api()
        wait_until_ready(made)
        yield made
    finally:
        for name in ("api", "worker"):
            (made.folder / f"{name}.log").unlink()
        made.stop()


def wait_until_ready(stack: RunningStack) -> None:
    """Without looking into the log, which is endless."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{stack.url}/api/health/readiness", trust_env=False).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the API did not become ready")


def test_a_full_log_disk_stops_nothing(stack: RunningStack) -> None:
    """Requests are answered, wrong ones too; in full a worker begins, does its jobs and goes on."""
    began = time.monotonic()
    with httpx.Client(base_url=stack.url, trust_env=False, timeout=30) as visitor:
        answers = [visitor.get("/api/v1/auth/me").status_code for _ in range(full(20, 200))]
    if IN_FULL:
        do_work(stack)

    assert {401} == set(answers)
    assert [] == [name for name, process in stack.processes.items() if process.poll() is not None]
    recovered(
        "log disk full",
        condition="every request is answered, every job is done, no process ends",
        seconds=time.monotonic() - began,
        limit=150,
        detail="stdout and stderr are /dev/full",
    )


def do_work(stack: RunningStack) -> None:
    """Sign in, upload, and wait for targets that the worker makes."""
    panel = Panel(stack)
    stack.spawn("worker", "-m", "app.cli", "worker", "--concurrency=1")
    for made in [panel.create_content(media.photo(seed=seed)) for seed in range(3)]:
        panel.wait_for(made["id"], is_ready)
