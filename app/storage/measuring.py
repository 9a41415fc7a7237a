"""How long storages take and how they fail: told to monitoring, and to the trace if there is one."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar, cast

from prometheus_client import Counter, Histogram

from app.core import tracing
from app.core.metrics import REGISTRY
from app.storage.port import FileMissing, StorageError, StorageUnavailable

SECONDS: Final = Histogram(
    "arv_storage_seconds",
    "Seconds a storage took, by its kind and what it did; of reading until the first bytes.",
    ("kind", "verb"),
    buckets=(0.005, 0.02, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60),
    registry=REGISTRY,
)
ERRORS: Final = Counter(
    "arv_storage_errors",
    "Times a storage failed, by its kind, what it did and the code; a missing file is none.",
    ("kind", "verb", "code"),
    registry=REGISTRY,
)
_VERBS: Final = ("put", "exists", "size_of", "fetch", "delete")

Backend = TypeVar("Backend", bound=type[Any])
Result = TypeVar("Result")
Given = ParamSpec("Given")


def measured(kind: str) -> Callable[[Backend], Backend]:
    """Measures each verb of a backend: `@measured("s3")` above its class."""

    def measure(backend: Backend) -> Backend:
        for verb in (
            *_VERBS,
            "open",
        ):  # told from the beginning, so that the first failure is a rise
            SECONDS.labels(kind, verb)
            ERRORS.labels(kind, verb, StorageUnavailable.code)
        for verb in _VERBS:
            setattr(backend, verb, _measured_call(kind, verb, getattr(backend, verb)))
        backend.open = _measured_reading(kind, backend.open)
        return backend

    return measure


def _measured_call(
    kind: str, verb: str, call: Callable[Given, Awaitable[Result]]
) -> Callable[Given, Awaitable[Result]]:
    @wraps(call)
    async def measured_call(*given: Given.args, **named: Given.kwargs) -> Result:
        with _told(kind, verb), SECONDS.labels(kind, verb).time():
            return await call(*given, **named)

    return measured_call


def _measured_reading(
    kind: str, read: Callable[Given, AsyncIterator[bytes]]
) -> Callable[Given, AsyncIterator[bytes]]:
    @wraps(read)
    async def measured_reading(*given: Given.args, **named: Given.kwargs) -> AsyncIterator[bytes]:
        chunks = read(*given, **named)
        try:
            with _told(kind, "open"), SECONDS.labels(kind, "open").time():
                chunk = await anext(chunks, None)
            while chunk is not None:
                yield chunk
                with _failing(kind, "open"):
                    chunk = await anext(chunks, None)
        finally:
            await cast(Any, chunks).aclose()

    return measured_reading


@contextmanager
def _told(kind: str, verb: str) -> Iterator[None]:
    with (
        tracing.span(f"storage {verb}", kind="client", **{"arv.storage": kind}),
        _failing(kind, verb),
    ):
        yield


@contextmanager
def _failing(kind: str, verb: str) -> Iterator[None]:
    try:
        yield
    except FileMissing:
        raise
    except StorageError as error:
        ERRORS.labels(kind, verb, error.code).inc()
        raise
