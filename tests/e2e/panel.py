"""The panel as a person uses it: each method is one thing they do."""

from pathlib import Path

from playwright.sync_api import Download, Locator, Page, expect

from tests.e2e.browser import wait_until
from tests.flows.visitor import NEW_PASSWORD as OWN_PASSWORD
from tests.flows.visitor import Panel as Visitor
from tests.support.stack import RunningStack

__all__ = ["OWN_PASSWORD", "PATIENCE_MS", "Panel"]

PATIENCE_MS = 60_000


class Panel:
    """The panel in a tab."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        page.set_default_timeout(20_000)

    def part(self, name: str) -> Locator:
        """The element with this test id."""
        return self.page.get_by_test_id(name)

    def enter(self, stack: RunningStack) -> None:
        """Come in as the administrator with a password of their own, and see the projects."""
        Visitor(stack)
        self.sign_in(stack.admin_email, OWN_PASSWORD)
        self.part("project-new").first.wait_for()

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto(self.url)
        self.part("sign-in-email").fill(email)
        self.part("sign-in-password").fill(password)
        self.part("sign-in-submit").click()

    def choose_password(self, current: str, new: str = OWN_PASSWORD) -> None:
        """Replace the one-time password; the panel asks for the present one if it must."""
        self.part("new-password").wait_for()
        if self.part("current-password").count():
            self.part("current-password").fill(current)
        self.part("new-password").fill(new)
        self.part("new-password-submit").click()

    def open_new_project(self) -> None:
        self.part("project-new").first.click()
        self.part("project-name").wait_for()

    def create_project(self, name: str) -> None:
        if not self.part("project-name").count():
            self.open_new_project()
        self.part("project-name").fill(name)
        self.part("project-create").click()
        self.part("content-new").first.wait_for()

    def create_content(self, title: str, photo: Path, video: Path) -> None:
        """Choose both files, name the content and go on to its page."""
        self.part("content-new").first.click()
        self._file_input("drop-photo").set_input_files(photo)
        self._file_input("drop-video").set_input_files(video)
        self.part("content-title").fill(title)
        self.part("content-create").click()

    def _file_input(self, name: str) -> Locator:
        return self.page.locator(
            f"input[type=file][data-testid={name}], [data-testid={name}] input[type=file]"
        )

    def wait_for_target(self) -> list[str]:
        """Every state the target was shown in until it was ready."""
        status = self.part("target-status")
        status.wait_for(timeout=PATIENCE_MS)
        self.page.evaluate(_WATCH_STATUS)
        done = "() => ['ready', 'failed'].includes(window.seenStatus.at(-1))"
        wait_until(self.page, done, seconds=PATIENCE_MS / 1000)
        seen: list[str] = self.page.evaluate("window.seenStatus")
        return seen

    def score(self) -> int:
        return int(self.part("target-score").inner_text())

    def publish(self) -> str:
        """Open the code to everybody; its link."""
        self.part("publish").click()
        expect(self.part("publish")).to_have_count(0)
        link = self.part("public-link").get_attribute("href")
        assert link is not None
        return link

    def code_on_screen(self) -> bytes:
        """A picture (PNG) of the code as the panel shows it, which is the SVG drawn by the browser."""
        return self.page.locator("img[src*='qr.svg']").screenshot()

    def download(self, kind: str) -> tuple[str, bytes]:
        """(suggested name, content) of the code as svg, png or pdf."""
        with self.page.expect_download() as waiting:
            self.part(f"qr-{kind}").click()
        saved: Download = waiting.value
        return saved.suggested_filename, Path(saved.path()).read_bytes()


_WATCH_STATUS = """() => {
  const element = document.querySelector('[data-testid=target-status]');
  window.seenStatus = [element.dataset.status];
  new MutationObserver(() => {
    const now = document.querySelector('[data-testid=target-status]')?.dataset.status;
    if (now && now !== window.seenStatus.at(-1)) window.seenStatus.push(now);
  }).observe(document.body, { subtree: true, attributes: true, childList: true });
}"""
