"""Videos made fit to serve."""

from pathlib import Path

import av
import pytest
from PIL import Image

from app.core.files import sniff_media_type
from app.media.errors import VideoBroken, VideoEmpty, VideoTypeRefused
from app.media.videos import ReceivedVideo, prepare_video
from tests.support import media


async def _prepare(content: bytes, folder: Path) -> ReceivedVideo:
    source = folder / "source.partial"
    source.write_bytes(content)
    return await prepare_video(source, sniff_media_type(content[:64]), folder)


async def test_a_phones_mp4_is_kept_with_its_facts(tmp_path: Path) -> None:
    """Size, length and sound are read; the poster is a WebP of the same shape."""
    served = await _prepare(media.clip(tmp_path), tmp_path)

    assert (320, 240, True) == (served.width, served.height, served.has_audio)
    assert 1.0 == pytest.approx(served.duration_seconds, abs=0.1)
    with Image.open(served.poster_path) as poster:
        assert ("WEBP", (320, 240)) == (poster.format, poster.size)


async def test_the_index_of_a_served_video_is_in_front(tmp_path: Path) -> None:
    """A phone can start to play before it has the whole file."""
    original = media.clip(tmp_path)
    assert original.index(b"mdat") < original.index(b"moov")

    served = await _prepare(original, tmp_path)

    content = served.path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


async def test_where_a_video_was_taken_is_not_served(tmp_path: Path) -> None:
    """The place a phone writes into its videos is left behind."""
    original = media.clip(tmp_path)
    assert b"+59.9386+030.3141" in original

    served = await _prepare(original, tmp_path)

    assert b"+59.9386" not in served.path.read_bytes()


async def test_a_video_taken_upright_is_measured_as_it_is_shown(tmp_path: Path) -> None:
    """A rotation in the file swaps width and height and is kept for the player."""
    content = media.clip(tmp_path, name="upright.mp4", rotation=90)

    served = await _prepare(content, tmp_path)

    assert (240, 320) == (served.width, served.height)
    with Image.open(served.poster_path) as poster:
        assert (240, 320) == poster.size
    with av.open(str(served.path)) as container:
        assert 90 == next(container.decode(video=0)).rotation


async def test_a_quicktime_file_with_playable_streams_becomes_an_mp4(tmp_path: Path) -> None:
    """An iPhone's .mov in H.264 is accepted and served as MP4."""
    content = media.clip(tmp_path, name="clip.mov")
    assert "video/quicktime" == sniff_media_type(content[:64])

    served = await _prepare(content, tmp_path)

    assert "video/mp4" == sniff_media_type(served.path.read_bytes()[:64])


async def test_a_silent_video_has_no_sound(tmp_path: Path) -> None:
    """A video without a sound stream says so."""
    served = await _prepare(media.clip(tmp_path, name="silent.mp4", has_audio=False), tmp_path)

    assert served.has_audio is False


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("hevc.mp4", "libx265", "yuv420p"),
        ("deep.mp4", "libx264", "yuv420p10le"),
        ("vp9.webm", "libvpx-vp9", "yuv420p"),
    ],
)
async def test_what_some_phones_do_not_play_waits_as_it_was_sent(
    name: str, codec: str, pixels: str, tmp_path: Path
) -> None:
    """HEVC, ten-bit H.264 and WebM are looked at, with a poster, and kept for the job that converts them."""
    content = media.clip(tmp_path, name=name, codec=codec, pixels=pixels, frames=4, has_audio=False)

    got = await _prepare(content, tmp_path)

    assert (False, 320, 240) == (got.is_playable, got.width, got.height)
    assert got.path.read_bytes() == content
    with Image.open(got.poster_path) as poster:
        assert ("WEBP", (320, 240)) == (poster.format, poster.size)


async def test_what_nobody_decodes_is_refused_with_a_remedy(tmp_path: Path) -> None:
    """A codec ARV does not read is named, and how to convert it."""
    content = media.clip(tmp_path, name="a.avi", codec="cinepak", pixels="rgb24", has_audio=False)

    with pytest.raises(VideoTypeRefused, match=r"coded as cinepak.*H\.264 video and AAC"):
        await _prepare(content, tmp_path)


@pytest.mark.parametrize("share", [0.3, 0.7])
async def test_a_video_cut_short_is_broken(share: float, tmp_path: Path) -> None:
    """Both kinds are found: the index behind (lost) and in front (the pictures end too early)."""
    whole = media.clip(tmp_path)
    served = await _prepare(whole, tmp_path)
    index_in_front = served.path.read_bytes()

    for content in (whole, index_in_front):
        with pytest.raises(VideoBroken):
            await _prepare(content[: int(len(content) * share)], tmp_path)


async def test_a_file_with_sound_only_is_empty(tmp_path: Path) -> None:
    """There is nothing to show on a print."""
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        audio = container.add_stream("aac", rate=48_000)
        container.mux(audio.encode(media._silence(0)))
        container.mux(audio.encode())

    with pytest.raises(VideoEmpty):
        await _prepare(path.read_bytes(), tmp_path)


async def test_a_playlist_that_names_other_files_is_not_opened(tmp_path: Path) -> None:
    """Only the container the first bytes tell is tried, so a playlist reads nothing of the server."""
    playlist = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
    disguised = b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + playlist

    with pytest.raises(VideoTypeRefused):
        await _prepare(playlist, tmp_path)
    with pytest.raises(VideoBroken):
        await _prepare(disguised, tmp_path)
