"""The whole way over the API with a real server and worker: photo and video to a living print."""

import time
from hashlib import sha256
from pathlib import Path

import httpx

from tests.flows.visitor import Panel, is_ready
from tests.support import media
from tests.support.stack import RunningStack


def test_a_photo_and_a_video_become_a_living_print(
    running_stack: RunningStack, tmp_path: Path
) -> None:
    """Upload, target ready, publish; a visitor gets the manifest and every file whole."""
    panel = Panel(running_stack)
    started = time.perf_counter()

    made = panel.create_content(media.photo(1280, 960), media.clip(tmp_path))
    ready = panel.wait_for(made["id"], is_ready)
    seconds = time.perf_counter() - started
    panel.expect(200, panel.client.post(f"{panel.base}/contents/{made['id']}/publish"))

    with httpx.Client(base_url=running_stack.url, trust_env=False) as visitor:
        manifest = visitor.get(f"/api/v1/viewer/{made['public_id']}/manifest").json()
        target = visitor.get(manifest["target"]["url"]).content
        video = visitor.get(manifest["video"]["url"], headers={"range": "bytes=0-99"})
        code = panel.client.get(f"{panel.base}/contents/{made['id']}/qr.svg")
    assert manifest["target"]["size_bytes"] == len(target)
    assert f"/{sha256(target).hexdigest()}.arvt" in manifest["target"]["url"]
    assert (206, 100) == (video.status_code, len(video.content))
    assert (200, "image/svg+xml") == (code.status_code, code.headers["content-type"])
    assert made["public_url"].startswith(running_stack.url)
    print(
        f"1280 px photo and clip to a ready target over the API: {seconds:.2f} s, "
        f"of it {ready['target']['seconds']} s in the engine"
    )


def test_a_print_taken_back_is_closed_to_visitors(
    running_stack: RunningStack, tmp_path: Path
) -> None:
    """After unpublishing the same code leads to the page that says so."""
    panel = Panel(running_stack)
    made = panel.create_content(media.photo(seed=11), media.clip(tmp_path))
    panel.wait_for(made["id"], is_ready)
    path = f"{panel.base}/contents/{made['id']}"

    panel.expect(200, panel.client.post(f"{path}/publish"))
    open_status = panel.client.get(f"/api/v1/viewer/{made['public_id']}/manifest").status_code
    panel.expect(200, panel.client.post(f"{path}/unpublish"))
    page = panel.client.get(f"/ar/{made['public_id']}")

    assert (200, 404) == (open_status, page.status_code)
    assert "This print is resting" in page.text
