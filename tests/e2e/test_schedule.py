"""Which video plays when: seen before it is saved, and played after."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.browser import chromium, open_page
from tests.e2e.conftest import LivePrint
from tests.e2e.panel import Panel
from tests.support.stack import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

SCREEN: ViewportSize = {"width": 1280, "height": 900}


def test_a_rule_is_seen_before_it_is_saved_and_plays_after(
    running_stack: RunningStack, live_print: LivePrint
) -> None:
    """The preview shows the unsaved rule, visitors the old one; after saving both show the rule's."""
    with chromium() as browser:
        page, watch = open_page(browser.new_context(viewport=SCREEN), running_stack.url)
        Panel(page, running_stack.url).enter(running_stack)
        page.goto(f"{running_stack.url}{live_print.path}")
        answer = page.get_by_test_id("see-answer")
        expect(answer).to_contain_text("Morning")

        add_period_from_today(page, "Evening")
        expect(answer).to_contain_text("Evening")
        assert "Morning" == live_print.plays()

        page.get_by_test_id("schedule-save").click()
        expect(page.get_by_test_id("schedule-draft")).to_have_count(0)
        expect(answer).to_contain_text("Evening")
        assert "Evening" == live_print.plays()

        add_period_from_today(page, "Morning")
        expect(page.get_by_test_id("rule").last).to_contain_text("Never plays")
        put_last_rule_first(page)
        expect(page.get_by_test_id("rule").last).to_contain_text("Never plays")
        expect(answer).to_contain_text("Morning")
        leave_and_stay(page)
        page.get_by_role("button", name="Discard").click()
        expect(answer).to_contain_text("Evening")
    assert [] == watch.problems


def add_period_from_today(page: Page, video: str) -> None:
    """A rule whose period begins today and has no end."""
    page.get_by_test_id("schedule-add").click()
    page.get_by_test_id("preset-window").click()
    page.get_by_role("dialog").get_by_role("radio", name=video).check(force=True)
    page.get_by_test_id("rule-save").click()
    expect(page.get_by_test_id("schedule-draft")).to_be_visible()


def put_last_rule_first(page: Page) -> None:
    """By keyboard alone: taken with Space, moved with an arrow, put down with Space."""
    grip = page.get_by_test_id("rule").last.get_by_role("button", name="Move")
    grip.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("status").filter(has_text="taken, place 2 of 2")).to_have_count(1)
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("status").filter(has_text="over place 1")).to_have_count(1)
    page.keyboard.press("Space")
    expect(page.get_by_role("status").filter(has_text="put down on place 1")).to_have_count(1)


def leave_and_stay(page: Page) -> None:
    """A way out asks first, and staying keeps what was changed."""
    page.get_by_role("link", name="Settings").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Leave without saving?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_test_id("schedule-draft")).to_be_visible()
