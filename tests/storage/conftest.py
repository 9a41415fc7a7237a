"""Worlds with a second storage."""

from collections.abc import AsyncIterator

import pytest

from app.core.config import get_settings
from tests.storage.keeping_world import World, make_world, set_up_yandex
from tests.support.yandex import Yandex, running_yandex


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
