"""`arv demo` against a running service: the whole way from files to a link that opens."""

from pathlib import Path

import httpx
import pytest

from app.demo import DemoOptions, run_demo
from app.demo.client import ArvClient, DemoFailed
from app.local.console import StartRefused
from app.local.folders import DataFolder
from tests.support.sample import kept_sample
from tests.support.settings import applied
from tests.support.stack import RunningStack


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A data folder that holds the sample already."""
    sample = kept_sample()
    (tmp_path / "demo").mkdir()
    for file in (sample.photo, sample.clip):
        (tmp_path / "demo" / file.name).write_bytes(file.read_bytes())
    return DataFolder(tmp_path)


def test_demo_publishes_a_living_print(
    running_stack: RunningStack, folder: DataFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    """The link it prints opens a viewer page with a target and a video; again, it is the same link."""
    with applied(running_stack.environment):
        link = run_demo(DemoOptions(folder))
        again = run_demo(DemoOptions(folder))
    printed = capsys.readouterr().out
    assert link == again
    assert link in printed
    assert "█" in printed
    page = httpx.get(link, trust_env=False)
    assert page.status_code == 200
    public_id = link.rsplit("/", 1)[1]
    manifest = httpx.get(
        f"{running_stack.url}/api/v1/viewer/{public_id}/manifest", trust_env=False
    ).json()
    for url in (manifest["target"]["url"], manifest["video"]["url"]):
        assert httpx.get(f"{running_stack.url}{url}", trust_env=False).status_code == 200


def test_demo_member_can_not_sign_in_afterwards(running_stack: RunningStack) -> None:
    """Nobody knows the demo member's password, and an empty one does not do."""
    with ArvClient(running_stack.url) as client, pytest.raises(DemoFailed, match="do not belong"):
        client.sign_in("demo@arv.localhost", "demo@arv.localhost")


def test_no_service_is_one_line_with_the_remedy(tmp_path: Path) -> None:
    """Where nothing runs, the demo says to start it."""
    with pytest.raises(StartRefused, match="arv up"):
        run_demo(DemoOptions(DataFolder(tmp_path)))
    with ArvClient("http://127.0.0.1:9") as client, pytest.raises(DemoFailed, match="arv up"):
        client.sign_in("a@example.com", "b")
