"""The whole API against its own description: schemathesis plays every operation as operator and as owner.

Every answer must be one the OpenAPI document tells of (status, content type, headers, body), none may be
a 5xx, and what the document calls wrong must be refused. `make test` plays a few cases of each operation,
always the same; `make fuzz-api EXAMPLES=200` plays more, others every time.
"""

import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from app.main import create_app
from tests.flows.api_world import World, make_world
from tests.flows.served import Served, served
from tests.support.servers import TestServers

EXAMPLES = int(os.environ.get("API_EXAMPLES", "3"))
IS_FUZZING = "API_EXAMPLES" in os.environ
ROLES = ("operator", "owner")
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
# Reading first, then making, changing, and at last what takes objects away: the deepest first.
ORDER = ("options", "head", "get", "post", "put", "patch", "delete")
# What ends the session or the company the other cases need.
LAST = ("archive", "erase", "sign-out", "password", "leave", "sessions", "disable", "sign-out")


# Pieces of uploads are bytes by another name.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


def described() -> schemathesis.BaseSchema:
    """The API's own description, as a schema to play."""
    os.environ.setdefault("RATE_LIMITS", "false")
    schema = schemathesis.openapi.from_dict(create_app().openapi())
    expected = schema.config.checks.negative_data_rejection.expected_statuses
    expected.extend(["410", "412", "413"])
    return schema


SCHEMA = described()
OPERATIONS: dict[str, APIOperation] = {
    result.ok().label: result.ok()
    for result in SCHEMA.get_all_operations()
    if isinstance(result, Ok)
}


def rank(label: str) -> tuple[int, int, int, str]:
    method, _, path = label.partition(" ")
    is_last = any(word in path for word in LAST)
    return int(is_last), ORDER.index(method.lower()), -path.count("/"), label


LABELS: list[str] = sorted(OPERATIONS, key=rank)


@pytest.fixture(scope="module")
def service(servers: TestServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(servers, tmp_path_factory.mktemp("conforms"), {"LOG_LEVEL": "error"}) as running:
        yield running


@pytest.fixture(scope="module")
def worlds(service: Served, tmp_path_factory: pytest.TempPathFactory) -> dict[str, World]:
    """For each role a person with a company that has one object of every kind."""
    folder = tmp_path_factory.mktemp("world")
    return {role: service.run(make_world(service.app, role, folder)) for role in ROLES}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("label", LABELS)
def test_every_answer_is_one_the_description_tells_of(
    label: str, role: str, service: Served, worlds: dict[str, World]
) -> None:
    """Whatever is sent: no 5xx, a described answer, and a refusal for what is described as wrong."""
    world = worlds[role]
    with requests.Session() as session:
        session.trust_env = False
        session.cookies.update(service.run(world.signed_in()))
        play(OPERATIONS[label], world.ids, service.url, session)


def play(
    operation: APIOperation, ids: dict[str, Any], base_url: str, session: requests.Session
) -> None:
    """Play cases of one operation: right ones and wrong ones, with ids that exist and with any."""
    # No worker and no beat run in this world, and to say so by 503 is what that page is for.
    is_detail = operation.label == "GET /api/health/detail"
    checks = [c for c in CHECKS if not (is_detail and c.__name__ == "not_a_server_error")]

    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=not IS_FUZZING,
        phases=[Phase.generate, Phase.shrink] if IS_FUZZING else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=cases(operation, ids))
    def one(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=base_url, session=session, checks=checks, timeout=20)

    one()


def cases(operation: APIOperation, ids: dict[str, Any]) -> st.SearchStrategy[schemathesis.Case]:
    names = [parameter.name for parameter in operation.path_parameters]
    known = {name: ids[name] for name in names if name in ids}
    right = operation.as_strategy(GenerationMode.POSITIVE, path_parameters=known or None)
    if not (operation.body or operation.query or names):
        return right
    if operation.body or operation.query:
        wrong = operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=known or None)
    else:
        wrong = operation.as_strategy(GenerationMode.NEGATIVE)
    anywhere = operation.as_strategy(GenerationMode.POSITIVE)
    return st.one_of(right, wrong, right.map(with_ids(ids)), anywhere)


def with_ids(ids: dict[str, Any]) -> Any:
    """Puts ids that exist where the body of a case asks for some."""

    def fill(case: schemathesis.Case) -> schemathesis.Case:
        if isinstance(case.body, dict):
            case.body = {name: ids.get(name, value) for name, value in case.body.items()}
        return case

    return fill


def test_the_ids_of_every_path_are_known(worlds: dict[str, World]) -> None:
    """A new kind of object needs one in the world, or its routes are played with ids of nothing."""
    asked = {
        parameter.name
        for operation in OPERATIONS.values()
        for parameter in operation.path_parameters
        if parameter.name.endswith("_id")
    }

    assert set() == asked - set(worlds["owner"].ids)
