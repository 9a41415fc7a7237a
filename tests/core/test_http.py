"""What every answer carries."""

import httpx
import pytest


@pytest.mark.parametrize("path", ["/api/v1/auth/me", "/api/v1/nothing-here", "/api/health/status"])
async def test_answers_of_the_api_are_kept_nowhere(client: httpx.AsyncClient, path: str) -> None:
    """Refusals and errors too: a shared computer's cache holds nothing of a company."""
    answer = await client.get(path)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
