"""From a photo and a video to a living print, through the panel, in a real browser."""

import io
import re

import httpx
import pypdf
import pytest
from PIL import Image

from app.demo.media import SampleMedia
from tests.e2e.browser import chromium, open_page
from tests.e2e.footage import Footage
from tests.e2e.panel import Panel
from tests.e2e.viewer import Viewer
from tests.support.codes import read_code
from tests.support.stack import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


def test_from_files_to_a_living_print(
    running_stack: RunningStack, sample: SampleMedia, print_footage: Footage
) -> None:
    """Sign in, project, photo and video, target, score, publish, code, and it lives."""
    with chromium(print_footage.path) as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page, watch = open_page(context, running_stack.url)
        panel = Panel(page, running_stack.url)
        panel.enter(running_stack)
        panel.create_project("Summer exhibition")
        panel.create_content("Lake of the long dusk", sample.photo, sample.clip)
        assert panel.wait_for_target()[-1] == "ready"
        assert 0 <= panel.score() <= 100
        link = panel.publish()
        assert link.startswith(f"{running_stack.url}/ar/")
        codes = {kind: panel.download(kind) for kind in ("svg", "png", "pdf")}
        on_screen = panel.code_on_screen()
        viewer_page, viewer_watch = open_page(context, running_stack.url)
        viewer = Viewer(viewer_page)
        viewer.open(link)
        viewer.start_camera()
        viewer.wait_for("tracking")
    _assert_codes_lead_to(link, codes)
    assert decode(on_screen) == link
    assert watch.problems == []
    assert watch.foreign == []
    assert viewer_watch.problems == []


def _assert_codes_lead_to(link: str, codes: dict[str, tuple[str, bytes]]) -> None:
    """Each file has a readable name and carries the same code, and the code is the link."""
    for kind, (name, _) in codes.items():
        assert re.fullmatch(rf"[\w .-]+\.{kind}", name), name
    assert decode(codes["png"][1]) == link
    svg = codes["svg"][1].decode()
    assert svg.lstrip().startswith(("<?xml", "<svg"))
    assert "<script" not in svg
    page = pypdf.PdfReader(io.BytesIO(codes["pdf"][1])).pages[0]
    assert not page.images, "the PDF's code is vector, not a picture"
    assert b" re" in page.get_contents().get_data() or b" l" in page.get_contents().get_data()  # type: ignore[union-attr]
    assert page.mediabox.width >= 30 / 25.4 * 72


def decode(picture: bytes) -> str:
    """What a QR reader reads in a PNG."""
    return read_code(Image.open(io.BytesIO(picture)))


def test_one_time_password_is_used_up(running_stack: RunningStack) -> None:
    """After the flow the password of the first start opens nothing any more."""
    answer = httpx.post(
        f"{running_stack.url}/api/v1/auth/sign-in",
        json={"email": running_stack.admin_email, "password": running_stack.admin_password},
        trust_env=False,
    )
    assert answer.status_code == 401
