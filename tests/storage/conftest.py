"""Worlds with a second storage, and what the tests of storages share."""

from collections.abc import AsyncIterator, Iterator

import pytest

from app.core.config import get_settings
from tests.storage.keeping_world import World, make_world, set_up_yandex
from tests.support.yandex import Yandex, running_yandex
from tests.viewer.conftest import built_pages

__all__ = ["built_pages"]


@pytest.fixture
def own_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The operator allows this machine's own addresses, where the test's servers are."""
    monkeypatch.setenv("OUTBOUND_ALLOWED_NETWORKS", "127.0.0.0/8")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
async def yandex() -> AsyncIterator[Yandex]:
    async with running_yandex() as running:
        yield running


@pytest.fixture
async def world(
    database: str, yandex: Yandex, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """A company with a local storage and a Yandex Disk it may go to."""
    set_up_yandex(yandex, monkeypatch)
    yield await make_world(yandex)
    monkeypatch.undo()
    get_settings.cache_clear()
