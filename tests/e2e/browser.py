"""A real Chromium with a film for a camera."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=user-gesture-required",
]
# Who is signed in: nobody. Which provider the company has: none.
NONE_YET = (("/api/v1/auth/me", "401"), ("/identity-provider", "404"))


def find_chromium() -> str:
    """The browser's program. A missing one fails the test: nothing else shows that the page works."""
    wanted = os.environ.get("ARV_CHROMIUM")
    for candidate in [wanted] if wanted else ["chromium", "chromium-browser", "google-chrome"]:
        found = shutil.which(candidate or "")
        if found:
            return found
    raise AssertionError(
        "no Chromium on this machine: install the package `chromium`, or set ARV_CHROMIUM to its path"
    )


@contextmanager
def chromium(footage: Path | None = None) -> Iterator[Browser]:
    """A headless browser; its camera shows `footage` (Motion JPEG), and asks nobody."""
    flags = list(FLAGS)
    if footage is not None:
        flags += ["--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={footage}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watch:
    """What went wrong in a page, and whom it talked to."""

    host: str
    problems: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        """Note console errors, uncaught exceptions and requests to other hosts from now on."""
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.problems.append(f"uncaught: {error}"))
        page.on("request", lambda request: self._on_request(request.url))

    def _on_console(self, message: ConsoleMessage) -> None:
        # A question whose plain answer is "nobody" or "none"; the browser logs every 4xx.
        url = message.location.get("url", "")
        answered = any(url.endswith(path) and code in message.text for path, code in NONE_YET)
        if message.type == "error" and not answered:
            self.problems.append(f"console: {message.text}")

    def _on_request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.foreign.append(url)


def wait_until(page: Page, question: str, argument: object = None, *, seconds: float = 30) -> None:
    """Ask the page (a JavaScript function's text) until the answer is true.

    Playwright's own waiting evaluates strings inside the page, which our content security policy
    forbids; asking from outside leaves the policy in force.
    """
    deadline = time.monotonic() + seconds
    while not page.evaluate(question, argument):
        if time.monotonic() > deadline:
            state = page.evaluate("() => ({ ...document.documentElement.dataset })")
            raise AssertionError(f"after {seconds:g} s still not: {question} (page: {state})")
        page.wait_for_timeout(40)


def open_page(context: BrowserContext, base_url: str) -> tuple[Page, Watch]:
    """A new tab, watched from its first request on."""
    page = context.new_page()
    watch = Watch(urlsplit(base_url).netloc)
    watch.attach(page)
    return page, watch
