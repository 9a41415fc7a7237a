"""How a company's viewer looks."""

import io
from pathlib import Path

import pytest
from fastapi import FastAPI
from PIL import Image

from app.look.colors import contrast
from tests.support import people
from tests.support.contents import make_published

TEXTS = {
    "title": "Your day",
    "hint": "Point",
    "call_label": "Order",
    "call_url": "https://a.example/",
}


def logo(width: int = 1500, height: int = 300) -> bytes:
    """A half transparent PNG that says where it was made."""
    out = io.BytesIO()
    picture = Image.new("RGBA", (width, height), (255, 91, 58, 128))
    exif = Image.Exif()
    exif[0x010F] = "SecretMaker"
    picture.save(out, "PNG", exif=exif)
    return out.getvalue()


async def test_the_manifest_wears_the_company_s_look(app: FastAPI, tmp_path: Path) -> None:
    """Colours, logo and words reach the viewer, the words in the visitor's language."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    colors = {"accent_color": "#FF5B3A", "background_color": "#16181D", "ink_color": "#FAF7F2"}
    changed = await owner.patch("/look", json={**colors, "texts": {"ru": TEXTS}})
    shown = await owner.client.put(owner.path("/look/logo"), content=logo())

    path = f"/api/v1/viewer/{content['public_id']}/manifest"
    manifest = (await owner.client.get(path, headers={"Accept-Language": "ru"})).json()
    russian = manifest["company"]
    english = (await owner.client.get(path, headers={"Accept-Language": "en"})).json()["company"]

    assert (200, 200) == (changed.status_code, shown.status_code)
    assert colors == {name: russian[name] for name in colors}
    assert (1024, 205) == (russian["logo_width"], russian["logo_height"])
    assert shown.json()["logo"]["url"] == russian["logo_url"]
    assert {"title": "Your day", "hint": "Point"} == russian["texts"]
    assert {"label": "Order", "url": "https://a.example/"} == manifest["call_to_action"]
    assert {"title": None, "hint": None} == english["texts"]


async def test_a_logo_is_re_encoded(app: FastAPI) -> None:
    """WebP with its transparency and without its metadata; a second one lets the first go."""
    owner = await people.make_member(app)
    url = (await owner.client.put(owner.path("/look/logo"), content=logo())).json()["logo"]["url"]

    served = (await owner.client.get(url)).content
    removed = await owner.client.delete(owner.path("/look/logo"))
    look = (await owner.get("/look")).json()

    picture = Image.open(io.BytesIO(served))
    assert ("WEBP", "RGBA", 128) == (
        picture.format,
        picture.mode,
        picture.getchannel("A").getpixel((5, 5)),
    )
    assert b"SecretMaker" not in served
    assert (204, None) == (removed.status_code, look["logo"])


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"<svg/>", 415), (b"", 415), (logo(40, 40)[:60], 422), (bytes(6 * 1024**2), 413)],
)
async def test_what_is_no_logo_is_refused(app: FastAPI, content: bytes, status: int) -> None:
    """No SVG, nothing broken, nothing huge."""
    owner = await people.make_member(app)

    answer = await owner.client.put(owner.path("/look/logo"), content=content)

    assert status == answer.status_code


@pytest.mark.parametrize(
    "body",
    [
        {"background_color": "#FFFFFF", "ink_color": "#EEEEEE"},
        {"ink_color": "#F0F0F0"},
        {"background_color": "#FF5B3A", "accent_color": "#FF6B4A"},
        {"texts": {"en": {"call_label": "Buy", "call_url": "javascript:alert(1)"}}},
        {"texts": {"en": {"call_label": "Buy", "call_url": "http://shop.example"}}},
        {"texts": {"en": {"call_label": "Buy"}}},
        {"texts": {"de": {"title": "Tag"}}},
        {"texts": {"en": {"title": "a\nb"}}},
    ],
)
async def test_looks_nobody_can_use_are_refused(app: FastAPI, body: dict[str, object]) -> None:
    """Words that could not be read, and calls that lead anywhere but to https."""
    owner = await people.make_member(app)

    answer = await owner.patch("/look", json=body)

    assert 422 == answer.status_code
    assert {} == {k: v for k, v in (await owner.get("/look")).json()["texts"].items() if v}


async def test_a_stale_look_is_not_written_over(app: FastAPI) -> None:
    """Who saw an older look is told so (412)."""
    owner = await people.make_member(app)
    await owner.patch("/look", json={"background_color": "#16181D", "ink_color": "#FFFFFF"})
    etag = (await owner.get("/look")).headers["ETag"]
    await owner.patch("/look", json={"ink_color": "#FAF7F2"})

    late = await owner.patch("/look", json={"ink_color": "#FFFFFF"}, headers={"If-Match": etag})

    assert (412, "precondition_failed") == (late.status_code, late.json()["code"])


def test_contrast_is_what_the_standard_says() -> None:
    """Black on white is 21; the examples of WCAG's own understanding page."""
    assert 21 == pytest.approx(contrast("#000000", "#FFFFFF"))
    assert 4.54 == pytest.approx(contrast("#767676", "#FFFFFF"), abs=0.01)
