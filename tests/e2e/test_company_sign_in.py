"""A company's own sign-in, set up and used with the mouse and the keyboard, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.browser import chromium, open_page
from tests.e2e.panel import Panel
from tests.e2e.test_accessibility import PHONE, flaws_of
from tests.sso.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, provider_in_a_thread
from tests.support.servers import TestServers
from tests.support.stack import RunningStack, make_stack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

SCREEN: ViewportSize = {"width": 1280, "height": 900}
OPERATED_ON_LOOPBACK = {"OUTBOUND_ALLOWED_NETWORKS": "127.0.0.0/8"}


@pytest.fixture(scope="module")
def stack(servers: TestServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A service whose operator lets it talk to providers on this machine."""
    made = make_stack(servers, tmp_path_factory.mktemp("sign-in"), OPERATED_ON_LOOPBACK)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
def provider() -> Iterator[Provider]:
    with provider_in_a_thread() as started:
        yield started


def test_people_sign_in_with_the_accounts_of_their_company(
    stack: RunningStack, provider: Provider
) -> None:
    """An owner sets the provider up; a colleague gets in through it; a stranger reads why not."""
    with chromium() as browser:
        set_up(stack, browser, provider)
        page, watch = open_page(browser.new_context(viewport=SCREEN), stack.url)
        provider.person = {"email": "carla@acme.example", "name": "Carla"}
        sign_in(page, stack, provider)
        page.wait_for_url(f"{stack.url}/c/vertex-ar")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert [] == watch.problems
        refuse_a_stranger(stack, browser, provider)


def set_up(stack: RunningStack, browser: Browser, provider: Provider) -> None:
    """The form is filled in as the provider's papers say, and tried before it is saved."""
    page, watch = open_page(browser.new_context(viewport=SCREEN), stack.url)
    panel = Panel(page, stack.url)
    panel.sign_in(stack.admin_email, stack.admin_password)
    panel.part("new-password").wait_for()
    page.set_viewport_size(PHONE)
    assert [] == flaws_of(page)
    page.set_viewport_size(SCREEN)
    panel.choose_password(stack.admin_password)
    panel.part("project-new").first.wait_for()
    page.goto(f"{stack.url}/c/vertex-ar/settings/sign-in")
    page.get_by_label("Address of the provider (issuer)").fill(provider.issuer)
    page.get_by_label("Client ID").fill(CLIENT_ID)
    page.get_by_label("Client secret").fill(CLIENT_SECRET)
    page.get_by_label("Mail domains that are let in").fill("acme.example")
    page.get_by_role("switch", name="New people become members").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Try and save").click()
    expect(page.get_by_text("The provider answered, and is saved.")).to_be_visible()
    assert [] == watch.problems


def sign_in(page: Page, stack: RunningStack, provider: Provider) -> None:
    """From our door to the provider's page and, with its answer, back."""
    page.goto(stack.url)
    page.get_by_role("button", name="Sign in with my company").click()
    page.get_by_label("Short name of the company").fill("vertex-ar")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{provider.issuer}/**")
    page.get_by_role("link", name="Go on as").click()


def refuse_a_stranger(stack: RunningStack, browser: Browser, provider: Provider) -> None:
    """An account of another domain ends at our sign-in page, in words and with the way on."""
    page, _ = open_page(browser.new_context(viewport=SCREEN), stack.url)
    provider.person = {"email": "carla@elsewhere.example"}
    sign_in(page, stack, provider)
    page.wait_for_url(f"{stack.url}/sign-in**")
    expect(page.get_by_text("Your company does not let this account in")).to_be_visible()
