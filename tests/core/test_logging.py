"""Logs: no secret in them, and machines can read them in production."""

import json
import logging

import pytest
import structlog

from app.core.logging import configure_logging, mask_secrets


@pytest.fixture(autouse=True)
def restored() -> object:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def test_secrets_are_masked_wherever_they_lie() -> None:
    """By name, inside URLs, and in nested values."""
    event = {
        "event": "login",
        "password": "hunter2",
        "url": "postgresql://arv:hunter2@db/arv",
        "deep": {"api_key": "hunter2", "list": ["redis://:hunter2@cache"]},
    }

    masked = mask_secrets(None, "info", event)

    assert "hunter2" not in json.dumps(masked)
    assert masked["url"] == "postgresql://arv:***@db/arv"


def test_production_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    """One object per line, the error's stack inside it, library logs in the same shape."""
    configure_logging("info", "json")
    try:
        raise ValueError("no")
    except ValueError:
        structlog.get_logger("arv").exception("thing.failed", thing_id="7")
    logging.getLogger("library").warning("hello %s", "world")

    ours, library = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (ours["event"], ours["thing_id"], ours["level"]) == ("thing.failed", "7", "error")
    assert "ValueError: no" in ours["exception"]
    assert (library["event"], library["logger"]) == ("hello world", "library")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sent Authorization: Bearer arv_abc.def-123", "sent Authorization: Bearer ***"),
        ("GET https://x/invite?token=abc123&lang=en", "GET https://x/invite?token=***&lang=en"),
        ("https://s3/x?X-Amz-Signature=ab%2F&a=1", "https://s3/x?X-Amz-Signature=***&a=1"),
        ("refused <anna.weber@example.com>", "refused <a***@example.com>"),
        ("redis://:pw@cache:6379/0", "redis://:***@cache:6379/0"),
        ("job.succeeded in 3 s @ 12:00", "job.succeeded in 3 s @ 12:00"),
    ],
)
def test_secrets_inside_a_sentence_are_masked(text: str, told: str) -> None:
    """Whoever wrote the text, a library or an error; what is no secret stays readable."""
    assert {"event": told} == mask_secrets(None, "info", {"event": text})


def test_secrets_in_an_error_are_masked(capsys: pytest.CaptureFixture[str]) -> None:
    """The stack of an error quotes what people sent."""
    configure_logging("info", "json")
    try:
        raise ValueError("no such link: https://x/invite?token=hunter2 for anna@example.com")
    except ValueError:
        structlog.get_logger("arv").exception("thing.failed")

    line = json.loads(capsys.readouterr().err)
    assert "ValueError: no such link" in line["exception"]
    assert not [secret for secret in ("hunter2", "anna@") if secret in line["exception"]]
