"""The page behind a printed code."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app.ar_content.models import ArContent
from app.core.database import session_scope
from app.viewer.template import TemplateBroken, read_template
from tests.support import people
from tests.support.contents import make_published, make_ready


def _manifest_in(page: str) -> dict[str, object]:
    found = re.search(r'id="arv-manifest">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    manifest: dict[str, object] = json.loads(found[1])
    return manifest


async def _expire() -> None:
    async with session_scope() as session:
        await session.execute(update(ArContent).values(status="expired"))


async def test_the_page_already_holds_its_manifest(
    built_pages: Path, app: FastAPI, tmp_path: Path
) -> None:
    """One round trip: the same manifest as the API's, every file of it there for anybody."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    visitor = people.client_of(app)

    page = await visitor.get(f"/ar/{content['public_id']}")
    manifest = (await visitor.get(f"/api/v1/viewer/{content['public_id']}/manifest")).json()

    assert manifest == _manifest_in(page.text)
    assert (1, content["public_id"], "First dance") == (
        manifest["version"],
        manifest["id"],
        manifest["title"],
    )
    for url in (
        manifest["target"]["url"],
        manifest["image"]["url"],
        manifest["image"]["thumbnail_url"],
        manifest["video"]["url"],
        manifest["video"]["poster_url"],
    ):
        assert 200 == (await visitor.get(url)).status_code
    assert (640, 480) == (manifest["target"]["width"], manifest["target"]["height"])


async def test_the_target_is_fetched_at_once(
    built_pages: Path, app: FastAPI, tmp_path: Path
) -> None:
    """A preload link names it, in the mode the script's fetch uses, or it would be fetched twice."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)

    page = (await owner.client.get(f"/ar/{content['public_id']}")).text

    url = escape(content["target"]["url"])
    link = f'<link rel="preload" as="fetch" crossorigin href="{url}">'
    assert link in page[: page.index("</head>")]


async def test_a_title_can_not_break_out_of_the_page(
    built_pages: Path, app: FastAPI, tmp_path: Path
) -> None:
    """Markup in a title stays text, in the manifest and in the page's own title."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    evil = "</script><script>alert(1)</script><!-- \\1 \\g<0>"
    await owner.patch(f"/contents/{content['id']}", json={"title": evil})

    page = (await owner.client.get(f"/ar/{content['public_id']}")).text

    assert evil == _manifest_in(page)["title"]
    assert "<script>alert" not in page
    assert 2 == page.count("<script")


async def test_the_pages_policy_allows_the_camera_and_nothing_inline(
    built_pages: Path, app: FastAPI, tmp_path: Path
) -> None:
    """WebAssembly, a worker and our own files; the built page's inline style by its hash."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)

    page = await owner.client.get(f"/ar/{content['public_id']}")

    policy = dict(
        part.strip().partition(" ")[::2]
        for part in page.headers["content-security-policy"].split(";")
    )
    style = b64encode(sha256(b"body{margin:0}").digest()).decode()
    assert "'none'" == policy["default-src"]
    assert "'self' 'wasm-unsafe-eval'" == policy["script-src"]
    assert f"'self' 'sha256-{style}'" == policy["style-src"]
    assert "'self' blob:" == policy["worker-src"] == policy["media-src"]
    assert "camera=(self)" in page.headers["permissions-policy"]


async def test_an_unchanged_page_is_not_sent_again(
    built_pages: Path, app: FastAPI, tmp_path: Path
) -> None:
    """304 by its ETag; another title or language is another page."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    path = f"/ar/{content['public_id']}"

    etag = (await owner.client.get(path)).headers["etag"]
    same = await owner.client.get(path, headers={"if-none-match": etag})
    russian = await owner.client.get(path, headers={"if-none-match": etag, "accept-language": "ru"})

    assert (304, b"") == (same.status_code, same.content)
    assert (200, "ru") == (russian.status_code, _manifest_in(russian.text)["language"])
    assert '<html lang="ru"' in russian.text
    assert "Accept-Language" == russian.headers["vary"]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_whoever_scans_what_is_not_there_reads_why(
    language: str, built_pages: Path, app: FastAPI, tmp_path: Path
) -> None:
    """Unknown, misprinted, draft and expired codes answer with a page in the visitor's language."""
    owner = await people.make_member(app)
    draft = await make_ready(owner, tmp_path)
    headers = {"accept-language": f"{language}-XX,de;q=0.9"}

    async def scan(code: object) -> httpx.Response:
        return await owner.client.get(f"/ar/{code}", headers=headers)

    pages = [await scan(code) for code in (uuid4(), "misprint", draft["public_id"])]
    await _expire()
    expired = await scan(draft["public_id"])

    title = {"en": "This print is resting", "ru": "Этот снимок отдыхает"}[language]
    assert [404] * 3 == [page.status_code for page in pages]
    assert 1 == len({page.text for page in pages})
    assert f"<h1>{title}</h1>" in pages[0].text
    assert f'<html lang="{language}">' in pages[0].text
    assert 410 == expired.status_code
    assert ("its time" if language == "en" else "Время") in expired.text


async def test_the_manifest_of_what_is_not_there_is_a_problem(
    built_pages: Path, app: FastAPI, tmp_path: Path
) -> None:
    """404 content_unknown for unknown and draft, the same; 410 content_expired after its time."""
    owner = await people.make_member(app)
    draft = await make_ready(owner, tmp_path)

    async def ask(code: object) -> tuple[int, str, str]:
        answer = await owner.client.get(f"/api/v1/viewer/{code}/manifest")
        return answer.status_code, answer.json()["code"], answer.json()["detail"]

    unknown, unpublished = await ask(uuid4()), await ask(draft["public_id"])
    await _expire()
    expired = await ask(draft["public_id"])

    assert unknown == unpublished
    assert (404, "content_unknown") == unknown[:2]
    assert (410, "content_expired") == expired[:2]


async def test_a_viewer_that_is_not_built_says_so(
    built_pages: Path, app: FastAPI, tmp_path: Path
) -> None:
    """503 with the command to run, instead of a crash."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    (built_pages / "viewer" / "dist" / "index.html").unlink()

    page = await owner.client.get(f"/ar/{content['public_id']}")

    assert 503 == page.status_code
    assert "make web" in page.text


def test_a_new_build_is_noticed(built_pages: Path) -> None:
    """The page is read once, and again when the file changes."""
    folder = built_pages / "viewer" / "dist"
    first = read_template(folder)
    (folder / "index.html").write_text(
        '<html><head></head><script type="application/json" id="arv-manifest">null</script></html>'
    )

    second = read_template(folder)

    assert first is not None
    assert second is not None
    assert first.html != second.html


def test_a_built_page_without_the_place_for_a_manifest_is_an_error(built_pages: Path) -> None:
    """A viewer that could never start is found at once, not by visitors."""
    folder = built_pages / "viewer" / "dist"
    (folder / "index.html").write_text("<html></html>")

    with pytest.raises(TemplateBroken):
        read_template(folder)


async def test_link_previews_may_ask_for_the_head_alone(
    built_pages: Path, app: FastAPI, tmp_path: Path
) -> None:
    """A messenger that sends HEAD before it shows the link gets the page's own answer."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    visitor = people.client_of(app)

    head = await visitor.head(f"/ar/{content['public_id']}")

    assert (200, "text/html; charset=utf-8") == (head.status_code, head.headers["content-type"])
