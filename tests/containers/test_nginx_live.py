"""nginx run for real: who answers what, with which headers, limits and caching."""

import hashlib
import json
import socket
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.core.clock import utcnow
from app.core.http import SECURITY_HEADERS
from app.storage import links
from tests.containers.edge import Edge
from tests.support.settings import LINK_SECRET, applied
from tests.support.stack import RunningStack

UPLOAD = "/api/v1/companies/01890000-0000-7000-8000-000000000000/uploads"
PRINT = "01890000-0000-7000-8000-000000000001"
MEGABYTE = 1024 * 1024

# One address for each location of nginx.conf, and the status it gives to a stranger.
LOCATIONS = {
    "/api/v1/auth/me": 401,
    "/api/health/status": 200,
    "/api/v1/viewer/00000000-0000-4000-8000-000000000000/manifest": 404,
    "/ar/00000000-0000-4000-8000-000000000000": 404,
    "/viewer/index.html": 404,
    "/viewer/assets/index-B4dC0ffe.js": 200,
    "/viewer/assets/none.js": 404,
    "/metrics": 404,
    "/docs": 200,
    "/redoc": 200,
    "/openapi.json": 200,
    "/storage/none.jpg": 403,
    "/": 200,
    "/projects/unknown-to-the-server": 200,
    "/assets/index-B4dC0ffe.js": 200,
    "/assets/none.js": 404,
    "/.git/config": 404,
}


def store(
    stack: RunningStack,
    name: str,
    content: bytes,
    *,
    folder: str = "portraits",
    at: datetime | None = None,
) -> str:
    """A file in the content folder; its address, signed at that moment."""
    file = stack.storage / "company" / folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    with applied({"STORAGE_LINK_SECRET": LINK_SECRET}):
        return links.signed(f"/storage/company/{folder}/{name}", at or utcnow())


def logged_as(request_id: str, log: Path) -> dict[str, Any]:
    """The line of the access log with this id; nginx writes it a moment after the answer."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        for line in log.read_text().splitlines():
            if request_id in line:
                logged: dict[str, Any] = json.loads(line)
                return logged
        time.sleep(0.02)
    raise AssertionError(f"{request_id} is not in\n{log.read_text()}")


def declare_upload(client: httpx.Client, size_bytes: int) -> str:
    """What nginx answers within a second to an upload that says its size and sends nothing."""
    head = f"POST {UPLOAD} HTTP/1.1\r\nHost: arv\r\nContent-Length: {size_bytes}\r\n\r\n"
    address = (client.base_url.host, client.base_url.port or 80)
    with socket.create_connection(address, timeout=1) as connection:
        connection.sendall(head.encode())
        try:
            return connection.recv(65536).decode()
        except TimeoutError:
            return ""


@pytest.mark.parametrize(("path", "status"), LOCATIONS.items())
def test_every_location_answers_with_every_security_header_once(
    client: httpx.Client, path: str, status: int
) -> None:
    """No location is forgotten, success or failure, and nothing is said twice."""
    answer = client.get(path)

    assert answer.status_code == status
    for name in (*SECURITY_HEADERS, "X-Request-ID", "Cache-Control"):
        assert len(answer.headers.get_list(name)) == 1, name
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-XSS-Protection"] == "0"


def test_the_panel_has_the_policy_of_the_app(client: httpx.Client) -> None:
    """Served by nginx or by the app alone, the panel may do the same."""
    answer = client.get("/")

    assert {name: answer.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_a_header_of_the_app_is_left_alone(believing: httpx.Client) -> None:
    """What the app has said itself is neither doubled nor replaced."""
    assert believing.get("/api/v1/x").headers.get_list("X-Frame-Options") == ["SAMEORIGIN"]


def test_the_panel_is_one_page_whose_parts_are_kept(client: httpx.Client) -> None:
    """The page is asked for again each time, its hashed parts are kept for a year and compressed."""
    page = client.get("/companies/any/deep/link")
    part = client.get("/assets/index-B4dC0ffe.js", headers={"Accept-Encoding": "gzip"})

    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-cache"
    assert part.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert part.headers["Content-Encoding"] == "gzip"
    assert client.get("/assets/none.js").headers["Cache-Control"] == "no-store"


def test_stored_files_are_immutable_sandboxed_and_ranged(
    client: httpx.Client, running_stack: RunningStack
) -> None:
    """Nginx serves the file itself, parts of it too, and it can do nothing in a browser."""
    content = bytes(range(256)) * 40
    path = store(running_stack, f"{hashlib.sha256(content).hexdigest()}.mp4", content)

    part = client.get(path, headers={"Range": "bytes=100-199"})

    assert (part.status_code, part.content) == (206, content[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(content)}"
    assert part.headers["Content-Type"] == "video/mp4"
    assert part.headers["Cache-Control"] == "private, max-age=3600, immutable"
    assert part.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_addresses_of_files_end_and_can_not_be_made_up(
    client: httpx.Client, running_stack: RunningStack
) -> None:
    """Nginx checks what the app signed: 403 for any other address, 410 past the end."""
    long_ago = utcnow() - timedelta(hours=1)
    good = store(running_stack, "a.jpg", b"picture")
    ended = store(running_stack, "a.jpg", b"picture", at=long_ago)
    other = store(running_stack, "b.jpg", b"other").partition("?")[2]
    bare = good.partition("?")[0]

    refused = [client.get(url) for url in (bare, f"{bare}?{other}", good.replace("e=", "e=9"))]
    assert client.get(good).content == b"picture"
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [
        (403, "link_invalid")
    ] * 3
    assert (410, "link_ended") == (client.get(ended).status_code, client.get(ended).json()["code"])
    assert client.get(ended).headers["Cache-Control"] == "no-store"


def test_what_people_sent_is_never_given_out(
    client: httpx.Client, running_stack: RunningStack
) -> None:
    """Raw uploads lie in the same folder; not even a signature opens them."""
    assert client.get(store(running_stack, "a.mov", b"raw", folder="sources")).status_code == 404


@pytest.mark.parametrize("name", ["evil.html", "evil.svg", "evil.js", "evil.xml"])
def test_stored_files_of_other_kinds_are_bytes(
    client: httpx.Client, running_stack: RunningStack, name: str
) -> None:
    """A page or a drawing that came there somehow is not shown as one."""
    answer = client.get(store(running_stack, name, b"<script>alert(1)</script>"))

    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_unfinished_and_hidden_files_are_not_there(
    client: httpx.Client, running_stack: RunningStack
) -> None:
    """What is still being written, or begins with a dot, is nobody's."""
    unfinished = store(running_stack, "half.mp4.partial", b"half")
    hidden = store(running_stack, ".secret.mp4", b"secret")

    assert [client.get(path).status_code for path in (unfinished, hidden)] == [404, 404]


