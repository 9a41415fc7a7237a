"""What nginx keeps of the viewer, for whom, and for how long: before an app that says it and counts."""

import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from ops import nginx
from tests.containers.believing_app import BelievingServer
from tests.containers.conftest import running
from tests.containers.edge import Edge, free_address

PRINT = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
PAGE = f"/ar/{PRINT}"
MANIFEST = f"/api/v1/viewer/{PRINT}/manifest"
SESSION = {"Cookie": "arv_session=a-session-0123456789"}
KEY = {"Authorization": f"Bearer arv_{'a' * 32}_secret"}


@dataclass
class Viewer:
    """Answers with the number of the request, what it was told, and these headers."""

    caching: str = "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=600"
    status: int = 200
    asked: list[dict[str, str]] = field(default_factory=list)

    async def __call__(self, scope: dict[str, Any], _receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        self.asked.append({name.decode(): value.decode() for name, value in scope["headers"]})
        headers = [(b"cache-control", self.caching.encode()), (b"vary", b"Accept-Language")]
        headers += [(b"x-request-id", self.asked[-1]["x-request-id"].encode())]
        body = json.dumps({"number": len(self.asked)}).encode()
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
def viewer() -> Viewer:
    return Viewer()


@pytest.fixture
def entry(tmp_path: Path, web: Path, viewer: Viewer) -> Iterator[tuple[Edge, BelievingServer]]:
    app = free_address()
    place = nginx.Place(tmp_path / "edge", free_address(), app, web, tmp_path, app_rest_seconds=1)
    with BelievingServer(app, viewer) as server, running(place) as started:
        yield started, server


@pytest.fixture
def visitor(entry: tuple[Edge, BelievingServer]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=entry[0].url, trust_env=False, timeout=30) as client:
        yield client


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not is_so():
        assert time.monotonic() < deadline, "it did not become so in 15 s"
        time.sleep(0.05)


def test_a_crowd_at_one_print_is_one_question(visitor: httpx.Client, viewer: Viewer) -> None:
    """Fifty who come at once wait for one answer; it stays right, because it is renewed behind them."""
    with ThreadPoolExecutor(10) as crowd:
        answers = list(crowd.map(lambda _: visitor.get(PAGE), range(50)))

    assert {200} == {answer.status_code for answer in answers}
    assert len(viewer.asked) <= 3  # the second it is fresh may end among them
    newest = max(answer.json()["number"] for answer in answers)
    until(lambda: visitor.get(PAGE).json()["number"] > newest)


def test_every_answer_has_its_own_id(visitor: httpx.Client) -> None:
    """A kept page does not tell the id of whoever came first."""
    ids = [visitor.get(PAGE).headers.get_list("X-Request-ID") for _ in range(3)]

    assert 3 == len({one for (one,) in ids})
    assert all(re.fullmatch("[0-9a-f]{32}", one) for (one,) in ids)


def test_answers_depend_on_language_and_host_only(visitor: httpx.Client, viewer: Viewer) -> None:
    """Of languages on the ones we speak; cookies and queries never reach the app."""
    english = ("en", "en-GB,en;q=0.9", "de-DE,en;q=0.8,ru;q=0.5")
    for language in (*english, "ru-RU,ru;q=0.9,en;q=0.8", "de", ""):
        visitor.get(
            f"{PAGE}?utm={language}", headers={"Accept-Language": language, "Cookie": "x=1"}
        )
    visitor.get(PAGE, headers={"Accept-Language": "en", "Host": "prints.example.com"})

    assert ["en", "ru", "", "en"] == [told.get("accept-language", "") for told in viewer.asked]
    assert not any("cookie" in told for told in viewer.asked)


@pytest.mark.parametrize("credentials", [SESSION, KEY])
def test_who_is_signed_in_sees_every_change_at_once(
    visitor: httpx.Client, viewer: Viewer, credentials: dict[str, str]
) -> None:
    """Nothing kept is shown to them, nothing they get is kept, and the app can not make a difference."""
    anonymous = visitor.get(PAGE).json()["number"]

    own = [visitor.get(PAGE, headers=credentials).json()["number"] for _ in range(2)]

    assert [anonymous + 1, anonymous + 2] == own
    assert not {"cookie", "authorization"} & {name for told in viewer.asked for name in told}


def test_nothing_else_of_the_api_is_kept(visitor: httpx.Client, viewer: Viewer) -> None:
    """Whatever it says about caching."""
    for _ in range(2):
        visitor.get("/api/v1/companies")
        visitor.get(f"/api/v1/viewer/{PRINT}")

    assert 4 == len(viewer.asked)


def test_what_was_unpublished_is_gone_within_seconds(visitor: httpx.Client, viewer: Viewer) -> None:
    """A refusal is no failure: nothing kept is shown instead of it."""
    visitor.get(PAGE)
    viewer.status, viewer.caching = 404, "no-store"

    until(lambda: visitor.get(PAGE).status_code == 404)

    assert [404, 404] == [visitor.get(PAGE).status_code for _ in range(2)]


@pytest.mark.parametrize(("path", "failing"), [(PAGE, 500), (MANIFEST, 503)])
def test_a_failing_app_is_hidden_as_long_as_it_allowed(
    visitor: httpx.Client, viewer: Viewer, path: str, failing: int
) -> None:
    """What is kept is shown; past its time, or where nothing is kept, the failure is told."""
    viewer.caching = "public, max-age=0, s-maxage=1, stale-if-error=2"
    visitor.get(path)
    viewer.status, viewer.caching = failing, "no-store"

    until(lambda: visitor.get(path).json()["number"] == 1 and len(viewer.asked) > 1)
    until(lambda: visitor.get(path).status_code == 503)

    assert int(visitor.get(path).headers["Retry-After"]) > 0
    assert 503 == visitor.get(path.replace("6f9619ff", "00000000")).status_code


def test_an_absent_app_is_hidden_too(
    visitor: httpx.Client, viewer: Viewer, entry: tuple[Edge, BelievingServer]
) -> None:
    """Kept pages open, with all their headers; what nobody opened before is a page that tries again."""
    visitor.get(PAGE)
    entry[1].__exit__()
    until(lambda: "STALE" in entry[0].log.read_text() or not visitor.get(PAGE).json())

    kept = visitor.get(PAGE)

    assert (200, {"number": 1}) == (kept.status_code, kept.json())
    assert ["DENY"] == kept.headers.get_list("X-Frame-Options")
    assert "try again by itself" in visitor.get(PAGE.replace("6f9619ff", "00000000")).text
