"""Errors told to a Sentry of the operator's choice (`SENTRY_DSN`). Off unless one is named.

What is told is what the log tells at `error`: the event's name, the stack without variables, and the ids that
lead to the log line. No request, no cookie, no header, no address of a person.
"""

import logging
import sys
from typing import Any, Final

from app import __version__
from app.core.config import get_settings
from app.core.logging import mask_secrets, masked_text

TAGS: Final = ("request_id", "trace_id", "company_id", "job_id", "task_name", "code")
_FLUSH_SECONDS: Final = 2.0


def start(part: str) -> None:
    """From now on errors of this process are told; harmless when nobody wants them."""
    settings = get_settings()
    dsn = settings.sentry.dsn
    root = logging.getLogger()
    if dsn is None or any(isinstance(handler, _Teller) for handler in root.handlers):
        return
    import sentry_sdk  # noqa: PLC0415  (half a second, for who wants it only)

    sentry_sdk.init(
        dsn=dsn.get_secret_value(),
        release=f"arv@{__version__}",
        environment=settings.environment,
        server_name=f"arv-{part}",
        default_integrations=False,
        auto_enabling_integrations=False,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=None,
        before_send=lambda event, _hint: _scrubbed(event),
    )
    root.addHandler(_Teller(level=logging.ERROR))


def stop() -> None:
    """Send what is left."""
    if any(isinstance(handler, _Teller) for handler in logging.getLogger().handlers):
        import sentry_sdk  # noqa: PLC0415

        sentry_sdk.flush(timeout=_FLUSH_SECONDS)


class _Teller(logging.Handler):
    """Makes an event of a log record; never lets the logging suffer."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            _tell(record)
        except Exception:  # noqa: BLE001  (a tracker that is away is nobody's affair here)
            self.handleError(record)


def _tell(record: logging.LogRecord) -> None:
    import sentry_sdk  # noqa: PLC0415
    from sentry_sdk.utils import event_from_exception  # noqa: PLC0415

    known = record.msg if isinstance(record.msg, dict) else {"event": record.getMessage()}
    facts: dict[str, Any] = dict(known)
    error: Any = facts.pop("exc_info", None) or record.exc_info
    event: Any = {}
    if error is True:  # `log.exception` inside an `except`
        error = sys.exc_info()
    if isinstance(error, BaseException):
        error = (type(error), error, error.__traceback__)
    if error and error[0] is not None:
        options = sentry_sdk.get_client().options
        event, _ = event_from_exception(error, client_options=options)
    told = mask_secrets(None, "error", {k: v for k, v in facts.items() if not k.startswith("_")})
    event |= {
        "level": "error",
        "logger": record.name,
        "logentry": {"message": masked_text(str(told.pop("event", "")))},
        "tags": {name: str(told[name]) for name in TAGS if told.get(name)},
        "extra": {name: repr(value) for name, value in told.items() if name not in TAGS},
    }
    sentry_sdk.capture_event(event)


def _scrubbed(event: Any) -> Any:
    """Every text masked as in the log, however deep; a request is never told."""
    for name in ("request", "user", "modules", "breadcrumbs"):
        event.pop(name, None)
    return _masked(event) | {"release": event.get("release")}  # name@version is no address


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return masked_text(value)
    if isinstance(value, dict):
        return {name: _masked(each) for name, each in value.items()}
    return [_masked(each) for each in value] if isinstance(value, list | tuple) else value
