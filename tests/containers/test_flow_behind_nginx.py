"""From a photo and a video to a living print over the API, through nginx, with servers of our own.

The flow runs as whoever runs the tests. When that is root, it runs once more as an ordinary user.
"""

import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest

from ops import nginx
from tests.containers.edge import Edge, free_address
from tests.faults.report import full, recovered
from tests.support.fault_proxy import FaultProxy
from tests.support.media import clip, photo
from tests.support.servers import TestServers
from tests.support.settings import LINK_SECRET
from tests.support.stack import RunningStack, make_stack


@dataclass(frozen=True)
class Administrator:
    """Who signs in first, with a password that works once."""

    email: str
    password: str


ROOT = Path(__file__).parents[2]
TARGET_WITHIN_SECONDS = 90
NEW_PASSWORD = "a passphrase of my own"
READ_ANYTHING = "+dac_read_search"


@dataclass(frozen=True)
class Entry:
    """The running service, nginx before it, and the line to PostgreSQL behind it."""

    stack: RunningStack
    edge: Edge
    line: FaultProxy


@pytest.fixture(scope="module")
def entry(servers: TestServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entry]:
    """Everything between a browser and the database; links lead to nginx."""
    with FaultProxy("127.0.0.1", servers.postgres.port) as line:
        yield from _running_behind(line, servers, tmp_path_factory)


def _running_behind(
    line: FaultProxy, servers: TestServers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Entry]:
    address = free_address()
    environment = {"PUBLIC_URL": f"http://{address}"}
    stack = make_stack(servers, tmp_path_factory.mktemp("stack"), environment)
    direct, proxied = f":{servers.postgres.port}/", f":{line.port}/"
    stack.environment["DATABASE_URL"] = stack.environment["DATABASE_URL"].replace(direct, proxied)
    app = stack.url.removeprefix("http://")
    place = nginx.Place(
        tmp_path_factory.mktemp("edge"),
        address,
        app,
        storage=stack.storage,
        link_secret=LINK_SECRET,
    )
    edge = Edge(place)
    try:
        stack.start()
        edge.start()
        yield Entry(stack, edge, line)
    finally:
        edge.stop()
        stack.stop()


@pytest.fixture(scope="module")
def published(entry: Entry) -> dict[str, Any]:
    """The content the flow ends with."""
    administrator = Administrator(entry.stack.admin_email, entry.stack.admin_password)
    with httpx.Client(base_url=entry.edge.url, trust_env=False, timeout=60) as client:
        return play(client, administrator, entry.edge.url)


@pytest.mark.timeout(300)
def test_flow_as_ourselves(published: dict[str, Any]) -> None:
    """Sign in, upload, wait for the target, publish, open the link, fetch every file it names."""
    assert "published" == published["status"]
    print(f"flow behind nginx passed as {pwd.getpwuid(os.geteuid()).pw_name}")


@pytest.mark.timeout(900)
def test_what_is_published_opens_in_an_outage(entry: Entry, published: dict[str, Any]) -> None:
    """First the database is away, then the API is killed too: strangers still see it play."""
    outage_seconds = full(7, 620)
    assert_opens_for_a_stranger(entry, published)
    entry.line.cut()
    begun = time.monotonic()
    visits = 0
    while (passed := time.monotonic() - begun) < outage_seconds:
        if passed > outage_seconds / 2 and "api" in entry.stack.processes:
            entry.stack.kill("api")
        assert_opens_for_a_stranger(entry, published)
        visits += 1
        time.sleep(outage_seconds / 60)

    assert "api" not in entry.stack.processes
    entry.line.heal()
    healed = time.monotonic()
    entry.stack.start_api()
    entry.stack.wait_until_ready()
    recovered(
        "database away, then the API killed",
        condition="published content opens for strangers: page, manifest, target, picture, video",
        seconds=time.monotonic() - healed,
        limit=120,
        detail=f"{visits} visits in {outage_seconds} s, all whole",
    )


def assert_opens_for_a_stranger(entry: Entry, published: dict[str, Any]) -> None:
    with httpx.Client(base_url=entry.edge.url, trust_env=False, timeout=30) as stranger:
        assert_opens(stranger, published, entry.edge.url)


