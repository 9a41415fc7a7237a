"""A page that lay open until the addresses in it had ended: the viewer asks for new ones and goes on."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Route

from app.core.clock import utcnow
from app.core.config import get_settings
from app.storage import links
from tests.e2e.browser import chromium, open_page, wait_until
from tests.e2e.footage import Footage
from tests.e2e.viewer import Viewer
from tests.support.settings import LINK_SECRET, applied
from tests.support.stack import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

ADDRESS = re.compile(r"(/storage/[^\"?]+)\?e=\d+(&(?:amp;)?)s=[\w-]+")
_PICTURE_CAME = "() => document.getElementById('thumbnail').naturalWidth > 0"
_PLAYING = "() => document.getElementById('arv-video').currentTime > 0.2"


def ended(html: str) -> str:
    """The page as it would lie there an hour later: every address signed by us, and over."""
    before = utcnow() - timedelta(hours=1)
    assert get_settings().storage.link_seconds < 3600
    with applied({"STORAGE_LINK_SECRET": LINK_SECRET}):
        return ADDRESS.sub(lambda at: links.signed(at[1], before).replace("&", at[2]), html)


def test_a_page_whose_addresses_have_ended_still_plays(
    running_stack: RunningStack, published_link: str, print_footage: Footage
) -> None:
    """Target, picture and video are refused by the service with 410, and come from their new addresses."""
    log = running_stack.folder / "api.log"
    before = len(log.read_text())

    def serve_late(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=ended(answer.text()))

    with chromium(print_footage.path) as browser:
        page, _ = open_page(browser.new_context(), running_stack.url)
        page.route("**/ar/*", serve_late)
        viewer = Viewer(page)
        viewer.open(published_link)
        wait_until(page, _PICTURE_CAME)
        viewer.start_camera()
        viewer.wait_for("tracking")
        wait_until(page, _PLAYING)
        states = viewer.states()

    assert "failed" not in states
    refused = [line for line in log.read_text()[before:].splitlines() if "status=410" in line]
    for part in ("/markers/", "/thumbnails/", ".mp4"):
        assert any(part in line for line in refused), (part, refused)
