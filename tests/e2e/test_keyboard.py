"""The whole panel without a mouse."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.browser import chromium, open_page
from tests.e2e.conftest import LivePrint
from tests.e2e.keyboard import dialog_flaws, menu_flaws, unreachable
from tests.e2e.panel import Panel
from tests.support.stack import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

SCREEN: ViewportSize = {"width": 1280, "height": 900}
COMPANY = "/c/vertex-ar"
SETTINGS = (
    "general", "look", "usage", "members", "sign-in", "api-keys", "storage", "notifications", "webhooks",
    "jobs", "audit", "data",
)  # fmt: skip
PAGES = (
    COMPANY,
    f"{COMPANY}/contents",
    f"{COMPANY}/import",
    *(f"{COMPANY}/settings/{name}" for name in SETTINGS),
    "/account",
    "/account/security",
    "/account/notifications",
    "/operator",
    "/operator/people",
    "/operator/plans",
    "/operator/deleted",
    "/operator/audit",
    "/operator/jobs",
    "/operator/backups",
)


# What opens a dialog, by page: a button, or the last item of its menu.
OPENERS = {
    COMPANY: ("New project", "More for Demo"),
    f"{COMPANY}/settings/members": ("Invite somebody",),
    f"{COMPANY}/settings/api-keys": ("New key",),
    f"{COMPANY}/settings/data": ("Delete the company",),
    f"{COMPANY}/settings/storage": ("Connect a bucket",),
    f"{COMPANY}/settings/notifications": ("Add a chat",),
    f"{COMPANY}/settings/webhooks": ("New webhook",),
    "/account/security": ("Set up codes",),
    "/operator": ("New company",),
    "/operator/plans": ("New plan",),
}


OF_A_PRINT = ("Set an end", "Add a video", "Add a rule")


@pytest.mark.usefixtures("published_link")
def test_everything_is_reached_by_keyboard(
    running_stack: RunningStack, live_print: LivePrint
) -> None:
    """On every page Tab reaches all there is to use and shows where it is; menus obey the arrows."""
    with chromium() as browser:
        page, _ = open_page(browser.new_context(viewport=SCREEN), running_stack.url)
        panel = Panel(page, running_stack.url)
        panel.enter(running_stack)
        flaws = []
        openers = OPENERS | {live_print.path: OF_A_PRINT}
        for path in (*PAGES, live_print.path, *the_project(page, running_stack)):
            settle(page, f"{running_stack.url}{path}")
            flaws += unreachable(page) + menu_flaws(page)
            for opener in openers.get(path, ()):
                flaws += dialog_flaws(page, opener)
    assert not flaws, "\n".join(flaws)


def the_project(page: Page, stack: RunningStack) -> list[str]:
    """The paths of a project, and of a new print in it."""
    page.goto(f"{stack.url}{COMPANY}")
    project = page.locator("a[href*='/projects/']").first
    project.wait_for()
    path = str(project.get_attribute("href"))
    return [path, f"{path}/new"]


def settle(page: Page, url: str) -> None:
    """The page with its data in it."""
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
