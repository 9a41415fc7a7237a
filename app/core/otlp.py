"""Spans on their way to a collector, by OpenTelemetry over HTTP. Imported by `app.core.tracing.start` only.

Which share is kept, headers and batches are OpenTelemetry's own settings: OTEL_TRACES_SAMPLER,
OTEL_EXPORTER_OTLP_HEADERS, OTEL_BSP_SCHEDULE_DELAY (https://opentelemetry.io/docs/specs/otel/configuration).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy import Engine, event

from app import __version__
from app.core.tracing import Kind

_SPAN: Final = "arv_span"
_STATEMENT_LENGTH: Final = 1000
_CONTEXT: Final = TraceContextTextMapPropagator()


class Tracing:
    """The tracer of one process, and the thread that sends."""

    def __init__(self, service: str, endpoint: str) -> None:
        resource = Resource.create({"service.name": service, "service.version": __version__})
        self.provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=5)
        self.provider.add_span_processor(BatchSpanProcessor(exporter))
        self.tracer = self.provider.get_tracer("arv", __version__)

    def stop(self) -> None:
        self.provider.shutdown()

    @contextmanager
    def span(
        self, name: str, kind: Kind, parent: str | None, facts: dict[str, Any]
    ) -> Iterator[Span]:
        context = _CONTEXT.extract({"traceparent": parent}) if parent else None
        with self.tracer.start_as_current_span(
            name, context=context, kind=SpanKind[kind.upper()], attributes=facts
        ) as begun:
            yield begun

    def carried(self) -> str | None:
        carrier: dict[str, str] = {}
        _CONTEXT.inject(carrier)
        return carrier.get("traceparent")

    def watch(self, engine: Engine) -> None:
        event.listen(engine, "before_cursor_execute", self._begin_statement)
        event.listen(engine, "after_cursor_execute", _end_statement)
        event.listen(engine, "handle_error", _fail_statement)

    def _begin_statement(
        self, _c: Any, _cursor: Any, statement: str, _p: Any, context: Any, _many: Any
    ) -> None:
        """Inside a trace only: what a worker asks while it waits belongs to none. Values are never told."""
        if not get_current_span().get_span_context().is_valid:
            return
        begun = self.tracer.start_span(
            f"sql {statement.split(maxsplit=1)[0].upper()}",
            kind=SpanKind.CLIENT,
            attributes={
                "db.system.name": "postgresql",
                "db.query.text": statement[:_STATEMENT_LENGTH],
            },
        )
        setattr(context, _SPAN, begun)


def _end_statement(_c: Any, _cursor: Any, _s: Any, _p: Any, context: Any, _many: Any) -> None:
    begun: Span | None = getattr(context, _SPAN, None)
    if begun is not None:
        begun.end()


def _fail_statement(failure: Any) -> None:
    begun: Span | None = getattr(failure.execution_context, _SPAN, None)
    if begun is not None:
        begun.set_status(Status(StatusCode.ERROR, type(failure.original_exception).__name__))
        begun.end()
