"""nginx as a real process: before the real app, and before one that tells what it believes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from ops import nginx
from tests.containers.believing_app import BelievingServer
from tests.containers.edge import Edge, free_address
from tests.support.settings import LINK_SECRET
from tests.support.stack import RunningStack

PAGE = "<!doctype html><title>ARV</title>"
SCRIPT = "export const answer = 42;\n" * 100


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built pages, as small as they can be: what nginx does with them does not depend on what they say."""
    folder = tmp_path_factory.mktemp("web")
    for app in ("admin", "viewer"):
        (folder / app / "assets").mkdir(parents=True)
        (folder / app / "index.html").write_text(PAGE)
        (folder / app / "assets" / "index-B4dC0ffe.js").write_text(SCRIPT)
    return folder


@contextmanager
def running(place: nginx.Place) -> Iterator[Edge]:
    edge = Edge(place)
    edge.start()
    try:
        yield edge
    finally:
        edge.stop()


@pytest.fixture(scope="module")
def edge(
    running_stack: RunningStack, web: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Edge]:
    """Nginx before the real app."""
    app = running_stack.url.removeprefix("http://")
    folder = tmp_path_factory.mktemp("edge")
    storage = running_stack.storage
    place = nginx.Place(folder, free_address(), app, web, storage, LINK_SECRET)
    with running(place) as started:
        yield started


@pytest.fixture
def client(edge: Edge) -> Iterator[httpx.Client]:
    """Requests through nginx to the real app."""
    with httpx.Client(base_url=edge.url, trust_env=False, timeout=30) as opened:
        yield opened


@pytest.fixture
def believing(tmp_path: Path, web: Path) -> Iterator[httpx.Client]:
    """Requests through nginx to an app that answers with what it was told; budgets are fresh."""
    app = free_address()
    place = nginx.Place(tmp_path / "edge", free_address(), app, web, tmp_path)
    with BelievingServer(app), running(place) as started:
        options = {"base_url": started.url, "trust_env": False, "timeout": 60}
        with httpx.Client(**options) as opened:  # type: ignore[arg-type]
            yield opened


@pytest.fixture
def without_app(tmp_path: Path, web: Path) -> Iterator[httpx.Client]:
    """Requests to an nginx whose app is not there."""
    place = nginx.Place(tmp_path / "edge", free_address(), free_address(), web, tmp_path)
    with running(place) as started, httpx.Client(base_url=started.url, trust_env=False) as opened:
        yield opened
