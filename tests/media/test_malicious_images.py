"""Pictures made to harm: bombs, polyglots, wrong kinds and hostile names."""

import asyncio
import time
from pathlib import Path

import pytest
from fastapi import FastAPI
from PIL import Image

from app.core.files import sniff_media_type
from app.media.errors import ImageBroken
from app.media.images import ServedImage, prepare_image
from app.storage.opening import local_storage
from tests.support import hostile, media, people
from tests.support.contents import upload

MEGAPIXELS_50 = 50_000_000
GIF_BOMB = b"GIF89a\xff\xff\xff\xff\x80\0\0" + b"\0" * 600


async def _prepare(content: bytes, folder: Path) -> ServedImage:
    source = folder / "source.partial"
    source.write_bytes(content)
    return await prepare_image(
        source, sniff_media_type(content[:64]), folder, max_pixels=MEGAPIXELS_50
    )


@pytest.mark.parametrize(
    ("content", "hidden"),
    [(hostile.jpeg_and_zip(), b"PK\x03\x04"), (hostile.jpeg_with_page(), b"<script>")],
    ids=["zip", "page"],
)
async def test_what_hides_in_a_photo_is_not_served(
    content: bytes, hidden: bytes, tmp_path: Path
) -> None:
    """The picture is accepted, and made anew: an archive behind it or a page in it stays away."""
    assert hidden in content

    got = await _prepare(content, tmp_path)

    for path in (got.path, got.thumbnail_path):
        assert hidden not in path.read_bytes()
    with Image.open(got.path) as picture:
        assert (64, 64) == picture.size


async def test_each_hostile_picture_gets_its_answer_from_the_api(app: FastAPI) -> None:
    """Status and code, soon; afterwards the service works and nothing is left of them."""
    owner = await people.make_member(app)
    expected = {
        "PNG bomb": (media.huge_png(), 422, "image_too_large"),
        "GIF bomb": (GIF_BOMB, 415, "image_type_refused"),
        "WebP bomb": (hostile.webp_bomb(), 422, "image_too_large"),
        "HEIC bomb": (hostile.heic_bomb(), 422, "image_too_large"),
        "HEIC of noise": (hostile.heic()[:64] + bytes(range(256)) * 40, 422, "image_broken"),
        "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', 415, "image_type_refused"),
        "HTML": (b"<html><script>alert(1)</script></html>", 415, "image_type_refused"),
        "PDF and JPEG": (hostile.pdf_and_jpeg(), 415, "image_type_refused"),
        "PNG in name only": (b"\x89PNG\r\n\x1a\n" + b"\0" * 999, 422, "image_broken"),
        "endless JPEG": (b"\xff\xd8\xff\xe0" + b"\xff\xe1\0\2" * 500_000, 422, "image_broken"),
    }
    for name, (content, status, code) in expected.items():
        started = time.monotonic()
        answer = await upload(owner, content, filename=f"{name}.jpg")
        assert (name, status, code) == (name, answer.status_code, answer.json()["code"])
        assert time.monotonic() - started < 20, name
    assert [] == [path for path in local_storage().root.rglob("*") if path.is_file()]
    assert 201 == (await upload(owner, media.photo(64, 64))).status_code


async def test_a_profile_that_unpacks_to_hundreds_of_megabytes_takes_nothing(
    tmp_path: Path,
) -> None:
    """The colour profile is read within limits; the picture is served or refused, soon."""
    started = time.monotonic()

    [got] = await asyncio.gather(_prepare(hostile.profile_bomb(), tmp_path), return_exceptions=True)

    assert isinstance(got, ServedImage | ImageBroken)
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/absolute/photo.jpg", "photo.jpg"),
        ("nul\0byte.jpg", "nulbyte.jpg"),
        ("line\r\nSet-Cookie: a=b.jpg", "lineSet-Cookie: a=b.jpg"),
        ("\u202egpj.exe", "gpj.exe"),
        ("снимок № 1.jpg", "снимок № 1.jpg"),
        ("<script>alert(1)<%2Fscript>.jpg", "<script>alert(1)<%2Fscript>.jpg"),
        ("...", "..."),
        ("\x01\x02", "file"),
    ],
)
async def test_a_name_is_only_ever_words(sent: str, kept: str, app: FastAPI) -> None:
    """Paths, control and direction characters are taken away; no name becomes a file's name."""
    owner = await people.make_member(app)

    answer = await upload(owner, media.photo(64, 64), filename=sent)

    assert (201, kept) == (answer.status_code, answer.json()["filename"])
    names = [path.name for path in local_storage().root.rglob("*") if path.is_file()]
    assert all(len(name.split(".")[0]) == 64 for name in names)


async def test_a_name_of_ten_thousand_letters_is_refused(app: FastAPI) -> None:
    """422 names the parameter; not a byte of the body was kept."""
    owner = await people.make_member(app)

    answer = await upload(owner, media.photo(64, 64), filename="x" * 10_000)

    assert (422, "invalid") == (answer.status_code, answer.json()["code"])
    assert [] == [path for path in local_storage().root.rglob("*") if path.is_file()]
