"""Panel and viewer at the width of a small phone: nothing to scroll sideways, everything has a name."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, ViewportSize

from app.demo.media import SampleMedia
from tests.e2e.browser import chromium, open_page
from tests.e2e.footage import Footage
from tests.e2e.panel import Panel
from tests.e2e.viewer import Viewer
from tests.support.stack import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

PHONE: ViewportSize = {"width": 360, "height": 740}
NAMED = {
    "button", "link", "textbox", "combobox", "checkbox", "radio", "switch", "slider", "tab",
    "menuitem", "searchbox", "spinbutton", "dialog",
}  # fmt: skip


@pytest.fixture
def browser(empty_footage: Footage) -> Iterator[Browser]:
    with chromium(empty_footage.path) as opened:
        yield opened


def flaws_of(page: Page) -> list[str]:
    """What a person with a small screen or a screen reader would stumble over; empty is good."""
    flaws = []
    wide, room = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    if wide > room:
        flaws.append(f"{page.url} is {wide} px wide on a screen of {room}")
    session = page.context.new_cdp_session(page)
    tree = session.send("Accessibility.getFullAXTree")
    for node in tree["nodes"]:
        role = node.get("role", {}).get("value")
        name = node.get("name", {}).get("value", "").strip()
        if not node.get("ignored") and role in NAMED and not name:
            html = _markup_of(session, node)
            flaws.append(f"{page.url}: a {role} without a name: {html}")
    without_alt = page.evaluate("() => document.querySelectorAll('img:not([alt])').length")
    if without_alt:
        flaws.append(f"{page.url}: {without_alt} pictures without alt")
    if not page.title().strip():
        flaws.append(f"{page.url}: no title")
    if not page.evaluate("() => document.documentElement.lang"):
        flaws.append(f"{page.url}: no language")
    if page.evaluate("() => document.querySelectorAll('h1').length") != 1:
        flaws.append(f"{page.url}: not exactly one h1")
    return flaws


def _markup_of(session: CDPSession, node: dict[str, Any]) -> str:
    """The beginning of a node's HTML, to find it by."""
    found = session.send("DOM.getOuterHTML", {"backendNodeId": node["backendDOMNodeId"]})
    return str(found["outerHTML"])[:140]


def test_panel_on_a_small_phone(
    running_stack: RunningStack, sample: SampleMedia, browser: Browser
) -> None:
    """Every page of the main flow fits 360 px and names what can be used."""
    page, watch = open_page(browser.new_context(viewport=PHONE), running_stack.url)
    panel = Panel(page, running_stack.url)
    page.goto(panel.url)
    panel.part("sign-in-email").wait_for()
    flaws = flaws_of(page)
    panel.enter(running_stack)
    flaws += flaws_of(page)
    panel.open_new_project()
    flaws += flaws_of(page)
    panel.create_project("Small screen")
    flaws += flaws_of(page)
    panel.create_content("Print", sample.photo, sample.clip)
    panel.wait_for_target()
    flaws += flaws_of(page)
    assert flaws == []
    assert watch.problems == []
    assert watch.foreign == []


def test_viewer_on_a_small_phone(
    running_stack: RunningStack, published_link: str, browser: Browser
) -> None:
    """The viewer fits, names its buttons, and talks to nobody but us."""
    page, watch = open_page(browser.new_context(viewport=PHONE), running_stack.url)
    viewer = Viewer(page)
    viewer.open(published_link)
    viewer.start_camera()
    assert flaws_of(page) == []
    assert watch.problems == []
    assert watch.foreign == []


def test_viewer_without_a_camera_still_plays(
    running_stack: RunningStack, published_link: str
) -> None:
    """Where the camera is refused the page says so in words and plays the video all the same."""
    with chromium() as browser:
        context = browser.new_context(viewport=PHONE)
        page, _ = open_page(context, running_stack.url)
        viewer = Viewer(page)
        viewer.open(published_link)
        viewer.give_up_camera()
        assert page.locator("#panel-title").inner_text().strip()
        assert flaws_of(page) == []
        page.locator("#panel-play").click()
        player = page.locator("#player video")
        player.wait_for()
        page.wait_for_timeout(1500)
        assert player.evaluate("video => video.currentTime") > 0.2
