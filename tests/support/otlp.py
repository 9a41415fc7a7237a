"""An OpenTelemetry collector of the tests' own: takes spans over HTTP, from any process."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from app.local.ports import free_port

PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class SentSpan:
    """A span as it arrived; ids in hex, as logs and headers show them."""

    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    facts: dict[str, str]


@dataclass(slots=True)
class Collector:
    """`url` is what OTEL_EXPORTER_OTLP_ENDPOINT takes."""

    port: int
    spans: list[SentSpan] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_for(self, enough: Callable[[list[SentSpan]], bool]) -> list[SentSpan]:
        """Everything that arrived, once it is enough. Processes send every fraction of a second."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not enough(self.spans) and time.monotonic() < deadline:
            time.sleep(0.05)
        return list(self.spans)

    def take(self, body: bytes) -> None:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            known = {each.key: each.value.string_value for each in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [
                    SentSpan(
                        known["service.name"],
                        span.name,
                        span.trace_id.hex(),
                        span.span_id.hex(),
                        span.parent_span_id.hex(),
                        {each.key: each.value.string_value for each in span.attributes},
                    )
                    for span in scope.spans
                ]


@contextmanager
def collecting() -> Iterator[Collector]:
    """The collector while the block runs."""
    collector = Collector(free_port())

    class Intake(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.path == "/v1/traces":
                collector.take(body)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_given: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", collector.port), Intake)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
