"""Many prints at once: a table becomes prints, and several are published together."""

from pathlib import Path

import pytest

from app.demo.media import SampleMedia
from tests.e2e.browser import chromium, open_page
from tests.e2e.contents import ImportScreen, PrintList
from tests.e2e.panel import Panel
from tests.e2e.test_accessibility import flaws_of
from tests.support import media
from tests.support.stack import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

TABLE = (
    "key,title,image,video\np1,First dance,DANCE.jpg,dance.mp4\np2,Cake,cake.jpg,\np3,,cake.jpg,\n"
)


def test_a_table_becomes_prints_that_are_published_together(
    running_stack: RunningStack, sample: SampleMedia, tmp_path: Path
) -> None:
    """Problems are shown row by row; files are found by name; what can not be published says why."""
    files = _album(tmp_path, sample.clip)
    with chromium() as browser:
        page, watch = open_page(browser.new_context(locale="en"), running_stack.url)
        panel = Panel(page, running_stack.url)
        panel.enter(running_stack)
        panel.create_project("Wedding")

        page.goto(page.url.split("/projects/")[0] + "/import")
        screen = ImportScreen(page)
        screen.choose("Wedding", tmp_path / "album.csv")
        assert [
            ["2", "Image", "“DANCE.jpg” has not been uploaded yet."],
            ["2", "Video", "“dance.mp4” has not been uploaded yet."],
            ["3", "Image", "“cake.jpg” has not been uploaded yet."],
            ["4", "Title", "It is empty and must not be."],
            ["4", "Image", "“cake.jpg” has not been uploaded yet."],
        ] == screen.problems()
        screen.send(*files)
        assert [["4", "Title", "It is empty and must not be."]] == screen.problems()
        screen.run()
        assert ["created", "created", "failed"] == _states(screen.report())
        page.get_by_role("link", name="To the prints").click()

        prints = PrintList(page)
        prints.wait_until_recognised(2)
        prints.select_all()
        assert flaws_of(page) == []
        prints.publish()
        assert ["Cake"] == list(refusals := prints.refusals())
        assert "no video" in refusals["Cake"]
        prints.row("First dance").get_by_text("Live", exact=True).wait_for()
        prints.row("Cake").get_by_text("Draft", exact=True).wait_for()
    assert watch.problems == []
    assert watch.foreign == []


def _album(folder: Path, clip: Path) -> list[Path]:
    """The table and the files it names: one in another case, and one it does not name."""
    (folder / "album.csv").write_text(TABLE, encoding="utf-8")
    for seed, name in enumerate(("dance.jpg", "cake.jpg", "unnamed.jpg")):
        (folder / name).write_bytes(media.photo(480, 360, seed=seed))
    (folder / "dance.mp4").symlink_to(clip)
    return [folder / name for name in ("dance.jpg", "cake.jpg", "dance.mp4", "unnamed.jpg")]


def _states(report: str) -> list[str]:
    header, *rows = [line.split(",") for line in report.splitlines()]
    return [row[header.index("status")] for row in rows]
