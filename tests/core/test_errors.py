"""Every error, foreseen or not, is application/problem+json with an id and without a stack."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Query
from pydantic import BaseModel

from app.core import errors
from app.core.errors import PROBLEM_JSON, ArvError, Invalid, TooManyRequests, install_error_handlers
from app.core.http import install_middleware


class Body(BaseModel):
    items: list[int]


def service() -> FastAPI:
    """An app with one route for each way to fail."""
    app = FastAPI()
    install_middleware(app, is_https=False)
    install_error_handlers(app)

    @app.post("/items")
    async def items(body: Body, limit: int = Query(default=1, ge=1)) -> int:
        return len(body.items) * limit

    @app.get("/crash")
    async def crash() -> None:
        raise RuntimeError("password=hunter2")

    @app.get("/busy")
    async def busy() -> None:
        raise TooManyRequests("Slow down.", retry_after_seconds=7)

    @app.get("/broken")
    async def broken() -> None:
        raise ConnectionRefusedError

    @app.get("/wrong")
    async def wrong() -> None:
        raise Invalid("Too long.", pointer="#/title")

    return app


@pytest.fixture
async def failing() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=service(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("DELETE", "/items", 405, "method_not_allowed"),
        ("POST", "/items", 422, "invalid"),
        ("GET", "/wrong", 422, "invalid"),
        ("GET", "/busy", 429, "too_many_requests"),
        ("GET", "/crash", 500, "internal_error"),
        ("GET", "/broken", 503, "unavailable"),
    ],
)
async def test_errors_have_one_shape(
    failing: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    """Whatever fails, the answer has the same fields, and safe headers."""
    answer = await failing.request(method, path)

    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert answer.headers["content-type"] == PROBLEM_JSON
    assert {"type", "title", "detail", "instance", "request_id"} <= body.keys()
    assert body["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "Traceback" not in answer.text
    assert "hunter2" not in answer.text


async def test_validation_points_at_each_value(failing: httpx.AsyncClient) -> None:
    """A 422 names every value that is not acceptable, wherever it stands."""
    answer = await failing.post("/items?limit=0", json={"items": [1, "x"]})

    pointers = [error["pointer"] for error in answer.json()["errors"]]
    assert sorted(pointers) == ["#/items/1", "query/limit"]


async def test_broken_text_is_422(failing: httpx.AsyncClient) -> None:
    """Bytes that are no UTF-8 are the caller's, and told in the same form as any wrong value."""
    headers = {"Content-Type": "application/json"}
    answer = await failing.post("/items", content=b'{"items": "\x80"}', headers=headers)

    assert (422, "invalid") == (answer.status_code, answer.json()["code"])


async def test_broken_json_is_422(failing: httpx.AsyncClient) -> None:
    """A body that is no JSON is refused, not crashed on."""
    headers = {"content-type": "application/json"}

    answer = await failing.post("/items", content=b'{"items": [', headers=headers)

    assert answer.status_code == 422


async def test_retry_after_is_sent(failing: httpx.AsyncClient) -> None:
    """Who is too quick learns when to come back."""
    answer = await failing.get("/busy")

    assert answer.headers["retry-after"] == "7"


async def test_request_id_of_the_caller_is_kept(failing: httpx.AsyncClient) -> None:
    """An id set by the edge runs through; one that could forge log lines does not."""
    kept = await failing.get("/nothing", headers={"X-Request-ID": "abc-123"})
    refused = await failing.get("/nothing", headers={"X-Request-ID": "a b"})

    assert kept.headers["x-request-id"] == "abc-123"
    assert refused.headers["x-request-id"] != "a b"


def test_error_tree_is_drawn() -> None:
    """The tree in the module's docstring names every class with its status and code."""
    drawn = errors.__doc__ or ""
    for kind in ArvError.__subclasses__():
        if getattr(errors, kind.__name__, None) is kind:
            assert f"{kind.__name__:<24} {kind.status} {kind.code}" in drawn
