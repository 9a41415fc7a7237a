"""What every request passes through: an id, a count, a log line, a deadline for surprises, safe headers."""

import time
import uuid
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import metrics, tracing
from app.core.config import LimitSettings
from app.core.draining import Draining
from app.core.errors import unforeseen
from app.core.limits import RateLimits
from app.core.tenancy import NO_COMPANY, scoped

if TYPE_CHECKING:
    from opentelemetry.trace import Span

log = structlog.get_logger(__name__)

REQUEST_ID_HEADER = "X-Request-ID"
LONGEST_REQUEST_ID = 64
QUIET = ("/api/health/", "/metrics")

# Pages may set a stricter or wider policy of their own; this one stands where they set none.
DEFAULT_CSP = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; "
    "worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": DEFAULT_CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-XSS-Protection": "0",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}
HSTS = "max-age=31536000; includeSubDomains"


def install_middleware(
    app: FastAPI, *, is_https: bool, limits: LimitSettings | None = None
) -> None:
    """The last one added is the outermost: answers to crashes get safe headers too."""
    if limits is not None and limits.enabled:
        app.add_middleware(RateLimits, settings=limits)
    app.add_middleware(RequestLog)
    app.add_middleware(SecurityHeaders, is_https=is_https)
    app.add_middleware(Draining)


class RequestLog:
    """Gives each request an id, one log line, and problem+json when it crashes."""

    def __init__(self, app: ASGIApp, quiet_paths: Iterable[str] = QUIET) -> None:
        self.app = app
        self.quiet_paths = tuple(quiet_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        request_id = _accepted_id(request.headers.get(REQUEST_ID_HEADER)) or uuid.uuid4().hex
        request.state.request_id = request_id
        parent = request.headers.get("traceparent")
        with (
            self._span(request, parent) as span,
            structlog.contextvars.bound_contextvars(
                request_id=request_id,
                trace_id=tracing.trace_id(span) or tracing.trace_of(parent) or uuid.uuid4().hex,
            ),
            scoped(NO_COMPANY),
            metrics.IN_FLIGHT.track_inprogress(),
        ):
            status = await self._answer(request, request_id, send)
            if span is not None:
                route = metrics.route_of(scope)
                span.update_name(f"{request.method} {route}")
                span.set_attributes({"http.route": route, "http.response.status_code": status})

    def _span(self, request: Request, parent: str | None) -> AbstractContextManager["Span | None"]:
        """What monitoring asks every few seconds is in no trace."""
        if request.url.path.startswith(self.quiet_paths):
            return nullcontext()
        facts = {"http.request.method": request.method, "url.path": request.url.path}
        return tracing.span(request.method, kind="server", parent=parent, **facts)

    async def _answer(self, request: Request, request_id: str, send: Send) -> int:
        """Its status."""
        status, started = 0, time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID_HEADER] = request_id
            await send(message)

        try:
            await self.app(request.scope, request.receive, send_with_id)
        except Exception as error:
            if status:
                raise
            await unforeseen(request, error)(request.scope, request.receive, send_with_id)
        seconds = time.perf_counter() - started
        metrics.count_request(request.scope, status, seconds)
        self._log(request, status, seconds)
        return status

    def _log(self, request: Request, status: int, seconds: float) -> None:
        path = request.url.path
        write = log.debug if path.startswith(self.quiet_paths) and status < 500 else log.info
        write(
            "request.answered",
            method=request.method,
            path=path,
            status=int(status),
            milliseconds=round(seconds * 1000, 1),
        )


def _accepted_id(text: str | None) -> str | None:
    """A caller's own request id, when it is harmless to log."""
    harmless = (
        text
        and len(text) <= LONGEST_REQUEST_ID
        and text.replace("-", "").isalnum()
        and text.isascii()
    )
    return text if harmless else None


class SecurityHeaders:
    """Adds the safe headers an answer does not set itself (nginx does the same in production).

    What the API answers is kept nowhere, unless the route says otherwise.
    """

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self.app = app
        self.headers = SECURITY_HEADERS | ({"Strict-Transport-Security": HSTS} if is_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
