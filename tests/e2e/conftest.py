"""What the browser tests stand on: built pages, footage, one running service, a published content."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from app.core.config import CHECKOUT
from app.demo import DemoOptions, run_demo
from app.demo.media import SampleMedia
from app.local.folders import DataFolder
from tests.e2e.footage import Footage, film_nothing, film_print
from tests.flows.visitor import Panel as Visitor
from tests.flows.visitor import is_ready
from tests.support import media
from tests.support.sample import kept_sample
from tests.support.servers import TestServers
from tests.support.settings import applied
from tests.support.stack import RunningStack, make_stack

# A page that comes late is no failure; five seconds are too few on a machine that does much else.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session", autouse=True)
def built_pages() -> None:
    """Panel and viewer are built; a missing one fails with the remedy."""
    for page in ("web/admin/dist/index.html", "web/viewer/dist/index.html"):
        assert (CHECKOUT / page).exists(), f"{page} is missing: run `make web`"


@pytest.fixture(scope="session")
def sample() -> SampleMedia:
    """The demo's photo and clip."""
    return kept_sample()


@pytest.fixture(scope="session")
def print_footage(sample: SampleMedia) -> Footage:
    """The print moving before the camera."""
    return film_print(sample.photo)


@pytest.fixture(scope="session")
def empty_footage() -> Footage:
    """The same scene without the print."""
    return film_nothing()


@pytest.fixture(scope="session")
def running_stack(
    servers: TestServers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningStack]:
    """One service for all browser tests: its start takes longer than most of them.

    What a test makes there is its own: it finds its things by their names, never by their number.
    """
    stack = make_stack(servers, tmp_path_factory.mktemp("stack"))
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@pytest.fixture(scope="session")
def published_link(
    running_stack: RunningStack, sample: SampleMedia, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The link of the sample print, published by `arv demo`."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "demo").mkdir()
    for file in (sample.photo, sample.clip):
        (folder / "demo" / file.name).symlink_to(file)
    with applied(running_stack.environment):
        yield run_demo(DemoOptions(DataFolder(folder)))


@dataclass(frozen=True)
class LivePrint:
    """A published print with two videos, "Morning" by default and "Evening"."""

    visitor: Visitor
    content: dict[str, Any]

    @property
    def path(self) -> str:
        """Where the panel shows it."""
        return f"/c/vertex-ar/contents/{self.content['id']}"

    def plays(self) -> str:
        """The name of the video a visitor is given now."""
        path = f"/api/v1/viewer/{self.content['public_id']}/manifest"
        manifest = self.visitor.expect(200, self.visitor.client.get(path))
        names = {_file(video["url"]): video["name"] for video in self.content["videos"]}
        return str(names[_file(manifest["video"]["url"])])


def _file(url: str) -> str:
    """The path of a signed address: its signature is new each time."""
    return urlsplit(url).path


@pytest.fixture(scope="session")
def live_print(running_stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> LivePrint:
    """A print of its own, made through the API."""
    visitor = Visitor(running_stack)
    folder = tmp_path_factory.mktemp("videos")
    morning, evening = media.clip(folder, frames=9), media.clip(folder, frames=12)
    made = visitor.create_content(media.photo(480, 360, seed=3), morning)
    place = f"{visitor.base}/contents/{made['id']}"
    second = visitor.expect(201, visitor.upload(evening, "video"))["id"]
    body = {"upload_id": second, "name": "Evening"}
    visitor.expect(201, visitor.client.post(f"{place}/videos", json=body))
    first = f"{place}/videos/{made['default_video_id']}"
    visitor.expect(200, visitor.client.patch(first, json={"name": "Morning"}))
    visitor.expect(200, visitor.client.patch(place, json={"title": "Morning and evening"}))
    visitor.wait_for(made["id"], is_ready)
    visitor.expect(200, visitor.client.post(f"{place}/publish"))
    return LivePrint(visitor, visitor.wait_for_videos(made["id"]))
