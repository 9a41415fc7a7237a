"""A company with a provider of its own that answers on this machine."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from app.core.config import get_settings
from tests.sso.oidc_provider import Provider, running_provider
from tests.sso.world import World, set_up


@pytest.fixture
async def provider(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Provider]:
    """The server; the operator allows its network."""
    assert database
    monkeypatch.setenv("OUTBOUND_ALLOWED_NETWORKS", "127.0.0.0/8")
    get_settings.cache_clear()
    async with running_provider() as started:
        yield started


@pytest.fixture
async def world(app: FastAPI, provider: Provider) -> World:
    """The company `acme` lets accounts of acme.example in, members only."""
    return await set_up(app, provider)
