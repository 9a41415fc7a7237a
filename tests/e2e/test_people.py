"""An invitation, an API key and codes at sign-in, through the panel, in a real browser."""

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.browser import chromium, open_page
from tests.e2e.panel import OWN_PASSWORD, Panel
from tests.support.servers import TestServers
from tests.support.stack import RunningStack, make_stack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

ANNA = "anna@example.com"
SCREEN: ViewportSize = {"width": 1280, "height": 900}
STEP_SECONDS = 30  # RFC 6238: how long one code is good


@pytest.fixture(scope="module")
def stack(servers: TestServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The service as a developer runs it, which keeps its mails in the mailbox page."""
    made = make_stack(servers, tmp_path_factory.mktemp("people"), {"ENVIRONMENT": "development"})
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def test_an_owner_is_invited_makes_a_key_and_turns_codes_on(
    stack: RunningStack, browser: Browser
) -> None:
    """From the operator's invitation to a sign-in with a code: mail, account, key, second factor."""
    invite(stack, browser)
    page, watch = open_page(browser.new_context(viewport=SCREEN), stack.url)
    join(page, stack)
    try_key(stack, make_key(page, stack))
    secret = turn_codes_on(page, stack)
    sign_in_with_code(page, stack, secret)
    assert [] == watch.problems
    assert [] == watch.foreign


def invite(stack: RunningStack, browser: Browser) -> None:
    """The operator asks Anna to own the company that is there from the beginning."""
    page, _ = open_page(browser.new_context(viewport=SCREEN), stack.url)
    panel = Panel(page, stack.url)
    panel.sign_in(stack.admin_email, stack.admin_password)
    panel.choose_password(stack.admin_password)
    panel.part("project-new").first.wait_for()
    page.goto(f"{stack.url}/c/vertex-ar/settings/members")
    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_label("E-mail").fill(ANNA)
    page.get_by_role("radio", name="Owner").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("list", name="Invited").get_by_text(ANNA)).to_be_visible()


def join(page: Page, stack: RunningStack) -> None:
    """Anna follows the link of her mail, makes an account, and is in the company."""
    page.goto(f"{stack.url}{invitation_link(page, stack)}")
    expect(page.get_by_label("E-mail")).to_have_value(ANNA)
    page.get_by_label("Your name").fill("Anna Weber")
    page.get_by_test_id("new-password").fill(OWN_PASSWORD)
    page.get_by_role("button", name="Join").click()
    page.wait_for_url(f"{stack.url}/c/vertex-ar")
    expect(page.get_by_role("link", name="Settings")).to_be_visible()


def invitation_link(page: Page, stack: RunningStack) -> str:
    """Path and secret of the link in the newest mail to Anna, as the mailbox page shows it."""
    deadline = time.monotonic() + 20
    row = page.get_by_role("row").filter(has_text=ANNA)
    page.goto(f"{stack.url}/dev/mailbox")
    while not row.count() and time.monotonic() < deadline:
        page.wait_for_timeout(200)
        page.reload()
    row.first.get_by_role("link").click()
    link = page.locator("a[href*='/invitations']").first.get_attribute("href")
    assert link is not None
    parts = urlsplit(link)
    return f"{parts.path}#{parts.fragment}"


def make_key(page: Page, stack: RunningStack) -> str:
    """A key that may read, as the panel shows it this once."""
    page.goto(f"{stack.url}/c/vertex-ar/settings/api-keys")
    page.get_by_role("button", name="New key").click()
    page.get_by_label("What is it for?").fill("Album printer")
    page.get_by_role("button", name="Make the key").click()
    token = page.get_by_test_id("secret").inner_text()
    page.get_by_role("button", name="I have kept it").click()
    expect(page.get_by_text("never used")).to_be_visible()
    return token


def try_key(stack: RunningStack, token: str) -> None:
    """The key opens what it was made for, and nothing else."""
    with httpx.Client(
        base_url=stack.url, headers={"Authorization": f"Bearer {token}"}, trust_env=False
    ) as client:
        company = client.get("/api/v1/api-key").json()["company"]["id"]
        assert client.get(f"/api/v1/companies/{company}/projects").status_code == httpx.codes.OK
        refused = client.post(f"/api/v1/companies/{company}/projects", json={"name": "No"})
        assert httpx.codes.FORBIDDEN == refused.status_code


def turn_codes_on(page: Page, stack: RunningStack) -> str:
    """The secret an app would keep; the panel has seen one of its codes."""
    page.goto(f"{stack.url}/account/security")
    page.get_by_role("button", name="Set up codes").click()
    page.get_by_role("button", name="Begin").click()
    said = page.get_by_text("No camera at hand?").locator("span").inner_text()
    secret = said.replace(" ", "")
    page.get_by_label("Code from the app").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn codes on").click()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("recovery codes are left")).to_be_visible()
    return secret


def sign_in_with_code(page: Page, stack: RunningStack, secret: str) -> None:
    """Out, and in again: the password alone is not enough any more."""
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Sign out").click()
    Panel(page, stack.url).sign_in(ANNA, OWN_PASSWORD)
    code = page.get_by_test_id("second-factor-code")
    code.wait_for()
    # A code opens once, and the present one was used to turn codes on: the next one is good already.
    code.fill(pyotp.TOTP(secret).at(int(time.time()) + STEP_SECONDS))
    page.get_by_test_id("second-factor-submit").click()
    expect(page.get_by_role("link", name="Settings")).to_be_visible()
