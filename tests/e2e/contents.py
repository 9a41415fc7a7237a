"""The panel's list of all prints, and its import, as a person uses them."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser import wait_until


class ImportScreen:
    """Many prints at once, from a table and its files."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def choose(self, project: str, table: Path) -> None:
        self.page.get_by_test_id("project-picker").click()
        self.page.get_by_role("option", name=project).click()
        self.page.get_by_test_id("import-table").set_input_files(table)

    def problems(self) -> list[list[str]]:
        """The cells of each row of the table of problems."""
        rows = self.page.get_by_test_id("import-problems").locator("tbody tr")
        rows.first.wait_for()
        return [row.locator("td").all_inner_texts() for row in rows.all()]

    def send(self, *files: Path) -> None:
        """Hand over the files, and wait until the check has been made again with them."""
        self.page.get_by_test_id("import-files").set_input_files(files)
        expect(self.page.get_by_test_id("import-start")).to_be_enabled()

    def run(self) -> None:
        self.page.get_by_test_id("import-start").click()
        expect(self.page.get_by_test_id("import-run")).to_have_attribute("data-status", "done")

    def report(self) -> str:
        with self.page.expect_download() as waiting:
            self.page.get_by_test_id("import-report").click()
        return Path(waiting.value.path()).read_text(encoding="utf-8-sig")


class PrintList:
    """All prints of the company."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def row(self, title: str) -> Locator:
        return self.page.get_by_test_id("content-row").filter(has_text=title)

    def wait_until_recognised(self, count: int) -> None:
        """Until there are that many rows, and each has the score of a target that is ready."""
        question = """count => {
          const rows = [...document.querySelectorAll('[data-testid=content-row]')];
          return rows.length === count && rows.every(row => row.querySelector('[role=img]'));
        }"""
        wait_until(self.page, question, count, seconds=60)

    def select_all(self) -> None:
        self.page.get_by_test_id("select-all").click()

    def publish(self) -> None:
        self.page.get_by_test_id("bulk-publish").click()

    def refusals(self) -> dict[str, str]:
        """Why which print was left as it was, and the dialog closed."""
        results = self.page.get_by_test_id("bulk-results")
        results.wait_for()
        told = {
            row.locator("strong").inner_text(): row.locator("span").first.inner_text()
            for row in results.get_by_role("listitem").all()
        }
        results.get_by_role("button").click()
        return told
