"""What is asked of the running containers; started by ops/containers/prove.sh, not by a plain `pytest`."""

import json
from pathlib import Path

import httpx
import pyotp
import pytest
from playwright.sync_api import BrowserContext

from app.demo.media import SampleMedia
from tests.containers.proving import ADMIN, APPS, LEFT, PASSWORD, URL, inside
from tests.e2e import panel as panel_page
from tests.e2e.browser import chromium, open_page
from tests.e2e.footage import Footage, film_print
from tests.e2e.panel import Panel
from tests.e2e.viewer import Viewer
from tests.support.sample import kept_sample

# Two processor cores carry fifteen containers and a browser here.
panel_page.PATIENCE_MS = 300_000
OURS = [*APPS, "celery-worker-markers", "celery-worker-notifications", "celery-worker-default"]


@pytest.fixture(scope="module")
def sample() -> SampleMedia:
    return kept_sample()


@pytest.fixture(scope="module")
def print_footage(sample: SampleMedia) -> Footage:
    """The print moving before the camera."""
    return film_print(sample.photo)


def test_flow_in_a_browser(sample: SampleMedia, print_footage: Footage) -> None:
    """Sign in, own password, second factor, project, photo and video, target, publish, and it lives."""
    with chromium(print_footage.path) as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page, watch = open_page(context, URL)
        panel = Panel(page, URL)
        panel.sign_in(ADMIN, PASSWORD)
        panel.choose_password(PASSWORD)
        page.wait_for_url(lambda address: not address.endswith("-password"))
        set_up_second_factor(context)
        page.goto(URL)
        panel.create_project("Summer exhibition")
        panel.create_content("Lake of the long dusk", sample.photo, sample.clip)
        assert panel.wait_for_target()[-1] == "ready"
        LEFT.link = panel.publish()
        viewer_page, viewer_watch = open_page(context, URL)
        viewer = Viewer(viewer_page)
        viewer.open(LEFT.link)
        viewer.start_camera()
        viewer.wait_for("tracking")
        LEFT.cookies = {str(c["name"]): str(c["value"]) for c in context.cookies()}
    assert watch.foreign == viewer_watch.foreign == []
    assert viewer_watch.problems == []


def set_up_second_factor(context: BrowserContext) -> None:
    """In production an operator proves an authenticator app before anything else opens."""
    address = f"{URL}/api/v1/auth/two-factor"
    enrolment = context.request.post(f"{address}/enrol").json()
    code = {"code": pyotp.TOTP(enrolment["secret"]).now()}
    confirmed = context.request.post(f"{address}/confirm", data=code)
    assert confirmed.status == httpx.codes.OK, confirmed.text()


def test_entry_serves_the_built_pages() -> None:
    """The panel comes compressed beforehand, the API's pages from the app, everything with its headers."""
    with httpx.Client(base_url=URL, trust_env=False) as client:
        page = client.get("/", headers={"Accept-Encoding": "gzip"})
        assert (page.status_code, page.headers["Content-Encoding"]) == (200, "gzip")
        assert page.headers["X-Frame-Options"] == "DENY"
        assert client.get("/docs").status_code == 200
        assert client.get("/api/health/readiness").json()["status"] == "ready"


@pytest.mark.parametrize("service", [*OURS, "celery-beat"])
def test_service_is_an_ordinary_user_on_a_read_only_root(service: str) -> None:
    """Uid 1000, nothing writable but /tmp and the content, no compiler, no pip."""
    assert inside(service, "id", "-u").strip() == "1000"
    assert "Read-only file system" in inside(service, "touch", "/srv/arv/app/x")
    # The official Python image brings a pip of its own; ours has none.
    assert inside(service, "sh", "-c", "command -v gcc cc node npm perl-doc restic").strip() == ""
    assert "/opt/venv/bin" not in inside(service, "sh", "-c", "command -v pip")
    assert inside(service, "sh", "-c", "command -v curl pg_dump psql").count("/") >= 3


def test_the_image_lists_everything_in_it() -> None:
    """Python's packages, Debian's, and those of the pages, as CycloneDX."""
    counted = {}
    for name in ("python", "debian", "web"):
        listed = json.loads(inside("app-1", "cat", f"/usr/share/sbom/{name}.cdx.json"))
        assert listed["bomFormat"] == "CycloneDX"
        counted[name] = {component["name"] for component in listed["components"]}
    locked = Path("requirements.lock").read_text().splitlines()
    wanted = {line.partition("==")[0] for line in locked if "==" in line and ";" not in line}

    assert {name.replace("_", "-").lower() for name in counted["python"]} >= wanted
    assert {"libc6", "libpq5", "curl"} <= counted["debian"]
    assert {"react", "@mantine/core"} & counted["web"]


def test_bytecode_is_in_the_image() -> None:
    """No module is compiled again at every start."""
    missing = inside(
        "app-1",
        *("python", "-c"),
        "import pathlib, importlib.util as u; print([str(f) for f in pathlib.Path('app').rglob('*.py')"
        " if not pathlib.Path(u.cache_from_source(str(f))).exists()])",
    )
    assert missing.strip() == "[]"


def test_broker_and_cache_forget_as_they_should() -> None:
    """The policies reached the servers."""
    ask = ("redis-cli", "config", "get", "maxmemory-policy")

    assert "allkeys-lru" in inside("redis", *ask)
    assert "noeviction" in inside("redis-broker", *ask)
