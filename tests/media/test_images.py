"""Pictures made fit to serve."""

import io
import time
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from app.core.files import sniff_media_type
from app.media.errors import ImageBroken, ImageTooLarge, ImageTypeRefused
from app.media.images import LONGEST_SIDE, ServedImage, prepare_image
from tests.support import media

MEGAPIXELS_50 = 50_000_000


async def _prepare(content: bytes, folder: Path) -> ServedImage:
    source = folder / "source.partial"
    source.write_bytes(content)
    return await prepare_image(
        source, sniff_media_type(content[:64]), folder, max_pixels=MEGAPIXELS_50
    )


async def test_where_a_photo_was_taken_is_not_served(tmp_path: Path) -> None:
    """Nothing of the EXIF block, place and phone included, is in the served file."""
    original = media.photo()
    assert b"SecretPhoneMaker" in original

    served = await _prepare(original, tmp_path)

    assert b"SecretPhoneMaker" not in served.path.read_bytes()
    with Image.open(served.path) as picture:
        assert dict(picture.getexif()) == {}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_each_accepted_kind_becomes_a_jpeg_with_a_small_webp(
    kind: str, tmp_path: Path
) -> None:
    """JPEG, PNG and WebP are served as JPEG of the same size with a WebP thumbnail."""
    served = await _prepare(media.photo(800, 600, kind=kind), tmp_path)

    with Image.open(served.path) as picture, Image.open(served.thumbnail_path) as thumbnail:
        assert ("JPEG", (800, 600)) == (picture.format, picture.size)
        assert ("WEBP", (640, 480)) == (thumbnail.format, thumbnail.size)


async def test_a_heic_photo_of_an_iphone_is_accepted(tmp_path: Path) -> None:
    """HEIC is decoded and served as JPEG, looking the same."""
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(media.textured())).save(out, quality=90)

    served = await _prepare(out.getvalue(), tmp_path)

    with Image.open(served.path) as picture:
        difference = np.asarray(picture, np.int16) - media.textured()
    assert (640, 480) == (served.width, served.height)
    assert np.abs(difference).mean() < 12  # two lossy codings; a wrong picture differs by 80


async def test_a_photo_taken_sideways_is_turned_upright(tmp_path: Path) -> None:
    """Orientation 6 (turn right) swaps width and height and puts the first row at the right."""
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:10] = 255
    exif = Image.Exif()
    exif[media.ORIENTATION_TAG] = 6
    sideways = media.encoded(Image.fromarray(pixels), "JPEG", exif=exif, quality=95)

    served = await _prepare(sideways, tmp_path)

    assert (40, 80) == (served.width, served.height)
    with Image.open(served.path) as picture:
        upright = np.asarray(picture.convert("L"))
    assert upright[:, -5:].mean() > 240
    assert upright[:, :20].mean() < 15


async def test_a_colour_profile_is_applied(tmp_path: Path) -> None:
    """A profile that exchanges red and green turns a red picture into a green one."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exchanged = (
        profile.replace(b"rXYZ", b"____").replace(b"gXYZ", b"rXYZ").replace(b"____", b"gXYZ")
    )
    red = media.encoded(Image.new("RGB", (64, 64), (255, 0, 0)), "PNG", icc_profile=exchanged)

    served = await _prepare(red, tmp_path)

    with Image.open(served.path) as picture:
        shown = np.asarray(picture)[32, 32]
    assert np.abs(shown - np.array([0, 255, 0])).max() < 6  # JPEG and rounding


async def test_a_transparent_logo_stands_on_white_paper(tmp_path: Path) -> None:
    """What is transparent is printed as paper, so it is served white."""
    logo = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    logo.paste((255, 0, 0, 255), (16, 16, 48, 48))

    served = await _prepare(media.encoded(logo, "PNG"), tmp_path)

    with Image.open(served.path) as picture:
        corner = np.asarray(picture)[2, 2]
    assert corner.min() > 245


async def test_a_print_shops_cmyk_photo_is_served_in_rgb(tmp_path: Path) -> None:
    """CMYK, which browsers show wrongly, becomes RGB."""
    cmyk = media.encoded(Image.new("CMYK", (64, 64), (0, 255, 255, 0)), "JPEG")

    served = await _prepare(cmyk, tmp_path)

    with Image.open(served.path) as picture:
        assert "RGB" == picture.mode
        red, green, blue = np.asarray(picture)[32, 32]
    assert red > 180
    assert max(green, blue) < 90


async def test_sixteen_bits_deep_becomes_eight(tmp_path: Path) -> None:
    """A 16-bit grey PNG keeps its brightness."""
    deep = Image.fromarray(np.full((64, 64), 0x8000, np.uint16))

    served = await _prepare(media.encoded(deep, "PNG"), tmp_path)

    with Image.open(served.path) as picture:
        assert 128 == pytest.approx(np.asarray(picture).mean(), abs=2)


async def test_a_poster_scan_is_scaled_to_what_phones_need(tmp_path: Path) -> None:
    """The long side is at most 4096 pixels, the shape stays."""
    served = await _prepare(media.encoded(Image.new("L", (8000, 2000), 90), "PNG"), tmp_path)

    assert (LONGEST_SIDE, 1024) == (served.width, served.height)


async def test_too_many_pixels_are_refused_before_decoding(tmp_path: Path) -> None:
    """A 20,000 x 20,000 PNG is refused by its header, at once, and told its size."""
    content = media.huge_png()
    started = time.perf_counter()

    with pytest.raises(ImageTooLarge) as refusal:
        await _prepare(content, tmp_path)

    assert "20,000 x 20,000" in refusal.value.detail
    assert time.perf_counter() - started < 5  # most of it is the child's start on a busy machine


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
async def test_a_photo_cut_short_is_broken(share: float, tmp_path: Path) -> None:
    """A JPEG that was not sent whole is refused, wherever it ends."""
    whole = media.photo()

    with pytest.raises(ImageBroken):
        await _prepare(whole[: int(len(whole) * share)], tmp_path)


async def test_noise_behind_a_signature_is_broken(tmp_path: Path) -> None:
    """The first bytes of a PNG do not make a picture."""
    with pytest.raises(ImageBroken):
        await _prepare(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, tmp_path)


@pytest.mark.parametrize(
    "content", [b"Dear Sirs, please find the photo attached.", b"GIF89a" + b"\0" * 99, b"<svg/>"]
)
async def test_what_is_no_accepted_picture_is_refused_by_its_content(
    content: bytes, tmp_path: Path
) -> None:
    """Text, GIF and SVG are refused whatever they are called."""
    with pytest.raises(ImageTypeRefused, match="JPEG, PNG, WebP or HEIC"):
        await _prepare(content, tmp_path)
