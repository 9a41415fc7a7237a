"""What the browser tests stand on: built pages, footage, and a content published through the API."""

from collections.abc import Iterator

import pytest

from app.core.config import CHECKOUT
from app.demo import DemoOptions, run_demo
from app.demo.media import SampleMedia
from app.local.folders import DataFolder
from tests.e2e.footage import Footage, film_nothing, film_print
from tests.support.sample import kept_sample
from tests.support.settings import applied
from tests.support.stack import RunningStack


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


@pytest.fixture(scope="module")
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