def test_stored_files_can_not_be_left_or_changed(client: httpx.Client, edge: Edge) -> None:
    """No path leads out of the folder, and no method but reading is allowed."""
    outside = httpx.URL(edge.url).copy_with(raw_path=b"/storage/../../../etc/passwd")
    encoded = httpx.URL(edge.url).copy_with(raw_path=b"/storage/%2e%2e/%2e%2e/etc/passwd")

    assert "root:" not in client.get(outside).text
    assert "root:" not in client.get(encoded).text
    assert client.put("/storage/x.jpg", content=b"x").status_code == 403


def test_too_many_requests_are_told_when_to_come_back(believing: httpx.Client) -> None:
    """Past 100 a minute and the burst: 429, Retry-After, a problem document, all headers."""
    answers = [believing.get("/api/v1/companies") for _ in range(115)]
    refused = [answer for answer in answers if answer.status_code == 429]

    assert refused
    assert [answer.status_code for answer in answers[:100]] == [200] * 100
    assert int(refused[0].headers["Retry-After"]) > 0
    assert refused[0].headers["Content-Type"] == "application/problem+json"
    assert refused[0].json()["code"] == "too_many_requests"
    assert refused[0].headers["X-Frame-Options"] == "DENY"
    assert refused[0].headers["Cache-Control"] == "no-store"


def test_one_account_does_not_use_up_anothers_budget(believing: httpx.Client) -> None:
    """Two people behind one address are counted apart; health and viewers are not in their way."""
    busy = {"Cookie": "arv_session=first-session-0123456789"}
    quiet = {"Cookie": "arv_session=other-session-0123456789"}
    statuses = [believing.get("/api/v1/companies", headers=busy).status_code for _ in range(110)]

    assert statuses[-1] == 429
    assert believing.get("/api/v1/companies", headers=quiet).status_code == 200
    assert believing.get("/api/health/status", headers=busy).status_code == 200
    assert believing.get("/ar/some-print", headers=busy).status_code == 200


def test_programs_are_counted_by_their_api_key(believing: httpx.Client) -> None:
    """Two keys behind one address are counted apart, and apart from whoever has none."""
    busy, quiet = ({"Authorization": f"Bearer arv_{letter * 32}_secret"} for letter in "ab")
    statuses = [believing.get("/api/v1/companies", headers=busy).status_code for _ in range(115)]

    assert statuses[:100] == [200] * 100
    assert statuses[-1] == 429
    assert believing.get("/api/v1/companies", headers=quiet).status_code == 200
    assert believing.get("/api/v1/companies").status_code == 200


def test_invented_sessions_do_not_help(believing: httpx.Client) -> None:
    """Every address has a budget of its own beside that of its accounts."""
    statuses = [
        believing.get(
            "/api/v1/x", headers={"Cookie": f"arv_session=invented-session-{n:08}"}
        ).status_code
        for n in range(600)
    ]

    assert 429 in statuses


