"""The printed code."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import RectangleObject

from app.ar_content import qr
from tests.support import people
from tests.support.codes import read_code
from tests.support.contents import make_content

LINK = "https://ar.example.com/ar/2f1c7c8e-6f0e-4b7e-9d3a-5b1f6c1f8a11"


def _from_svg(svg: str, dots: int = 8) -> Image.Image:
    """The squares of the SVG, painted."""
    found = re.search(r'viewBox="0 0 (\d+)', svg)
    assert found is not None
    side = int(found[1])
    pixels = np.full((side, side), 255, np.uint8)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg):
        pixels[int(y), int(x) : int(x) + int(length)] = 0
    return Image.fromarray(pixels).resize((side * dots, side * dots), Image.Resampling.NEAREST)


def _from_pdf(pdf: bytes, dots: int = 8) -> Image.Image:
    """The squares of the PDF, painted; its y axis points up."""
    drawing = PdfReader(io.BytesIO(pdf)).pages[0].get_contents()
    assert drawing is not None
    squares = re.findall(r"^(\d+) (\d+) (\d+) 1 re$", drawing.get_data().decode(), re.MULTILINE)
    side = max(int(x) + int(length) for x, _, length in squares) + qr.QUIET_ZONE_MODULES
    pixels = np.full((side, side), 255, np.uint8)
    for x, y, length in squares:
        pixels[side - 1 - int(y), int(x) : int(x) + int(length)] = 0
    return Image.fromarray(pixels).resize((side * dots, side * dots), Image.Resampling.NEAREST)


def test_a_scanner_reads_the_link_in_every_format() -> None:
    """SVG, PNG and PDF hold the same code."""
    svg = qr.draw(LINK, file_format="svg", size_mm=30).data.decode()
    png = qr.draw(LINK, file_format="png", size_mm=30).data
    pdf = qr.draw(LINK, file_format="pdf", size_mm=30, bleed_mm=3).data

    assert LINK == read_code(_from_svg(svg))
    assert LINK == read_code(Image.open(io.BytesIO(png)))
    assert LINK == read_code(_from_pdf(pdf))


def test_a_dirty_code_is_still_read() -> None:
    """A spot over a twentieth of the code does not matter (error correction Q: up to a quarter)."""
    picture = Image.open(io.BytesIO(qr.draw(LINK, file_format="png", size_mm=30).data)).convert("L")
    side = picture.width
    picture.paste(255, (side // 2, side // 2, side // 2 + side // 6, side // 2 + side // 4))

    assert LINK == read_code(picture)


def test_the_pdf_is_cut_to_the_size_asked_for_with_bleed_beyond() -> None:
    """40 mm between the cuts, 3 mm of white on each side, in points of 1/72 inch."""
    page = PdfReader(
        io.BytesIO(qr.draw(LINK, file_format="pdf", size_mm=40, bleed_mm=3).data)
    ).pages[0]

    def millimetres(box: RectangleObject) -> list[float]:
        return [round(float(value) / 72 * 25.4, 3) for value in box]

    assert [0, 0, 46, 46] == millimetres(page.mediabox)
    assert [0, 0, 46, 46] == millimetres(page.bleedbox)
    assert [3, 3, 43, 43] == millimetres(page.trimbox)


def test_the_quiet_zone_is_part_of_every_file() -> None:
    """Four white modules around the code, which scanners need."""
    picture = _from_svg(qr.draw(LINK, file_format="svg", size_mm=30).data.decode(), dots=1)
    pixels = np.asarray(picture)

    assert pixels[:4].min() == pixels[-4:].min() == pixels[:, :4].min() == 255
    assert pixels[4, 4] == 0


def test_the_svg_says_its_size_in_millimetres() -> None:
    """Placed in a layout it has the right size without scaling."""
    svg = qr.draw(LINK, file_format="svg", size_mm=25).data.decode()

    assert 'width="25mm" height="25mm"' in svg


@pytest.mark.parametrize("size_mm", [10, 30, 100])
def test_the_png_is_dense_enough_for_print(size_mm: float) -> None:
    """At its stated density the PNG is as large as asked for, and 500 dots an inch or more."""
    picture = Image.open(io.BytesIO(qr.draw(LINK, file_format="png", size_mm=size_mm).data))

    dots_per_inch = picture.info["dpi"][0]
    assert size_mm == pytest.approx(picture.width / dots_per_inch * 25.4, rel=0.01)
    assert dots_per_inch > 500


async def test_the_code_is_downloaded_under_the_contents_name(app: FastAPI, tmp_path: Path) -> None:
    """A readable file name, also in Russian, and the content's own link inside."""
    owner = await people.make_member(app)
    made = await make_content(owner, tmp_path, has_video=False)
    await owner.patch(f"/contents/{made['id']}", json={"title": 'Первый танец / "A"'})

    answer = await owner.get(f"/contents/{made['id']}/qr.png")

    disposition = answer.headers["content-disposition"]
    assert "image/png" == answer.headers["content-type"]
    assert disposition.startswith("attachment; filename=\"A QR.png\"; filename*=UTF-8''%D0%9F")
    assert made["public_url"] == read_code(Image.open(io.BytesIO(answer.content)))


@pytest.mark.parametrize("query", ["size_mm=5", "size_mm=2000", "bleed_mm=-1", "size_mm=nan"])
async def test_sizes_nobody_prints_are_refused(query: str, app: FastAPI, tmp_path: Path) -> None:
    """422 outside 10 to 1000 mm and 0 to 20 mm of bleed."""
    owner = await people.make_member(app)
    made = await make_content(owner, tmp_path, has_video=False)

    answer = await owner.get(f"/contents/{made['id']}/qr.pdf?{query}")

    assert 422 == answer.status_code
