"""The whole way over the API with a real server and worker: photo and video to a living print."""

import json
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from tests.flows.visitor import Panel, is_ready
from tests.support import media
from tests.support.otlp import Collector, SentSpan, collecting
from tests.support.servers import TestServers
from tests.support.stack import RunningStack, make_stack


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """Where API and worker of this module send their traces."""
    with collecting() as started:
        yield started


@pytest.fixture(scope="module")
def running_stack(
    servers: TestServers, collector: Collector, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningStack]:
    """The whole service as processes, traced."""
    traced = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "LOG_FORMAT": "json",
    }
    stack = make_stack(servers, tmp_path_factory.mktemp("stack"), traced)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


def test_a_photo_and_a_video_become_a_living_print(
    running_stack: RunningStack, tmp_path: Path
) -> None:
    """Upload, target ready, publish; a visitor gets the manifest and every file whole."""
    panel = Panel(running_stack)
    started = time.perf_counter()

    made = panel.create_content(media.photo(1280, 960), media.clip(tmp_path))
    ready = panel.wait_for(made["id"], is_ready)
    seconds = time.perf_counter() - started
    panel.expect(200, panel.client.post(f"{panel.base}/contents/{made['id']}/publish"))

    with httpx.Client(base_url=running_stack.url, trust_env=False) as visitor:
        manifest = visitor.get(f"/api/v1/viewer/{made['public_id']}/manifest").json()
        target = visitor.get(manifest["target"]["url"]).content
        video = visitor.get(manifest["video"]["url"], headers={"range": "bytes=0-99"})
        code = panel.client.get(f"{panel.base}/contents/{made['id']}/qr.svg")
    assert manifest["target"]["size_bytes"] == len(target)
    assert f"/{sha256(target).hexdigest()}.arvt" in manifest["target"]["url"]
    assert (206, 100) == (video.status_code, len(video.content))
    assert (200, "image/svg+xml") == (code.status_code, code.headers["content-type"])
    assert made["public_url"].startswith(running_stack.url)
    print(
        f"1280 px photo and clip to a ready target over the API: {seconds:.2f} s, "
        f"of it {ready['target']['seconds']} s in the engine"
    )


def test_a_print_taken_back_is_closed_to_visitors(
    running_stack: RunningStack, tmp_path: Path
) -> None:
    """After unpublishing the same code leads to the page that says so."""
    panel = Panel(running_stack)
    made = panel.create_content(media.photo(seed=11), media.clip(tmp_path))
    panel.wait_for(made["id"], is_ready)
    path = f"{panel.base}/contents/{made['id']}"

    panel.expect(200, panel.client.post(f"{path}/publish"))
    open_status = panel.client.get(f"/api/v1/viewer/{made['public_id']}/manifest").status_code
    panel.expect(200, panel.client.post(f"{path}/unpublish"))
    page = panel.client.get(f"/ar/{made['public_id']}")

    assert (200, 404) == (open_status, page.status_code)
    assert "This print is resting" in page.text


def test_a_print_is_one_trace_from_the_request_to_the_storage(
    running_stack: RunningStack, collector: Collector
) -> None:
    """API, its SQL and its nudge, the worker's job, its SQL and its storage: one trace, also in the logs."""
    panel = Panel(running_stack)
    made = panel.create_content(media.photo(seed=12))
    panel.wait_for(made["id"], is_ready)
    job = "job markers.compile_target"

    spans = collector.wait_for(lambda sent: sum(each.name == job for each in sent) >= _jobs(sent))

    ordered = next(
        each
        for each in reversed(spans)
        if each.name == "POST /api/v1/companies/{company_id}/projects/{project_id}/contents"
    )
    trace = [each for each in spans if each.trace_id == ordered.trace_id]
    names = {(each.service, each.name) for each in trace}
    assert {
        ("arv-api", "sql INSERT"),
        ("arv-api", "publish markers"),
        ("arv-worker", job),
        ("arv-worker", "sql SELECT"),
        ("arv-worker", "storage open"),
        ("arv-worker", "storage put"),
    } <= names
    known = {each.span_id for each in trace}
    assert [] == [
        each.name for each in trace if each is not ordered and each.parent_id not in known
    ]
    for process in ("api", "worker"):
        log = (running_stack.folder / f"{process}.log").read_text().splitlines()
        lines = [json.loads(line) for line in log if line.startswith("{")]
        assert [line for line in lines if line.get("trace_id") == ordered.trace_id], process


def _jobs(sent: list[SentSpan]) -> int:
    """As many as contents were ordered: the trace of the last one has arrived whole."""
    return max(1, sum(each.name.endswith("/contents") and "POST" in each.name for each in sent))
