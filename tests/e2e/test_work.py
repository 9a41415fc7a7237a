"""The panel while things go on: a lost connection, a colleague's change, work that was given up."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from tests.e2e.browser import chromium, open_page
from tests.e2e.conftest import LivePrint
from tests.e2e.panel import Panel
from tests.support.stack import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

SCREEN: ViewportSize = {"width": 1280, "height": 900}
# More than goes with the request that announces a file.
VIDEO_BYTES = 5_000_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, running_stack: RunningStack) -> Iterator[Page]:
    """The panel, signed in."""
    context = browser.new_context(viewport=SCREEN)
    opened, _ = open_page(context, running_stack.url)
    Panel(opened, running_stack.url).enter(running_stack)
    yield opened
    context.close()


def test_an_upload_outlives_a_lost_connection(
    running_stack: RunningStack, live_print: LivePrint, page: Page, tmp_path: Path
) -> None:
    """Paused it waits; offline it says so; back online it goes on by itself and arrives."""
    page.goto(f"{running_stack.url}{live_print.path}")
    line = HeldLine(page)
    page.get_by_role("button", name="Add a video").click()
    with line.next_piece():
        page.locator("input[type=file]").first.set_input_files(padded(live_print, tmp_path))
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused at")).to_be_visible()
    with line.next_piece():
        page.get_by_role("button", name="Go on").click()
    line.cut()
    expect(page.get_by_text("The connection is lost")).to_be_visible()
    line.mend()
    expect(page.get_by_text("Uploaded,")).to_be_visible()


class HeldLine:
    """A line on which nothing of a file arrives until it is mended."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.held: list[Route] = []
        page.route("**/uploads/tus/**", self._hold)

    def _hold(self, route: Route) -> None:
        if route.request.method == "PATCH":
            self.held.append(route)
        else:
            route.continue_()

    @contextmanager
    def next_piece(self) -> Iterator[None]:
        """Until the page has begun to send a piece of the file."""
        with self.page.expect_request(lambda request: request.method == "PATCH"):
            yield

    def cut(self) -> None:
        self.page.context.set_offline(True)
        self.held[-1].abort("internetdisconnected")

    def mend(self) -> None:
        self.page.unroute("**/uploads/tus/**")
        self.page.context.set_offline(False)


def padded(live_print: LivePrint, folder: Path) -> Path:
    """One of the print's videos, large enough to be sent alone: an unused box stands at its end."""
    video = live_print.visitor.client.get(live_print.content["videos"][0]["url"]).content
    box = VIDEO_BYTES.to_bytes(4) + b"free"
    path = folder / "long.mp4"
    path.write_bytes(video + box + bytes(VIDEO_BYTES - len(box)))
    return path


def test_a_colleagues_change_shows_by_itself(
    running_stack: RunningStack, live_print: LivePrint, page: Page
) -> None:
    """Renamed in one place, it has its new name in a list that was open before."""
    page.goto(f"{running_stack.url}/c/vertex-ar/contents")
    row = page.get_by_test_id("content-row")
    expect(row.filter(has_text=live_print.content["title"])).to_have_count(1)
    visitor = live_print.visitor
    path = f"{visitor.base}/contents/{live_print.content['id']}"
    visitor.expect(200, visitor.client.patch(path, json={"title": "Renamed by a colleague"}))
    expect(row.filter(has_text="Renamed by a colleague")).to_have_count(1)


def test_work_that_was_given_up_is_begun_again(
    running_stack: RunningStack, live_print: LivePrint, page: Page
) -> None:
    """It stands in the company's list, one click begins it again, and it is done."""
    job = apart(give_up(running_stack, live_print.content["id"]))
    page.goto(f"{running_stack.url}/c/vertex-ar/settings/jobs")
    page.get_by_role("button", name="More for").click()
    page.get_by_role("menuitem", name="Try again").click()
    expect(page.get_by_text("Nothing was given up")).to_be_visible()
    assert "succeeded" == apart(end_of(running_stack, job))


Answer = TypeVar("Answer")


def apart(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run in a thread of its own: Playwright's loop is running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


_GIVE_UP = """
    UPDATE jobs SET state = 'failed', finished_at = now(), attempts = max_attempts,
        error = '{"code": "worker_lost", "detail": "The worker was lost."}'
    WHERE id = (
        SELECT id FROM jobs WHERE state = 'succeeded' AND task_name LIKE 'markers.%'
            AND company_id = (SELECT company_id FROM ar_contents WHERE id = $1) LIMIT 1
    )
    RETURNING id
"""


async def give_up(stack: RunningStack, content_id: str) -> UUID:
    """A finished job of the company that stands there as if its worker had been lost too often."""
    connection = await stack.servers.postgres.connect(stack.database)
    try:
        found = await connection.fetchval(_GIVE_UP, content_id)
        assert isinstance(found, UUID)
        return found
    finally:
        await connection.close()


async def end_of(stack: RunningStack, job: UUID) -> str:
    """How the job ended, or how it stands when half a minute has passed."""
    connection = await stack.servers.postgres.connect(stack.database)
    state = "queued"
    try:
        for _ in range(300):
            state = str(await connection.fetchval("SELECT state FROM jobs WHERE id = $1", job))
            if state not in ("queued", "running"):
                break
            await asyncio.sleep(0.1)
        return state
    finally:
        await connection.close()
