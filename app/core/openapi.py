"""How errors are documented: each route names the statuses it may answer with."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.core.errors import PROBLEM_JSON

_REFERENCE = "#/components/schemas/{model}"


class ProblemField(BaseModel):
    """One value that is not acceptable."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """An error (RFC 9457). `code` is for programs, `detail` for people."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str | None
    errors: list[ProblemField] | None = None


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may answer with these statuses, and with 422 and 429 as all may."""
    schema = {"$ref": _REFERENCE.format(model="Problem")}
    return {
        status: {
            "description": _phrase(status),
            "content": {PROBLEM_JSON: {"schema": schema}},
        }
        for status in sorted({*statuses, 422, 429})
    }


def _phrase(status: int) -> str:
    """460 is not HTTP's, but the tus protocol's (https://tus.io/protocols/resumable-upload#checksum)."""
    return "Checksum Mismatch" if status == 460 else HTTPStatus(status).phrase


def install_problem_schema(app: FastAPI) -> None:
    """Put `Problem` among the components: the references above need it, no route returns it."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schemas = generate().setdefault("components", {}).setdefault("schemas", {})
            schemas.update(_problem_schemas())
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _problem_schemas() -> dict[str, Any]:
    _, definitions = models_json_schema([(Problem, "serialization")], ref_template=_REFERENCE)
    found: dict[str, Any] = definitions["$defs"]
    return found
