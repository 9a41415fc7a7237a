"""A company that keeps its files on a Yandex Disk, from the consent to a visitor's phone: API and worker."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.flows.visitor import Panel, is_ready
from tests.support import media
from tests.support.fault_proxy import FaultProxy
from tests.support.servers import TestServers
from tests.support.stack import RunningStack, make_stack
from tests.support.yandex import CLIENT_ID, CLIENT_SECRET, Yandex, yandex_beside

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture
def disk() -> Iterator[Yandex]:
    with yandex_beside() as yandex:
        yield yandex


@pytest.fixture
def line(servers: TestServers) -> Iterator[FaultProxy]:
    """Between the service and its database."""
    with FaultProxy("127.0.0.1", servers.postgres.port) as proxy:
        yield proxy


@pytest.fixture
def stack(
    servers: TestServers, disk: Yandex, line: FaultProxy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningStack]:
    """API and worker; the operator has an application at Yandex."""
    application = {
        "YANDEX_CLIENT_ID": CLIENT_ID,
        "YANDEX_CLIENT_SECRET": CLIENT_SECRET,
        "YANDEX_API_URL": disk.url,
        "YANDEX_OAUTH_URL": disk.url,
    }
    made = make_stack(servers, tmp_path_factory.mktemp("yandex"), application)
    direct = made.environment["DATABASE_URL"]
    try:
        found = made.run("seed").split("one-time password: ")
        made.admin_password = found[1].split()[0]
        made.environment["DATABASE_URL"] = direct.replace(
            f":{servers.postgres.port}/", f":{line.port}/"
        )
        made.start_api()
        made.start_worker()
        made.wait_until_ready()
        yield made
    finally:
        line.heal()
        made.stop()


def connect(panel: Panel, disk: Yandex) -> str:
    """A new connection to the account whose holder says yes, made the active one."""
    begun = panel.client.post(f"{panel.base}/storage-connections/yandex-consent", json={})
    brought = disk.consent(panel.expect(200, begun)["url"])
    back = panel.client.get("/api/v1/storage/yandex/callback", params=brought)
    told = parse_qs(urlsplit(back.headers["location"]).query)
    (connection_id,) = told["connected"]
    path = f"{panel.base}/storage-connections/{connection_id}"
    panel.expect(200, panel.client.post(f"{path}/activate"))
    return connection_id


def publish(panel: Panel, folder: Any) -> dict[str, Any]:
    made = panel.create_content(media.photo(), media.clip(folder))
    panel.wait_for(made["id"], is_ready)
    path = f"{panel.base}/contents/{made['id']}"
    published: dict[str, Any] = panel.expect(200, panel.client.post(f"{path}/publish"))
    return published


def test_a_print_lives_on_a_yandex_disk(
    stack: RunningStack, disk: Yandex, line: FaultProxy, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Uploaded, compiled and published there; opened with ranges, also while the database is silent."""
    panel = Panel(stack)
    connection_id = connect(panel, disk)

    content = publish(panel, tmp_path_factory.mktemp("film"))
    with httpx.Client(base_url=stack.url, trust_env=False, timeout=60) as phone:
        manifest = phone.get(f"/api/v1/viewer/{content['public_id']}/manifest").json()
        target, video = manifest["target"]["url"], manifest["video"]["url"]
        whole = phone.get(video)
        part = phone.get(video, headers={"Range": "bytes=100-299"})
        got = phone.get(target)
        line.cut()
        silent = phone.get(video, headers={"Range": "bytes=300-399"})
        without_database = phone.get(f"/api/v1/viewer/{content['public_id']}/manifest").status_code
        line.heal()

    kept = {path.removeprefix("app:/"): bytes_ for path, bytes_ in disk.files().items()}
    assert video.startswith(f"/stored/{connection_id}/")
    assert {"portraits", "markers", "videos"} <= {key.split("/")[1] for key in kept}
    assert kept[_key(video, connection_id)] == whole.content
    assert (206, whole.content[100:300]) == (part.status_code, part.content)
    assert (manifest["target"]["size_bytes"], 200) == (len(got.content), got.status_code)
    assert (206, whole.content[300:400]) == (silent.status_code, silent.content)
    assert 503 == without_database
    assert not list(stack.storage.glob("vertex-ar/*/*/*"))


def _key(url: str, connection_id: str) -> str:
    return urlsplit(url).path.removeprefix(f"/stored/{connection_id}/")
