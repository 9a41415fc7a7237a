"""Structured logs: coloured lines in development, one JSON object per line in production."""

import logging
import re
import sys
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_SECRET_NAME = re.compile(
    r"password|secret|token|authorization|cookie|api_?key|credential", re.IGNORECASE
)
_URL_PASSWORD = re.compile(r"(?P<scheme>\w+://[^:/@\s]*):[^@/\s]+@")
_BEARER = re.compile(r"\b(?P<scheme>Bearer|Basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE)
_QUERY_SECRET = re.compile(
    r"(?P<name>[?&;][\w.-]*(?:token|secret|password|key|signature|credential|code|state)=)[^&;\s\"']+",
    re.IGNORECASE,
)
# One letter and the domain stay: enough to tell two people of a company apart while helping one.
_EMAIL = re.compile(r"\b(?P<first>\w)[\w.+-]*@(?P<domain>[\w-]+(?:\.[\w-]+)+)")
MASK = "***"


def configure_logging(level: str = "info", format: Literal["console", "json"] = "console") -> None:
    """Send structlog and the standard library through one chain to standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        mask_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_rendering(format))
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    _quiet_chatty_libraries()


def _rendering(format: Literal["console", "json"]) -> list[Processor]:
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if format == "json":
        told = structlog.processors.format_exc_info  # an error's text may quote what people sent
        return [drop, told, mask_secrets, structlog.processors.JSONRenderer()]
    renderer = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(),
        exception_formatter=structlog.dev.plain_traceback,  # the rich one prints local variables
    )
    return [drop, renderer]


def _quiet_chatty_libraries() -> None:
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.getLogger("uvicorn.access").disabled = True  # the request middleware logs instead
    for name in (
        "celery.app.trace",  # the runtime tells of each job
        "celery.beat",
        "celery.worker.strategy",
        "sqlalchemy",
        "app.core.metrics",  # the pool, which is SQLAlchemy's
        "kombu",
        "amqp",
        "asyncio",
        "celery.redirected",
        "PIL",
        "httpcore",
        "httpx",
    ):
        logging.getLogger(name).setLevel("WARNING")


def mask_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide values under secret-looking names, and in any text passwords and tokens in addresses, what
    follows `Bearer`, and who an e-mail address belongs to, however deep they lie."""
    for key, value in event.items():
        event[key] = MASK if _SECRET_NAME.search(key) and value is not None else _masked(value)
    return event


def _masked(value: object) -> object:
    if isinstance(value, str):
        return masked_text(value)
    if isinstance(value, dict):
        return {k: MASK if _SECRET_NAME.search(str(k)) else _masked(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    return value


def masked_text(text: str) -> str:
    """The text without passwords, tokens, and the names in e-mail addresses."""
    if "@" in text:
        text = _URL_PASSWORD.sub(rf"\g<scheme>:{MASK}@", text)
        text = _EMAIL.sub(rf"\g<first>{MASK}@\g<domain>", text)
    if "=" in text:
        text = _QUERY_SECRET.sub(rf"\g<name>{MASK}", text)
    return _BEARER.sub(rf"\g<scheme> {MASK}", text)
