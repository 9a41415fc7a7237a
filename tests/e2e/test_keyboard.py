"""The whole panel without a mouse."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.browser import chromium, open_page
from tests.e2e.keyboard import dialog_flaws, menu_flaws, unreachable
from tests.e2e.panel import Panel
from tests.support.stack import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

SCREEN: ViewportSize = {"width": 1280, "height": 900}
COMPANY = "/c/vertex-ar"
SETTINGS = (
    "general", "look", "usage", "members", "sign-in", "api-keys", "audit", "data",
)  # fmt: skip
PAGES = (
    COMPANY,
    f"{COMPANY}/contents",
    f"{COMPANY}/import",
    *(f"{COMPANY}/settings/{name}" for name in SETTINGS),
    "/account",
    "/account/security",
    "/operator",
    "/operator/people",
    "/operator/plans",
    "/operator/deleted",
    "/operator/audit",
)


# What opens a dialog, by page: a button, or the last item of its menu.
OPENERS = {
    COMPANY: ("New project", "More for Demo"),
    f"{COMPANY}/settings/members": ("Invite somebody",),
    f"{COMPANY}/settings/api-keys": ("New key",),
    f"{COMPANY}/settings/data": ("Delete the company",),
    "/account/security": ("Set up codes",),
    "/operator": ("New company",),
    "/operator/plans": ("New plan",),
}


@pytest.mark.usefixtures("published_link")
def test_everything_is_reached_by_keyboard(running_stack: RunningStack) -> None:
    """On every page Tab reaches all there is to use and shows where it is; menus obey the arrows."""
    with chromium() as browser:
        page, _ = open_page(browser.new_context(viewport=SCREEN), running_stack.url)
        panel = Panel(page, running_stack.url)
        panel.sign_in(running_stack.admin_email, running_stack.admin_password)
        panel.choose_password(running_stack.admin_password)
        panel.part("project-new").first.wait_for()
        flaws = []
        for path in (*PAGES, *the_print(page, running_stack)):
            settle(page, f"{running_stack.url}{path}")
            flaws += unreachable(page) + menu_flaws(page)
            for opener in OPENERS.get(path, ()):
                flaws += dialog_flaws(page, opener)
    assert not flaws, "\n".join(flaws)


def the_print(page: Page, stack: RunningStack) -> list[str]:
    """The paths of a project and of a print in it."""
    page.goto(f"{stack.url}{COMPANY}/contents")
    link = page.locator("a[href*='/contents/']").first
    link.wait_for()
    content = str(link.get_attribute("href"))
    page.goto(f"{stack.url}{COMPANY}")
    project = page.locator("a[href*='/projects/']").first
    project.wait_for()
    path = str(project.get_attribute("href"))
    return [content, path, f"{path}/new"]


def settle(page: Page, url: str) -> None:
    """The page with its data in it."""
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
