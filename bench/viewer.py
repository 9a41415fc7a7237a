"""`python -m bench viewer`: bytes and milliseconds until the video lies on the print, in Chromium."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, BrowserContext, Page

from app.demo.client import ArvClient
from app.demo.flow import TITLE
from bench.figures import Figure
from bench.page_memory import largest_renderer
from bench.service import Service
from tests.e2e.browser import chromium
from tests.e2e.footage import film_print
from tests.e2e.viewer import Viewer
from tests.support.sample import kept_sample

RUNS = 7
PLAYED_MS = 2000
AIM_SCANNING_MS = 400.0
AIM_OVERLAY_MS = 1000.0
AIM_MEMORY_MB = 200.0
AIM_CODE_KB = 100.0


@dataclass
class Traffic:
    """What a page fetched: address to bytes over the wire."""

    sizes: dict[str, float] = field(default_factory=dict)
    _addresses: dict[str, str] = field(default_factory=dict)

    def watch(self, page: Page) -> None:
        """Count from the page's first request on, the worker's included."""
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._begin)
        session.on("Network.loadingFinished", self._end)
        session.send("Network.enable")

    def _begin(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]

    def _end(self, event: dict[str, Any]) -> None:
        address = self._addresses.get(event["requestId"])
        if address is not None:
            self.sizes[address] = float(event["encodedDataLength"])


def measure(service: Service) -> list[Figure]:
    """Cold visits, each with an empty cache, and second visits in the same browser."""
    with service.client() as client:
        link = publish_sample(client)
    scanning, overlay, again = [], [], []
    wire, packed, memory = [], [], []
    with chromium(film_print(kept_sample().photo).path) as browser:
        for _ in range(RUNS):
            with _new_browser(browser, service) as context:
                first = _timed_visit(context, link)
                scanning.append(first["arv:scanning"])
                overlay.append(first["arv:first-overlay"])
                again.append(_timed_visit(context, link)["arv:first-overlay"])
            with _new_browser(browser, service) as context:
                traffic = _watched_visit(context, link)
                memory.append(largest_renderer(browser))
            ours = {url: size for url, size in traffic.sizes.items() if not _is_media(url)}
            wire.append(sum(ours.values()) / 1000)
            packed.append(sum(gzipped_bytes(url) for url in ours if _is_code(url)) / 1000)
    return [
        Figure("navigation to scanning", scanning, "ms", AIM_SCANNING_MS),
        Figure("navigation to first overlay", overlay, "ms", AIM_OVERLAY_MS),
        Figure("  on a second visit", again, "ms"),
        Figure("viewer code, gzip", packed, "kB", AIM_CODE_KB),
        Figure("all but video, as sent here", wire, "kB"),
        Figure("memory of the page", [m.proportional for m in memory], "MB", AIM_MEMORY_MB),
        Figure("  of it nobody else's", [m.private for m in memory], "MB"),
        Figure("  with all shared parts in full", [m.resident for m in memory], "MB"),
    ]


@contextmanager
def _new_browser(browser: Browser, service: Service) -> Iterator[BrowserContext]:
    """Nothing cached, the camera allowed."""
    context = browser.new_context(viewport={"width": 412, "height": 823})
    context.grant_permissions(["camera"], origin=service.url)
    yield context
    context.close()


def publish_sample(client: ArvClient, project_name: str = "Bench") -> str:
    """The link of the sample print."""
    project = client.project(project_name)
    sample = kept_sample()
    image, video = client.upload(sample.photo, "image"), client.upload(sample.clip, "video")
    content = client.create_content(project, title=TITLE, image=image, video=video)
    return str(client.publish(client.wait_for_target(content))["public_url"])


def _timed_visit(context: BrowserContext, link: str) -> dict[str, float]:
    """Performance marks of one visit; nobody looks on before they are made."""
    page = context.new_page()
    page.goto(link, wait_until="commit")
    page.wait_for_timeout(PLAYED_MS)
    found: dict[str, float] = page.evaluate(
        "() => Object.fromEntries(performance.getEntriesByType('mark').map(m => [m.name, m.startTime]))"
    )
    page.close()
    assert "arv:first-overlay" in found, f"no overlay within {PLAYED_MS} ms: {found}"
    return found


def _watched_visit(context: BrowserContext, link: str) -> Traffic:
    """What a visit fetched up to two seconds of playing. The page stays open."""
    page = context.new_page()
    traffic = Traffic()
    traffic.watch(page)
    viewer = Viewer(page)
    viewer.open(link)
    viewer.wait_for("tracking")
    page.wait_for_timeout(PLAYED_MS)
    return traffic


def _is_media(url: str) -> bool:
    return "/videos/" in url or urlsplit(url).scheme not in ("http", "https")


def _is_code(url: str) -> bool:
    return "/viewer/" in url or "/ar/" in url


def gzipped_bytes(url: str) -> int:
    """What an address weighs behind a front that compresses, as nginx does in production."""
    answer = httpx.get(url, headers={"accept-encoding": "identity"}, trust_env=False)
    return len(gzip.compress(answer.content, 6))
