"""Entity tags of single objects, and the requests that depend on them (RFC 9110, section 13).

A tag is `"<version>.<digest>"`: the row's version, then what the whole answer looked like. A reader's
copy (`If-None-Match`) is current only when both agree. A writer (`If-Match`) is asked for the version
alone, because what is merely counted or computed, such as a target's progress, is nobody's change.
"""

import hashlib
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final, Protocol, TypeVar

from fastapi import Depends, FastAPI, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm.exc import StaleDataError

from app.core.errors import ArvError, Conflict, problem

ModelT = TypeVar("ModelT", bound=BaseModel)

_TAG = re.compile(r'\s*(W/)?"([^"]*)"\s*(?:,|$)')
_DIGEST_CHARACTERS: Final = 16


class PreconditionFailed(ArvError):
    status = 412
    code = "precondition_failed"
    title = "Somebody changed it meanwhile"


class NotModified(Exception):
    """The reader's copy is current; answered as 304 without a body."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


class Versioned(Protocol):
    """A row with SQLAlchemy's `version_id_col`."""

    @property
    def version(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """The versions a writer has seen; None means that any will do."""

    versions: frozenset[int] | None = None

    def require(self, row: Versioned) -> None:
        """Raises `PreconditionFailed` unless the row, locked by now, still is as it was seen."""
        if self.versions is not None and row.version not in self.versions:
            raise PreconditionFailed(
                "It was changed after you read it. Read it again, and repeat your change on that."
            )


ANY_VERSION: Final = Seen()


def seen_in(if_match: str | None) -> Seen:
    """What an `If-Match` field names: `*` is any version, a weak or foreign tag is none."""
    if if_match is None or if_match.strip() == "*":
        return ANY_VERSION
    tags = [tag for weak, tag in _TAG.findall(if_match) if not weak]
    versions = [tag.partition(".")[0] for tag in tags]
    return Seen(frozenset(int(v) for v in versions if v.isascii() and v.isdigit()))


def etag_of(row: Versioned, body: BaseModel) -> str:
    """The strong tag of a row as it is shown in `body`."""
    digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    return f'"{row.version}.{digest[:_DIGEST_CHARACTERS]}"'


class Tagging:
    """Gives a route's answer its tag, and ends the request when the reader already has it."""

    def __init__(self, response: Response, known: str | None) -> None:
        self._response = response
        self._known = known

    def tag(self, body: ModelT, row: Versioned) -> ModelT:
        """`body`, with its tag among the headers. Raises `NotModified`."""
        etag = etag_of(row, body)
        if self._known is not None and _names(self._known, etag):
            raise NotModified(etag)
        self._response.headers["ETag"] = etag
        self._response.headers["Cache-Control"] = _CACHE_CONTROL
        return body


# Kept by the reader alone, and asked about before each use.
_CACHE_CONTROL: Final = "private, no-cache"


def _names(if_none_match: str, etag: str) -> bool:
    """Weak comparison, as the RFC asks for here: a proxy that compresses makes strong tags weak."""
    if if_none_match.strip() == "*":
        return True
    return etag.strip('"') in [tag for _weak, tag in _TAG.findall(if_none_match)]


async def _seen(
    if_match: Annotated[
        str | None,
        Header(description="`ETag` of what you have seen: 412 if it was changed since."),
    ] = None,
) -> Seen:
    return seen_in(if_match)


async def _tagging(
    request: Request,
    response: Response,
    if_none_match: Annotated[
        str | None, Header(description="`ETag` of your copy: 304 while it is current.")
    ] = None,
) -> Tagging:
    return Tagging(response, if_none_match if request.method in ("GET", "HEAD") else None)


SeenDep = Annotated[Seen, Depends(_seen)]
TaggingDep = Annotated[Tagging, Depends(_tagging)]


def install_conditional_answers(app: FastAPI) -> None:
    """304 for a copy that is current, 409 for two changes that met in the database."""
    app.add_exception_handler(NotModified, _answer_not_modified)
    app.add_exception_handler(StaleDataError, _answer_collision)


async def _answer_not_modified(_request: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    headers = {"ETag": error.etag, "Cache-Control": _CACHE_CONTROL}
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)


async def _answer_collision(request: Request, _error: Exception) -> Response:
    """The second of two changes of one row, made at the same moment without locking it."""
    return problem(request, Conflict("Somebody changed it at the same moment. Try again."))