@pytest.mark.timeout(300)
def test_flow_as_an_ordinary_user() -> None:
    """The same without root: nothing in the way from upload to print needs it."""
    if os.geteuid() != 0:
        return  # test_flow_as_ourselves was that already
    user = pwd.getpwnam("nobody")
    home = Path(tempfile.mkdtemp(prefix="arv-ordinary-"))
    try:
        os.chown(home, user.pw_uid, user.pw_gid)
        done = run_flow_as(user, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "flow behind nginx passed as nobody" in done.stdout


def run_flow_as(user: pwd.struct_passwd, home: Path) -> subprocess.CompletedProcess[str]:
    """The first test in a process of that user, which may read the checkout and owns only `home`."""
    drop = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    if not is_open_to_all(Path(sys.executable)):
        drop += [f"--inh-caps={READ_ANYTHING}", f"--ambient-caps={READ_ANYTHING}"]
    test = "tests/containers/test_flow_behind_nginx.py::test_flow_as_ourselves"
    options = ["-q", "-s", "-p", "no:cacheprovider", f"--basetemp={home / 'pytest'}"]
    environment = {
        "HOME": str(home),
        "TMPDIR": str(home),
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        [*drop, sys.executable, "-m", "pytest", *options, test],
        cwd=ROOT if is_open_to_all(ROOT) else copied_checkout(home),
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=280,
    )


def copied_checkout(home: Path) -> Path:
    """The project with what was built, where its user can enter; a clone in a private folder is closed."""
    not_needed = shutil.ignore_patterns(".*", "node_modules", "__pycache__", "out", "build")
    return Path(shutil.copytree(ROOT, home / "checkout", ignore=not_needed))


def is_open_to_all(path: Path) -> bool:
    """Whether any user may walk to `path`, through every link on the way."""
    real = path.resolve()
    return all(part.stat().st_mode & 0o001 for part in (real, *real.parents))


def answered(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The JSON of an answer that has to have this status."""
    assert answer.status_code == status, f"{answer.request.url}: {answer.status_code} {answer.text}"
    content: dict[str, Any] = answer.json()
    return content


def play(client: httpx.Client, administrator: Administrator, url: str) -> dict[str, Any]:
    """The whole flow against the service whose entry is `url`; the published content."""
    company = sign_in(client, administrator)
    content = wait_until_ready(client, create_content(client, company))
    published = answered(client.post(f"{address_of(content)}/publish"), 200)
    assert_opens(client, published, url)
    assert_qr_codes(client, published)
    return published


def sign_in(client: httpx.Client, administrator: Administrator) -> dict[str, Any]:
    """Sign in with the one-time password and change it; the default company."""
    credentials = {"email": administrator.email, "password": administrator.password}
    me = answered(client.post("/api/v1/auth/sign-in", json=credentials), 200)
    change = {"current_password": administrator.password, "new_password": NEW_PASSWORD}
    changed = client.post("/api/v1/auth/password", json=change)
    assert changed.status_code == 204, changed.text
    if me["two_factor"]["required"]:
        set_up_second_factor(client)
    company: dict[str, Any] = me["memberships"][0]["company"]
    return company


def set_up_second_factor(client: httpx.Client) -> None:
    """In production an operator proves an authenticator app before anything else opens."""
    enrolment = answered(client.post("/api/v1/auth/two-factor/enrol"), 200)
    code = {"code": pyotp.TOTP(enrolment["secret"]).now()}
    codes = answered(client.post("/api/v1/auth/two-factor/confirm", json=code), 200)
    assert len(codes["recovery_codes"]) == 10


def create_content(client: httpx.Client, company: dict[str, Any]) -> dict[str, Any]:
    """A project with one content of two uploads, which nginx passed on as they came."""
    base = f"/api/v1/companies/{company['id']}"
    project = answered(client.post(f"{base}/projects", json={"name": "Summer"}), 201)
    with tempfile.TemporaryDirectory() as folder:
        film = clip(Path(folder))
    uploads = {}
    for purpose, name, body in (("image", "a.jpg", photo()), ("video", "a.mp4", film)):
        query = {"purpose": purpose, "filename": name}
        uploads[purpose] = answered(client.post(f"{base}/uploads", params=query, content=body), 201)
    wanted = {
        "title": "Lake",
        "image_upload_id": uploads["image"]["id"],
        "video_upload_id": uploads["video"]["id"],
    }
    return answered(client.post(f"{base}/projects/{project['id']}/contents", json=wanted), 201)


def address_of(content: dict[str, Any]) -> str:
    return f"/api/v1/companies/{content['company_id']}/contents/{content['id']}"


def wait_until_ready(client: httpx.Client, content: dict[str, Any]) -> dict[str, Any]:
    """The content once its target is ready; looks as seldom as the limits of the API ask for."""
    deadline = time.monotonic() + TARGET_WITHIN_SECONDS
    while content["target"]["status"] != "ready":
        assert content["target"]["status"] != "failed", content["target"]
        assert time.monotonic() < deadline, (
            f"not within {TARGET_WITHIN_SECONDS} s: {content['target']}"
        )
        time.sleep(1)
        content = answered(client.get(address_of(content)), 200)
    return content


def assert_opens(client: httpx.Client, content: dict[str, Any], url: str) -> None:
    """The public link answers with its manifest inside; every file it names is served by nginx."""
    assert content["public_url"] == f"{url}/ar/{content['public_id']}"
    page = client.get(content["public_url"])
    inside = re.search(
        r'<script type="application/json" id="arv-manifest">(.*?)</script>', page.text
    )
    assert page.status_code == 200
    assert inside is not None
    manifest = json.loads(inside.group(1))
    assert manifest == answered(client.get(f"/api/v1/viewer/{content['public_id']}/manifest"), 200)
    for name in ("target", "image", "video"):
        file = client.get(manifest[name]["url"])
        assert file.status_code == 200, name
        assert file.headers["Cache-Control"] == "private, max-age=3600, immutable"
        assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    ranged = client.get(manifest["video"]["url"], headers={"Range": "bytes=0-99"})
    assert (ranged.status_code, len(ranged.content)) == (206, 100)


def assert_qr_codes(client: httpx.Client, content: dict[str, Any]) -> None:
    """All three kinds come as files with a readable name."""
    for kind, start in (("svg", b"<"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        code = client.get(f"{address_of(content)}/qr.{kind}")
        assert code.status_code == 200, code.text
        assert code.content.startswith(start)
        assert "attachment" in code.headers["Content-Disposition"]
