"""What the log says of people at work: everything to follow a request, nothing to become somebody with."""

import json
import logging
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from app.core.logging import configure_logging
from tests.support.jobs import run_queued_jobs
from tests.support.people import PASSWORD, client_of, make_member

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SECRETS = {
    "a wrong password": "wrong-horse-wrong",
    "the password": PASSWORD,
    "a mailed token": "mailed-token-0123456789",
    "an API key": "arv_0123456789abcdef_not-a-real-key",
    "a secret in a query string": "query-secret-0123456789",
    "the secret of a bucket": "bucket-secret-0123456789",
    "the key of a bucket": "AKIA-BUCKET-KEY-0123",
    "somebody invited": "invited.person@example.com",
}


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


async def play(app: FastAPI) -> list[str]:
    """Signing in wrongly and rightly, a reset, an invitation, a key; the cookies that were in use."""
    owner = await make_member(app)
    visitor = client_of(app)
    sign_in = "/api/v1/auth/sign-in"
    wrong, right = SECRETS["a wrong password"], SECRETS["the password"]
    await visitor.post(sign_in, json={"email": owner.email, "password": wrong})
    answer = await visitor.post(sign_in, json={"email": owner.email, "password": right})
    assert answer.status_code == 200, answer.text
    await visitor.post(
        "/api/v1/auth/password-reset/confirm",
        json={"token": SECRETS["a mailed token"], "new_password": right + "!"},
    )
    await visitor.post("/api/v1/auth/password-reset", json={"email": owner.email})
    invited = await owner.post(
        "/invitations", json={"email": SECRETS["somebody invited"], "role": "viewer"}
    )
    assert invited.status_code == 201, invited.text
    stranger = client_of(app)
    key = {"Authorization": f"Bearer {SECRETS['an API key']}"}
    await stranger.get(owner.path("/projects"), headers=key)
    query = {"token": SECRETS["a secret in a query string"]}
    await owner.get("/projects", params=query, headers={"traceparent": f"00-{TRACE}-{'1' * 16}-01"})
    bucket = {
        "endpoint": "https://s3.example.invalid",
        "bucket": "prints",
        "access_key_id": SECRETS["the key of a bucket"],
        "secret_access_key": SECRETS["the secret of a bucket"],
    }
    await owner.post("/storage-connections", json={"name": "Own", "kind": "s3", "s3": bucket})
    await owner.post("/storage-connections/test", json={"kind": "s3", "s3": bucket})
    hook = await owner.post(
        "/webhooks", json={"url": "https://hooks.example.invalid/x", "events": ["*"]}
    )
    assert hook.status_code == 201, hook.text
    codes = await owner.client.post("/api/v1/auth/two-factor/enrol")
    assert codes.status_code == 200, codes.text
    await run_queued_jobs()
    cookies = [*visitor.cookies.jar, *owner.client.cookies.jar]
    given = [hook.json().get("secret", ""), codes.json()["secret"]]
    return [owner.email, *given, *(cookie.value or "" for cookie in cookies)]


async def test_nothing_secret_is_in_the_log_of_a_flow(
    app: FastAPI, capsys: pytest.CaptureFixture[str]
) -> None:
    """Played with everything logged: no password, token, cookie, key, query string or address."""
    configure_logging("debug", "json")

    made = await play(app)

    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    assert [what for what, secret in SECRETS.items() if secret in written] == []
    assert [value for value in made if value and value in written] == []
    answered = [line for line in lines if line["event"] == "request.answered"]
    assert len(answered) >= 7
    assert all(len(line["request_id"]) == 32 and len(line["trace_id"]) == 32 for line in answered)
    listed = [line for line in answered if line["trace_id"] == TRACE]
    assert [(200, True)] == [(line["status"], bool(line.get("company_id"))) for line in listed]
