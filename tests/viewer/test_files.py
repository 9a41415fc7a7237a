"""Stored files and built pages, as the one-machine size serves them."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.core.clock import utcnow
from app.core.config import get_settings
from app.storage import links
from app.viewer import files
from tests.support import media, people
from tests.support.contents import make_content


async def test_a_video_is_served_in_ranges(app: FastAPI, tmp_path: Path) -> None:
    """Phones ask for pieces; iPhones play nothing without."""
    owner = await people.make_member(app)
    url = (await make_content(owner, tmp_path))["videos"][0]["url"]
    whole = await owner.client.get(url)

    piece = await owner.client.get(url, headers={"range": "bytes=100-199"})
    beyond = await owner.client.get(url, headers={"range": "bytes=99999999-"})

    assert ("video/mp4", "bytes") == (whole.headers["content-type"], whole.headers["accept-ranges"])
    assert (206, whole.content[100:200]) == (piece.status_code, piece.content)
    assert f"bytes 100-199/{len(whole.content)}" == piece.headers["content-range"]
    assert 416 == beyond.status_code


async def test_a_file_is_kept_by_the_browser_and_runs_nothing(app: FastAPI, tmp_path: Path) -> None:
    """Immutable, by nobody in between, of no other type, in a sandbox; unchanged it is not sent again."""
    owner = await people.make_member(app)
    url = (await make_content(owner, tmp_path))["image"]["url"]

    first = await people.client_of(app).get(url)
    again = await people.client_of(app).get(url, headers={"if-none-match": first.headers["etag"]})
    head = await people.client_of(app).head(url)

    assert "private, max-age=3600, immutable" == first.headers["cache-control"]
    assert "nosniff" == first.headers["x-content-type-options"]
    assert "sandbox" in first.headers["content-security-policy"]
    assert (304, b"") == (again.status_code, again.content)
    assert (200, b"", first.headers["content-length"]) == (
        head.status_code,
        head.content,
        head.headers["content-length"],
    )


async def test_an_address_ends_and_can_not_be_made_up(
    app: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without our signature 403, with another's too; past its end 410; the same for minutes before."""
    owner = await people.make_member(app)
    made = await make_content(owner, tmp_path)
    url, other = made["image"]["url"], made["videos"][0]["url"]
    path, query = url.split("?")

    client = people.client_of(app)
    bare, foreign = await client.get(path), await client.get(f"{path}?{other.split('?')[1]}")
    longer = await client.get(url.replace("?e=", "?e=9"))
    later = utcnow() + timedelta(seconds=get_settings().storage.link_seconds)
    monkeypatch.setattr(files, "utcnow", lambda: later)
    ended = await client.get(url)

    assert [(403, "link_invalid")] * 3 == [
        (answer.status_code, answer.json()["code"]) for answer in (bare, foreign, longer)
    ]
    assert (410, "link_ended") == (ended.status_code, ended.json()["code"])
    assert "no-store" in ended.headers.get("cache-control", "no-store")
    assert links.signed(path, utcnow()) == f"{path}?{query}"


@pytest.mark.parametrize(
    "path",
    [
        "/storage/%2e%2e/%2e%2e/etc/passwd",
        "/storage/..%2f..%2fetc/passwd",
        "/storage/.incoming/x.partial",
        "/storage/",
        "/storage/vertex-ar/portraits/ab/ab.jpg",
        "/storage/vertex-ar/portraits/%00",
    ],
)
async def test_nothing_but_stored_files_is_served(path: str, app: FastAPI) -> None:
    """Whatever is no key answers 404 as a problem."""
    answer = await people.client_of(app).get(path)

    assert 404 == answer.status_code


async def test_every_path_of_the_panel_is_its_one_page(built_pages: Path, app: FastAPI) -> None:
    """The panel finds out itself what a path means; its page is asked for anew each time."""
    client = people.client_of(app)

    for path in ("/", "/projects/42", "/sign-in"):
        page = await client.get(path)
        assert (200, "no-cache") == (page.status_code, page.headers["cache-control"])
        assert "<div id=root>" in page.text


async def test_built_files_are_sent_small_and_kept_for_ever(
    built_pages: Path, app: FastAPI
) -> None:
    """Hashed names are immutable; scripts and the engine come compressed to who reads gzip."""
    client = people.client_of(app)
    for path in ("/assets/main-1a2b.js", "/viewer/assets/main-1a2b.js"):
        zipped = await client.get(path)
        plain = await client.get(path, headers={"accept-encoding": "identity"})

        assert zipped.content == plain.content
        assert "gzip" == zipped.headers["content-encoding"]
        assert int(zipped.headers["content-length"]) < len(plain.content)
        assert len(gzip.compress(plain.content)) >= int(zipped.headers["content-length"])
        assert "immutable" in zipped.headers["cache-control"]
        assert zipped.headers["content-type"].startswith("text/javascript")
    engine = await client.get("/viewer/assets/engine-3c.wasm")
    assert "application/wasm" == engine.headers["content-type"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/unknown",
        "/api",
        "/assets/gone-9f.js",
        "/viewer/assets/gone-9f.js",
        "/viewer/index.html",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/%2e%2e/%2e%2e/%2e%2e/secret.txt",
        "/.env",
    ],
)
async def test_what_is_no_page_is_not_answered_with_one(
    path: str, built_pages: Path, app: FastAPI
) -> None:
    """Unknown API paths, lost assets, the empty viewer page, and everything outside the build."""
    answer = await people.client_of(app).get(path)

    assert 404 == answer.status_code
    assert "application/problem+json" == answer.headers["content-type"]


async def test_a_panel_that_is_not_built_says_so(built_pages: Path, app: FastAPI) -> None:
    """A newcomer who starts only the service reads what is missing."""
    (built_pages / "admin" / "dist" / "index.html").unlink()

    page = await people.client_of(app).get("/", headers={"accept-language": "ru"})

    assert 503 == page.status_code
    assert "make web" in page.text
    assert "Панель ещё не собрана" in page.text


async def test_a_stored_picture_is_what_was_sent(app: FastAPI, tmp_path: Path) -> None:
    """The served JPEG shows the picture that was uploaded."""
    owner = await people.make_member(app)
    made = await make_content(owner, tmp_path, image=media.photo(300, 200), has_video=False)

    served = await owner.client.get(made["image"]["url"])

    assert (b"\xff\xd8\xff", made["image"]["size_bytes"]) == (
        served.content[:3],
        len(served.content),
    )
