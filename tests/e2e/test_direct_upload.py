"""Large files go from the panel straight into the company's bucket, and nobody notices when they can not."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request

from app.auth.cookies import PLAIN_NAME
from ops import nginx
from tests.containers.edge import Edge, free_address
from tests.e2e.browser import chromium, open_page
from tests.e2e.panel import Panel
from tests.flows.served import Served, served
from tests.storage.test_connections import PATH, body_for, connect
from tests.support import media, people
from tests.support.people import Member
from tests.support.s3 import S3Server, make_bucket
from tests.support.servers import TestServers
from tests.support.settings import LINK_SECRET

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

MEGABYTE = 1024 * 1024


@dataclass
class Studio:
    """A company whose files are in a bucket, behind nginx at `address`."""

    running: Served
    owner: Member
    address: str
    folder: Path

    @contextmanager
    def edge(self, upload_origins: str) -> Iterator[str]:
        """The address of an nginx whose policy lets the panel send to these origins."""
        place = nginx.Place(
            self.folder / "edge",
            self.address,
            urlsplit(self.running.url).netloc,
            storage=self.folder / "storage",
            link_secret=LINK_SECRET,
            upload_origins=upload_origins,
        )
        edge = Edge(place)
        edge.start()
        try:
            yield edge.url
        finally:
            edge.stop()


@pytest.fixture(scope="module")
def studio(
    servers: TestServers, s3: S3Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Studio]:
    folder, address = tmp_path_factory.mktemp("studio"), free_address()
    environment = {
        "PUBLIC_URL": f"http://{address}",
        "OUTBOUND_ALLOWED_NETWORKS": "127.0.0.0/8",
        "DIRECT_UPLOAD_ORIGINS": s3.endpoint,
    }
    with served(servers, folder, environment) as running:
        owner = running.run(people.make_member(running.app))
        made = running.run(connect(owner, body_for(s3, make_bucket(s3), prefix="arv")))
        activated = running.run(owner.post(f"{PATH}/{made['id']}/activate"))
        assert activated.status_code == 200, activated.text
        yield Studio(running, owner, address, folder)


@dataclass
class Sent:
    """Where a page's files went."""

    to_store: list[str] = field(default_factory=list)
    to_us: list[str] = field(default_factory=list)

    def note(self, request: Request) -> None:
        if request.method == "PUT" and "X-Amz-Signature" in request.url:
            self.to_store.append(request.url)
        if "/uploads/tus" in request.url and request.method in ("POST", "PATCH"):
            self.to_us.append(request.method)


def make_print(page: Page, url: str, studio: Studio, folder: Path) -> Sent:
    """Somebody signed in chooses a photo and a film of ten megabytes, and sees the new print."""
    sent = Sent()
    page.on("request", sent.note)
    project = studio.running.run(studio.owner.post("/projects", json={"name": "Wedding"})).json()
    me = studio.running.run(studio.owner.client.get("/api/v1/auth/me")).json()
    slug = me["memberships"][0]["company"]["slug"]
    page.goto(f"{url}/c/{slug}/projects/{project['id']}")
    Panel(page, url).create_content("First dance", *files_in(folder))
    page.get_by_test_id("target-status").wait_for()
    return sent


def files_in(folder: Path) -> tuple[Path, Path]:
    """A photo, and a film that a box nobody reads makes large (ISO/IEC 14496-12, 8.1.2)."""
    photo, film = folder / "photo.jpg", media.clip(folder)
    photo.write_bytes(media.photo())
    padding = bytes(10 * MEGABYTE)
    large = folder / "film.mp4"
    large.write_bytes(film + struct.pack(">I4s", len(padding) + 8, b"free") + padding)
    return photo, large


def cookie(studio: Studio, url: str) -> dict[str, str]:
    return {"name": PLAIN_NAME, "value": studio.owner.client.cookies[PLAIN_NAME], "url": url}


def test_a_large_file_goes_straight_into_the_bucket(
    studio: Studio, s3: S3Server, tmp_path: Path
) -> None:
    """The policy of the page names the bucket; the film passes us by, the photo does not."""
    with studio.edge(s3.endpoint) as url, chromium() as browser:
        context = browser.new_context(locale="en")
        context.add_cookies([cookie(studio, url)])  # type: ignore[list-item]
        page, watch = open_page(context, url)
        sent = make_print(page, url, studio, tmp_path)

    assert [s3.endpoint] == [f"http://{urlsplit(each).netloc}" for each in sent.to_store]
    assert ["POST"] == sent.to_us
    assert [] == watch.problems
    assert all(each.startswith(s3.endpoint) for each in watch.foreign)


def test_where_the_policy_forbids_it_the_file_comes_through_us(
    studio: Studio, tmp_path: Path
) -> None:
    """The operator told the service and forgot nginx: the print is there all the same, without a word."""
    with studio.edge("") as url, chromium() as browser:
        context = browser.new_context(locale="en")
        context.add_cookies([cookie(studio, url)])  # type: ignore[list-item]
        page, watch = open_page(context, url)
        sent = make_print(page, url, studio, tmp_path)
        alerts = page.get_by_role("alert").count()

    assert "PATCH" in sent.to_us
    assert any("Content Security Policy" in each for each in watch.problems)
    assert 0 == alerts
