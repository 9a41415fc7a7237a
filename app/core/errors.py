"""The error tree, and the one place that turns an error into an answer (RFC 9457).

    ArvError                     500 internal_error
    ├── Invalid                  422 invalid              the value at `pointer` is not acceptable
    ├── Unauthenticated          401 unauthenticated
    ├── Forbidden                403 forbidden
    ├── NotFound                 404 not_found            also for another tenant's object
    ├── Conflict                 409 conflict
    ├── Gone                     410 gone
    ├── PayloadTooLarge          413 payload_too_large
    ├── UnsupportedMediaType     415 unsupported_media_type
    ├── TooManyRequests          429 too_many_requests    with Retry-After
    └── Unavailable              503 unavailable          a server we depend on does not answer

Features subclass these with their own code: `class QuotaExceeded(Conflict): code = "quota_exceeded"`.
"""

from http import HTTPStatus
from typing import Any, ClassVar, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from starlette.exceptions import HTTPException

log = structlog.get_logger(__name__)

PROBLEM_JSON = "application/problem+json"


class ArvError(Exception):
    """Parent of every error a person may see: `detail` says what happened and what to do next."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something went wrong"

    def __init__(
        self, detail: str = "", *, headers: dict[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.headers = headers or {}
        self.extra = extra


class Invalid(ArvError):
    """The value at `pointer` (a JSON pointer such as `#/title`) is not acceptable."""

    status = 422
    code = "invalid"
    title = "The request is not valid"

    def __init__(self, detail: str = "", *, pointer: str | None = None, **extra: Any) -> None:
        if pointer is not None:
            extra.setdefault("errors", [{"pointer": pointer, "detail": detail or self.title}])
        super().__init__(detail, **extra)


class Unauthenticated(ArvError):
    status = 401
    code = "unauthenticated"
    title = "Sign in first"


class Forbidden(ArvError):
    status = 403
    code = "forbidden"
    title = "Not allowed"


class NotFound(ArvError):
    status = 404
    code = "not_found"
    title = "Not found"


class Conflict(ArvError):
    status = 409
    code = "conflict"
    title = "Not possible in the present state"


class Gone(ArvError):
    status = 410
    code = "gone"
    title = "No longer available"


class PayloadTooLarge(ArvError):
    status = 413
    code = "payload_too_large"
    title = "Too large"


class UnsupportedMediaType(ArvError):
    status = 415
    code = "unsupported_media_type"
    title = "This kind of file is not accepted"


class TooManyRequests(ArvError):
    status = 429
    code = "too_many_requests"
    title = "Too many requests"

    def __init__(self, detail: str = "", *, retry_after_seconds: int = 60, **extra: Any) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_seconds)}, **extra)


class Unavailable(ArvError):
    status = 503
    code = "unavailable"
    title = "For the moment not available"

    def __init__(self, detail: str = "", *, retry_after_seconds: int = 5, **extra: Any) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_seconds)}, **extra)


def problem(request: Request, error: ArvError) -> JSONResponse:
    """The error as `application/problem+json`."""
    body = {
        "type": f"urn:arv:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": request.url.path,
        "code": error.code,
        "request_id": getattr(request.state, "request_id", None),
        **error.extra,
    }
    # A protocol of its own, such as tus, has headers that belong on refusals too.
    headers = {**getattr(request.state, "problem_headers", {}), **error.headers}
    return JSONResponse(body, error.status, headers, media_type=PROBLEM_JSON)


def install_error_handlers(app: FastAPI) -> None:
    """Every error of the app, foreseen or not, is answered as problem+json."""
    app.add_exception_handler(ArvError, _answer_arv_error)
    app.add_exception_handler(RequestValidationError, _answer_validation_error)
    app.add_exception_handler(HTTPException, _answer_http_exception)
    app.add_exception_handler(OperationalError, _answer_database_error)
    app.add_exception_handler(InterfaceError, _answer_database_error)
    app.add_exception_handler(DBAPIError, _answer_value_error)
    app.add_exception_handler(ConnectionError, _answer_database_error)


async def _answer_arv_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ArvError)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request.failed", code=error.code, exc_info=error)
    return problem(request, error)


async def _answer_validation_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [{"pointer": _pointer(e["loc"]), "detail": e["msg"]} for e in error.errors()]
    detail = "; ".join(f"{e['pointer']}: {e['detail']}" for e in errors[:3])
    return problem(request, Invalid(detail, errors=errors))


def _pointer(location: tuple[str | int, ...]) -> str:
    """`("body", "items", 0)` as `#/items/0`; other places name themselves: `query/limit`."""
    place, *rest = [str(part).replace("~", "~0").replace("/", "~1") for part in location]
    return "/".join(["#" if place == "body" else place, *rest])


async def _answer_http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, UnicodeError):  # FastAPI's words for it are a bare 400
        return problem(request, Invalid("The body is not UTF-8 text.", pointer="#"))
    status = HTTPStatus(error.status_code)
    detail = (
        error.detail if error.detail != status.phrase else _PLAIN_WORDS.get(status, status.phrase)
    )
    return problem(request, _from_status(status, detail, dict(error.headers or {})))


_PLAIN_WORDS = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not answer to this method; see the Allow header.",
}


def _from_status(status: HTTPStatus, detail: str, headers: dict[str, str]) -> ArvError:
    kind = type(
        "HttpError",
        (ArvError,),
        {"status": int(status), "code": status.name.lower(), "title": status.phrase},
    )
    error: ArvError = kind(detail, headers=headers)
    return error


# Lines broken, resources such as the disk or connections gone, shutting down or starting, a standby
# that takes no writes. https://www.postgresql.org/docs/15/errcodes-appendix.html
_OUT_OF_SERVICE: Final = ("08", "53", "57P", "25006")


async def _answer_database_error(request: Request, error: Exception) -> JSONResponse:
    """A server that does not answer is 503, not 500: the client may simply try again."""
    log.error("request.dependency_failed", exc_info=error)
    return problem(
        request, Unavailable("A server ARV depends on does not answer. Try again shortly.")
    )


async def _answer_value_error(request: Request, error: Exception) -> JSONResponse:
    """A value no database can hold, such as a null character in a text, is the caller's (SQLSTATE 22)."""
    assert isinstance(error, DBAPIError)
    state = getattr(error.orig, "sqlstate", None) or ""
    if error.connection_invalidated or state.startswith(_OUT_OF_SERVICE):
        return await _answer_database_error(request, error)
    if not state.startswith("22"):
        return unforeseen(request, error)
    return problem(request, Invalid("A value holds characters that can not be stored."))


def unforeseen(request: Request, error: Exception) -> JSONResponse:
    """The answer to an error nobody foresaw: logged with its stack, sent without it."""
    log.error("request.crashed", exc_info=error)
    return problem(
        request, ArvError("The request failed for a reason on our side. It has been logged.")
    )
