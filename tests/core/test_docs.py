"""The API's own pages."""

import re

import httpx
import pytest


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_page_needs_no_foreign_host(client: httpx.AsyncClient, path: str) -> None:
    """Everything the page loads is ours and there, and no script stands inside the page."""
    page = await client.get(path)

    links = re.findall(r'(?:src|href|spec-url)="([^"]+)"', page.text)
    assert page.status_code == 200
    assert links
    assert all(link.startswith("/") for link in links)
    assert not re.search(r"<script>", page.text)
    for link in links:
        assert (await client.get(link)).status_code == 200, link


async def test_openapi_describes_the_service(client: httpx.AsyncClient) -> None:
    """The document names the health routes, each operation under one name."""
    document = (await client.get("/openapi.json")).json()

    names = [o["operationId"] for p in document["paths"].values() for o in p.values()]
    assert "/api/health/readiness" in document["paths"]
    assert len(names) == len(set(names))
