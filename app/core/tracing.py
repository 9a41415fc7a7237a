"""One trace from a request through database, job and worker to storage. Off unless an address is set.

Whether or not spans leave for a collector (`OTEL_EXPORTER_OTLP_ENDPOINT`), a job's log lines have the trace
of the request that ordered it: its row carries a `traceparent` (W3C Trace Context). OpenTelemetry itself is
imported by `start` only, so who does not trace pays neither its second nor its memory.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal

import structlog

from app.core.config import get_settings

if TYPE_CHECKING:
    from opentelemetry.trace import Span
    from sqlalchemy.ext.asyncio import AsyncEngine

    from app.core.otlp import Tracing

Kind = Literal["internal", "server", "client", "producer", "consumer"]

_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-(?P<trace>[0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


class _Process:
    """What this process traces with; None while it does not."""

    tracing: "Tracing | None" = None


def start(part: str) -> None:
    """From now on this process sends its spans, as `arv-{part}`; harmless when nobody wants them.

    Called after a fork: the thread that sends does not survive one.
    """
    endpoint = get_settings().tracing.endpoint
    if endpoint and _Process.tracing is None:
        from app.core.otlp import Tracing  # noqa: PLC0415  (half a second, for who traces only)

        _Process.tracing = Tracing(f"arv-{part}", endpoint)


def stop() -> None:
    """Send what is left, for at most a few seconds."""
    if _Process.tracing is not None:
        _Process.tracing.stop()
        _Process.tracing = None


@contextmanager
def span(
    name: str, *, kind: Kind = "internal", parent: str | None = None, **facts: Any
) -> "Iterator[Span | None]":
    """A part of the current trace, of the one `parent` (a traceparent) names, or of a new one.

    What is raised inside marks it as failed. None while nothing is traced.
    """
    if _Process.tracing is None:
        yield None
        return
    with _Process.tracing.span(name, kind, parent, facts) as begun:
        yield begun


def watch(engine: "AsyncEngine") -> None:
    """A span for each statement of the engine, if this process traces."""
    if _Process.tracing is not None:
        _Process.tracing.watch(engine.sync_engine)


def trace_of(traceparent: str | None) -> str | None:
    """The trace a traceparent names; None for what is none."""
    found = _TRACEPARENT.fullmatch(traceparent or "")
    return found["trace"] if found and found["trace"].strip("0") else None


def trace_id(begun: "Span | None") -> str | None:
    """The span's trace as logs show it."""
    return None if begun is None else f"{begun.get_span_context().trace_id:032x}"


def carried() -> str | None:
    """The traceparent that lets what is ordered now belong to the current trace."""
    if _Process.tracing is not None and (current := _Process.tracing.carried()):
        return current
    trace = structlog.contextvars.get_contextvars().get("trace_id")
    return f"00-{trace}-{secrets.token_hex(8)}-00" if trace else None