@pytest.mark.parametrize(
    "path",
    [
        "auth/sign-in",
        "auth/second-factor",
        "auth/confirm",
        "auth/password",
        "auth/password-reset",
        "auth/password-reset/confirm",
        "invitations/accept",
    ],
)
def test_guessing_secrets_is_slow(believing: httpx.Client, path: str) -> None:
    """Secrets are counted strictly by address, whatever session the guesser shows."""
    statuses = [
        believing.post(
            f"/api/v1/{path}", headers={"Cookie": f"arv_session=invented-session-{n:08}"}
        ).status_code
        for n in range(20)
    ]

    assert statuses[:10] == [200] * 10
    assert statuses[-1] == 429


def test_only_the_routes_for_files_take_large_bodies(believing: httpx.Client) -> None:
    """A body of 2 MB passes there, as a logo and as a table; more than 500 MB is refused unread."""
    body = b"x" * (2 * MEGABYTE)

    assert believing.post(UPLOAD, content=body).json()["size"] == len(body)
    assert believing.post(f"{UPLOAD}/tus", content=body).json()["size"] == len(body)
    assert believing.patch(f"{UPLOAD}/tus/{PRINT}", content=body).json()["size"] == len(body)
    for small in ("look/logo", "projects/1/imports", "projects/1/imports/check"):
        address = UPLOAD.replace("uploads", small)
        assert believing.put(address, content=body).json()["size"] == len(body)
        assert believing.put(address, content=body * 4).status_code == 413
    assert believing.post("/api/v1/companies", content=body).status_code == 413
    assert believing.post("/ar/some-print", content=body).status_code == 413


def test_more_than_500_mb_are_refused_unread(believing: httpx.Client) -> None:
    """The size a client declares is enough to refuse it; 500 MB themselves are waited for."""
    assert "413 Request Entity Too Large" in declare_upload(believing, 500 * MEGABYTE + 1)
    assert "payload_too_large" in declare_upload(believing, 500 * MEGABYTE + 1)
    assert declare_upload(believing, 500 * MEGABYTE) == ""


def test_a_body_of_undeclared_size_is_counted(believing: httpx.Client) -> None:
    """A client that does not say how much it sends is cut off all the same."""
    chunks = (b"x" * MEGABYTE for _ in range(3))

    assert believing.post("/api/v1/companies", content=chunks).status_code == 413


def test_forged_addresses_are_not_believed(believing: httpx.Client) -> None:
    """Whatever a client claims about itself, the app sees who connected to nginx."""
    forged = {
        "X-Forwarded-For": "203.0.113.7",
        "X-Real-IP": "203.0.113.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "for=203.0.113.7;host=evil.example",
    }
    believed = believing.get("/api/v1/x", headers=forged).json()

    assert (believed["client"], believed["scheme"]) == ("127.0.0.1", "http")
    assert "203.0.113.7" not in json.dumps(believed)
    assert "evil.example" not in json.dumps(believed)


def test_an_app_without_nginx_before_it_would_believe_them(believing: httpx.Client) -> None:
    """The test above can fail: what connects from the trusted address is believed word for word."""
    port = believing.get("/api/v1/x").json()["port"]
    forged = {"X-Forwarded-For": "203.0.113.7"}
    answer = httpx.get(f"http://127.0.0.1:{port}/", headers=forged, trust_env=False)

    assert answer.json()["client"] == "203.0.113.7"


def test_a_request_has_one_id_from_end_to_end(believing: httpx.Client, tmp_path: Path) -> None:
    """Nginx makes it, the app gets it, the answer carries it, the log holds it as JSON."""
    answer = believing.get("/api/v1/x?secret=1", headers={"User-Agent": 'a "quoted" agent'})
    request_id = answer.headers["X-Request-ID"]
    logged = logged_as(request_id, tmp_path / "edge" / "nginx.log")

    assert answer.json()["headers"]["x-request-id"] == request_id
    assert (logged["path"], logged["status"]) == ("/api/v1/x", 200)
    assert logged["agent"] == 'a "quoted" agent'


def test_an_absent_app_is_a_clear_answer(without_app: httpx.Client) -> None:
    """Programs get a problem with Retry-After, people a page that tries again; the panel still loads."""
    api, viewer = without_app.get("/api/v1/auth/me"), without_app.get("/ar/some-print")

    assert (api.status_code, api.json()["code"]) == (503, "service_unavailable")
    assert int(api.headers["Retry-After"]) > 0
    assert (viewer.status_code, viewer.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert "try again by itself" in viewer.text
    assert without_app.get("/").status_code == 200


def test_nginx_tells_how_it_is_at_a_server_of_its_own(without_app: httpx.Client) -> None:
    """What the exporter asks: connections and requests. The published server knows no such page."""
    told = without_app.get("/status", headers={"Host": "status.internal"})

    assert "Active connections: 1" in told.text
    assert 404 == without_app.get("/other", headers={"Host": "status.internal"}).status_code
    assert "Active connections" not in without_app.get("/status").text
