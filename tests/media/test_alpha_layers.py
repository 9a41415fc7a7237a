"""HEVC with an alpha layer the decoder passes over: refused with words, never shown opaque in silence."""

import struct
from pathlib import Path

import pytest

from app.media.child.layers import tells_alpha
from app.media.errors import VideoTypeRefused
from app.media.videos import ReceivedVideo, prepare_video
from tests.support import films
from tests.support.hostile import box, rebuilt

# Prefix SEI of the base layer; alpha_channel_info (165), four bytes, as Apple's encoder puts it in `hvcC`.
ALPHA_SEI = bytes([39 << 1, 1, 165, 4, 0x00, 0x00, 0x7F, 0x90, 0x80])
OTHER_SEI = bytes([39 << 1, 1, 137, 2, 0x00, 0x00, 0x80])


@pytest.fixture(scope="module")
def hevc(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("hevc") / "a.mov"
    options = {"preset": "ultrafast", "x265-params": "log-level=none"}
    return films.film(path, "libx265", "yuv420p", options=options, frames=3).read_bytes()


def with_box(film: bytes, extra: bytes) -> bytes:
    """The film with one more box in its sample entry. The index stands behind, so nothing else moves."""
    at = film.index(b"stsd") - 4
    size = struct.unpack_from(">I", film, at)[0]
    body = film[at + 8 : at + size]
    entry = struct.unpack_from(">I", body, 8)[0]
    grown = body[:8] + struct.pack(">I", entry + len(extra)) + body[12 : 8 + entry] + extra
    return rebuilt(film, {b"stsd": grown + body[8 + entry :]})


def layers(*units: bytes) -> bytes:
    """The record of a second layer (ISO/IEC 14496-15, 9.5.3.1) with one array of units."""
    held = b"".join(struct.pack(">H", len(unit)) + unit for unit in units)
    return box(
        b"lhvC", bytes([1, 0xF0, 0, 0xFC, 0xCB, 1, 0x80 | 39]), struct.pack(">H", len(units)), held
    )


async def prepared(content: bytes, folder: Path) -> ReceivedVideo:
    source = folder / "sent.partial"
    source.write_bytes(content)
    return await prepare_video(source, "video/quicktime", folder)


@pytest.mark.parametrize(
    "extra", [box(b"almo", b"\0\0\0\1"), layers(OTHER_SEI, ALPHA_SEI)], ids=["almo", "SEI in lhvC"]
)
async def test_a_lost_alpha_layer_is_refused_with_words(
    extra: bytes, hevc: bytes, tmp_path: Path
) -> None:
    """The answer names the form, and those that keep the transparency."""
    with pytest.raises(VideoTypeRefused) as refusal:
        await prepared(with_box(hevc, extra), tmp_path)

    for word in ("transparency", "HEVC", "ProRes 4444", "VP9"):
        assert word in refusal.value.detail


@pytest.mark.parametrize("extra", [b"", layers(OTHER_SEI)], ids=["one layer", "another eye"])
async def test_other_hevc_is_accepted(extra: bytes, hevc: bytes, tmp_path: Path) -> None:
    """A plain film, and a spatial one, whose second layer is no mask."""
    got = await prepared(with_box(hevc, extra), tmp_path)

    assert (films.WIDTH, films.HEIGHT, False) == (got.width, got.height, got.is_playable)


async def test_the_message_is_found_in_the_first_layers_record_too(
    hevc: bytes, tmp_path: Path
) -> None:
    """`hvcC` reaches the decoder as it is, in whatever container: it is read there."""

    class Codec:
        name = "hevc"
        extradata = bytes(22) + bytes([1, 0x80 | 39, 0, 1, 0, len(ALPHA_SEI)]) + ALPHA_SEI

    class Stream:
        codec_context = Codec()

    assert tells_alpha(str(tmp_path / "none.mkv"), "matroska", Stream())
    Codec.extradata = Codec.extradata[:-7]
    assert not tells_alpha(str(tmp_path / "none.mkv"), "matroska", Stream())


async def test_boxes_that_lie_are_looked_at_no_further(hevc: bytes, tmp_path: Path) -> None:
    """Cut anywhere in its sample entry, the file is searched without an error."""

    class Codec:
        name, extradata = "hevc", None

    class Stream:
        codec_context = Codec()

    whole, path = with_box(hevc, layers(ALPHA_SEI)), tmp_path / "cut.mov"
    start = whole.index(b"stsd")
    for end in range(start, start + 400, 7):
        path.write_bytes(whole[:end])
        assert tells_alpha(str(path), "mov", Stream()) in (True, False)
    path.write_bytes(whole)
    assert tells_alpha(str(path), "mov", Stream())
