"""What a task raises to say how it ended, and what is written about a failure."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.exc import DBAPIError


class Retryable(Exception):
    """It may go well another time: a server away, a quota full. Tried again up to `max_attempts`."""

    def __init__(
        self, detail: str, *, code: str = "temporary", after_seconds: float | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.after_seconds = after_seconds


class Permanent(Exception):
    """It will never go well: the input is at fault. Fails at once, with words for a person."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class LeaseLost(Exception):
    """Another worker has the job now; whatever this one still does must not count."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job failed: a constant code for programs and a sentence for people."""

    code: str
    detail: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


WORKER_LOST = Failure(
    "worker_lost",
    "The work was interrupted several times. Try again; if it recurs, see the worker's log.",
)
TIMED_OUT = Failure("timed_out", "The work took longer than it may.")
OUT_OF_MEMORY = Failure("out_of_memory", "The work took more memory than it may.")
INTERNAL = Failure("internal_error", "Something went wrong on our side. It has been logged.")


def is_passing(error: Exception) -> bool:
    """Whether the error is a server that was away, and no fault of the task or its input."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or "connect" in str(error.orig).lower()
    return isinstance(error, Retryable | ConnectionError | TimeoutError)


def failure_of(error: Exception) -> Failure:
    match error:
        case Permanent() | Retryable():
            return Failure(error.code, error.detail)
        case TimeoutError():
            return TIMED_OUT
        case MemoryError():
            return OUT_OF_MEMORY
        case _:
            return INTERNAL
