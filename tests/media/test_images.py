"""Pictures made fit to serve."""

import io
import struct
import time
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from app.core.files import sniff_media_type
from app.media.child_process import run_child
from app.media.errors import ImageBroken, ImageTooLarge, ImageTypeRefused
from app.media.images import DECODERS, LONGEST_SIDE, ServedImage, prepare_image
from tests.support import media

MEGAPIXELS_50 = 50_000_000
# How the pixels of an upright picture lie in a file of each orientation (EXIF 2.3, tag 0x0112).
HELD = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
# XYZ of Display P3's primaries, adapted to D50 as profiles hold them.
DISPLAY_P3 = {
    b"rXYZ": (0.51512, 0.24120, -0.00105),
    b"gXYZ": (0.29198, 0.69225, 0.04189),
    b"bXYZ": (0.15710, 0.06657, 0.78407),
}


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


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_a_photo_is_upright_whichever_way_the_phone_was_held(
    orientation: int, tmp_path: Path
) -> None:
    """All eight of EXIF's orientations, mirrored ones included: the marked corner is at the top left."""
    upright = np.zeros((40, 80, 3), np.uint8)
    upright[:20, :20] = 255
    exif = Image.Exif()
    exif[media.ORIENTATION_TAG] = orientation
    held = Image.fromarray(upright)
    if orientation in HELD:
        held = held.transpose(HELD[orientation])
    sent = media.encoded(held, "JPEG", exif=exif, quality=95)

    served = await _prepare(sent, tmp_path)

    assert (80, 40) == (served.width, served.height)
    for path in (served.path, served.thumbnail_path):
        with Image.open(path) as picture:
            shown = np.asarray(picture.convert("L"), np.int16)
        assert shown[:16, :16].min() > 200
        assert shown[24:].max() < 60
        assert shown[:, 24:].max() < 60


async def test_the_colours_of_an_iphone_are_kept(tmp_path: Path) -> None:
    """Display P3: a red that sRGB has too looks the same, though its numbers are others."""
    picture = Image.new("RGB", (64, 64), (234, 51, 35))  # sRGB's (255, 0, 0), written in P3
    sent = media.encoded(picture, "PNG", icc_profile=_display_p3())

    served = await _prepare(sent, tmp_path)

    with Image.open(served.path) as shown:
        red = np.asarray(shown, np.int16)[32, 32]
    assert np.abs(red - np.array([255, 0, 0])).max() <= 8  # JPEG and rounding
    assert "icc_profile" not in shown.info


async def test_a_deep_photo_in_colour_keeps_its_colours(tmp_path: Path) -> None:
    """A PNG of 16 bits a channel."""
    served = await _prepare(_deep_png((0x4000, 0x8000, 0xC000)), tmp_path)

    with Image.open(served.path) as picture:
        shown = np.asarray(picture, np.int16)[16, 16]
    assert np.abs(shown - np.array([0x40, 0x80, 0xC0])).max() <= 6  # JPEG and rounding


async def test_of_pictures_that_move_the_first_is_taken(tmp_path: Path) -> None:
    """An animated WebP is a print's picture like any other: its first frame."""
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    moving = media.encoded(
        frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True
    )

    served = await _prepare(moving, tmp_path)

    for path in (served.path, served.thumbnail_path):
        with Image.open(path) as picture:
            assert 1 == getattr(picture, "n_frames", 1)
            red, _, blue = np.asarray(picture.convert("RGB"))[32, 32]
        assert (True, True) == (red > 200, blue < 60)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_nothing_but_pixels_is_stored(kind: str, tmp_path: Path) -> None:
    """Whatever a file carries beside its pixels is in neither stored file: EXIF, place, XMP, IPTC, comments,
    profiles, texts."""
    sent = _talkative(kind)
    assert b"SecretPhoneMaker" in sent
    assert b"secret-xmp" in sent

    served = await _prepare(sent, tmp_path)

    for path in (served.path, served.thumbnail_path):
        stored = path.read_bytes()
        for told in (b"Secret", b"secret", b"Exif\0", b"ICC_PROFILE", b"adobe"):
            assert told not in stored
        with Image.open(path) as picture:
            assert {} == dict(picture.getexif())
            assert {"exif", "icc_profile", "xmp", "comment", "photoshop"}.isdisjoint(picture.info)


async def test_a_photo_of_several_pictures_is_its_first(tmp_path: Path) -> None:
    """MPO, as phones write it with a depth map or a second eye behind the photo."""
    first, second = (Image.new("RGB", (64, 64), colour) for colour in ("red", "blue"))
    sent = media.encoded(first, "MPO", save_all=True, append_images=[second])

    served = await _prepare(sent, tmp_path)

    with Image.open(served.path) as picture:
        assert "JPEG" == picture.format
        assert np.asarray(picture)[32, 32][0] > 200


async def test_a_damaged_header_is_told_by_the_child_itself(tmp_path: Path) -> None:
    """Which decoder may open it is no mistake of ours: the child answers, it does not break down."""
    source, output = tmp_path / "source", tmp_path / "output"
    whole = media.photo(64, 64)
    source.write_bytes(whole[:3] + b"\xff" * 40 + whole[200:])
    kind = sniff_media_type(source.read_bytes()[:64])
    assert kind == "image/jpeg"

    answer = await run_child(
        "image", source=source, writes=[output], seconds=30, decoders=DECODERS[kind],
        max_pixels=MEGAPIXELS_50, output=str(output), thumbnail=str(output),
    )  # fmt: skip

    assert "broken" == answer["refused"]


def _display_p3() -> bytes:
    """SRGB's profile with P3's primaries (ICC.1:2022, 7.3 and 10.31)."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    (count,) = struct.unpack_from(">I", profile, 128)
    for number in range(count):
        name, at, _ = struct.unpack_from(">4sII", profile, 132 + 12 * number)
        if name in DISPLAY_P3:
            values = [round(value * 65536) for value in DISPLAY_P3[name]]
            struct.pack_into(">3i", profile, at + 8, *values)
    return bytes(profile)


def _deep_png(colour: tuple[int, int, int], side: int = 32) -> bytes:
    """RGB of 16 bits a channel (PNG, 11.2.2), which Pillow does not write."""
    rows = (b"\0" + struct.pack(">3H", *colour) * side) * side
    header = struct.pack(">IIBBBBB", side, side, 16, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(media._chunk(kind, body) for kind, body in chunks)


def _talkative(kind: str) -> bytes:
    """A picture with everything its kind can say beside its pixels."""
    exif = media._exif(None)
    said: dict[str, object] = {"exif": exif, "icc_profile": _display_p3()}
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>secret-xmp</x:xmpmeta>"
    if kind == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_itxt("XML:com.adobe.xmp", xmp.decode())
        texts.add_text("Comment", "secret words")
        said["pnginfo"] = texts
    else:
        said["xmp"] = xmp
    if kind == "JPEG":
        said["comment"] = b"secret words"
    return media.encoded(Image.fromarray(media.textured(96, 64)), kind, **said)
