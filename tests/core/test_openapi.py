"""The API's description of itself is whole: what each route does, takes, answers and refuses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from app.core.config import CHECKOUT

Operation = dict[str, Any]


@pytest.fixture
def described(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def test_the_clients_copy_is_up_to_date(described: dict[str, Any]) -> None:
    """The web client is generated from it. Mend with `python scripts/export_openapi.py`."""
    copy = json.loads((CHECKOUT / "web/api-client/openapi.json").read_text(encoding="utf-8"))

    assert copy == json.loads(json.dumps(described))


def _operations(described: dict[str, Any]) -> Iterator[tuple[str, str, Operation]]:
    for path, methods in described["paths"].items():
        if path.startswith("/api/v1"):
            for method, operation in methods.items():
                yield method, path, operation


def _has_example(described: dict[str, Any], content: dict[str, Any]) -> bool:
    """An example of the whole, in the media type or its schema, or of each part of a page."""
    for media in content.values():
        schema = media.get("schema", {})
        if not schema or "example" in media or "examples" in media:
            return True
        if _schema_has_example(described, schema):
            return True
        if schema.get("format") == "binary" or schema.get("type") == "string":
            return True  # A file: its type says what it is.
    return not content


def _schema_has_example(described: dict[str, Any], schema: dict[str, Any]) -> bool:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = described["components"]["schemas"][name]
    if {"example", "examples", "enum"} & set(schema):
        return True
    if "anyOf" in schema:
        return all(_schema_has_example(described, each) for each in schema["anyOf"])
    properties = schema.get("properties", {}).values()
    parts = [part.get("items", part) for part in properties if "$ref" in part.get("items", part)]
    if parts:  # A page, or several things told together.
        return all(_schema_has_example(described, part) for part in parts)
    return bool(properties) and all("default" in each for each in properties)


def test_every_operation_has_a_name_and_a_summary(described: dict[str, Any]) -> None:
    """The name is the route function's, and unlike all others; the summary a sentence."""
    names = [operation["operationId"] for _, _, operation in _operations(described)]
    silent = [o["operationId"] for _, _, o in _operations(described) if not o.get("description")]

    assert sorted(set(names)) == sorted(names)
    assert [] == silent


def test_every_body_and_answer_has_an_example(described: dict[str, Any]) -> None:
    """Who reads the description sees what is sent and what comes back."""
    lacking = []
    for _method, _path, operation in _operations(described):
        body = operation.get("requestBody", {}).get("content", {})
        answers = [
            answer.get("content", {})
            for status, answer in operation["responses"].items()
            if status.startswith("2")
        ]
        if not all(_has_example(described, content) for content in (body, *answers)):
            lacking.append(operation["operationId"])

    assert [] == sorted(lacking)


def test_every_operation_names_its_problems(described: dict[str, Any]) -> None:
    """All may be asked wrongly, and those of a company not at all: each refusal is a problem document."""
    lacking = []
    for _method, path, operation in _operations(described):
        wanted = {"422"} | ({"401", "403", "404"} if "{company_id}" in path else set())
        told = {
            status
            for status, answer in operation["responses"].items()
            if "application/problem+json" in answer.get("content", {})
        }
        if not wanted <= told:
            lacking.append((operation["operationId"], sorted(wanted - told)))

    assert [] == sorted(lacking)


def test_who_takes_if_match_tells_of_412(described: dict[str, Any]) -> None:
    """The header and the answer belong together, in both directions; tus says 412 of its version."""
    wrong = []
    for _method, _path, operation in _operations(described):
        headers = {p["name"].lower() for p in operation.get("parameters", [])}
        is_asked = bool(headers & {"if-match", "tus-resumable"})
        if is_asked != ("412" in operation["responses"]):
            wrong.append(operation["operationId"])

    assert [] == sorted(wrong)


def test_names_once_given_stay(described: dict[str, Any]) -> None:
    """Clients are generated from the names: taking one away is a decision, made in this list too.

    `scripts/export_openapi.py` adds new names to it.
    """
    kept = Path(CHECKOUT / "docs/reference/operations.txt").read_text().split()
    names = {operation["operationId"] for _, _, operation in _operations(described)}

    assert sorted(kept) == kept
    assert set() == set(kept) - names, "a client calls these; say so in the changelog, then remove"
