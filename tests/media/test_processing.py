"""Videos made playable, transparent and small."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from app.core.config import get_settings
from app.core.errors import ArvError
from app.core.files import sniff_media_type
from app.media.errors import VideoBroken, VideoTooLong
from app.media.facts import VideoFacts
from app.media.processing import (
    LINES,
    ProcessedVideo,
    lines_for,
    make_renditions,
    preview_key,
    process_video,
)
from tests.support import films

KEY = {"color": "#00B140", "tolerance": 0.25, "softness": 0.1, "despill": 0.5}
FAST = {"deadline": "realtime", "cpu-used": "8"}
QUICK = {"preset": "ultrafast", "x265-params": "log-level=none"}


async def _process(source: Path, *, key: dict[str, object] | None = None) -> ProcessedVideo:
    kind = sniff_media_type(source.read_bytes()[:64])
    assert kind is not None
    return await process_video(source, kind, source.parent, chroma_key=key, on_progress=_nobody)


async def _nobody(_fraction: float) -> None: ...


def _vp9(folder: Path) -> Path:
    return films.film(folder / "a.webm", "libvpx-vp9", "yuv420p", options=FAST, sound="libopus")


def _hevc(folder: Path) -> Path:
    return films.film(folder / "a.mp4", "libx265", "yuv420p10le", options=QUICK, sound="aac")


def _prores(folder: Path) -> Path:
    return films.film(folder / "a.mov", "prores_ks", "yuv422p10le", sound="pcm_s16le")


def _mjpeg(folder: Path) -> Path:
    return films.film(folder / "a.avi", "mjpeg", "yuvj422p", sound="pcm_s16le")


def _deep(folder: Path) -> Path:
    return films.film(folder / "a.mkv", "libx264", "yuv422p10le", options=QUICK, sound="flac")


def _odd_rate(folder: Path) -> Path:
    rate = Fraction(24_000, 1001)
    return films.film(folder / "a.mp4", "mpeg4", "yuv420p", rate=rate, size=(318, 238))


@pytest.mark.parametrize("make", [_vp9, _hevc, _prores, _mjpeg, _deep, _odd_rate])
async def test_what_some_phones_do_not_play_becomes_h264_with_aac(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    """Of whatever codec, depth, chroma, rate, container and sound: 8-bit 4:2:0, AAC, index in front."""
    source = make(tmp_path)

    made = await _process(source)

    content = made.path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    with av.open(str(made.path)) as container:
        video = container.streams.video[0]
        assert ("h264", "yuv420p") == (video.codec_context.name, video.codec_context.pix_fmt)
        assert made.facts.has_audio == bool(container.streams.audio)
        assert {"aac"} >= {each.codec_context.name for each in container.streams.audio}
        assert (made.facts.width, made.facts.height) == (video.width, video.height)
    before, after = films.frames_of(source), films.frames_of(made.path)
    assert len(before) == pytest.approx(len(after), abs=1)
    difference = np.abs(before[7].astype(int) - after[7])
    assert np.median(difference) < 8  # lossy twice; a wrong matrix or range differs by 15 and more


async def test_a_film_taken_upright_is_turned_in_its_pictures(tmp_path: Path) -> None:
    """What is encoded anew needs no rotation any more, which some players forget."""
    source = films.film(tmp_path / "a.mp4", "mpeg4", "yuv420p", rotation=90)
    with av.open(str(source)) as container:
        first: Any = next(container.decode(video=0))
        expected = first.to_image().rotate(90, expand=True)

    made = await _process(source)

    assert (240, 320) == (made.facts.width, made.facts.height)
    shown = films.frames_of(made.path)[0]
    assert np.abs(np.asarray(expected, int) - shown).mean() < 10


async def test_pixels_that_are_not_square_become_so(tmp_path: Path) -> None:
    """An anamorphic film of 320 x 240 at 4:3 is shown, and measured, 426 pixels wide."""
    source = films.film(tmp_path / "a.mkv", "mpeg4", "yuv420p", sample_aspect=Fraction(4, 3))

    made = await _process(source)

    assert (426, 240) == (made.facts.width, made.facts.height)


async def test_sound_is_heard_when_it_was(tmp_path: Path) -> None:
    """A tone is still a tone, as long as the pictures."""
    made = await _process(_prores(tmp_path))

    with av.open(str(made.path)) as container:
        heard = np.concatenate([f.to_ndarray() for f in container.decode(audio=0)], axis=1)
    assert heard.shape[1] / 48_000 == pytest.approx(0.5, abs=0.1)
    spectrum = np.abs(np.fft.rfft(heard[0]))
    assert spectrum.argmax() * 48_000 / heard.shape[1] == pytest.approx(440, abs=8)


@pytest.mark.parametrize(
    ("make", "name"),
    [(films.vp9_with_alpha, "a.webm"), (films.prores_with_alpha, "a.mov")],
    ids=["VP9", "ProRes 4444"],
)
async def test_alpha_becomes_a_mask_beside_the_colour(
    make: Callable[[Path], Path], name: str, tmp_path: Path
) -> None:
    """Left: colour times alpha. Right: alpha, from 0 to 255. Also one laid on white paper."""
    made = await _process(make(tmp_path / name))

    assert ("side_by_side", 320, 240) == (made.facts.alpha, made.facts.width, made.facts.height)
    pair = films.frames_of(made.path)[7].astype(int)
    assert (240, 640) == pair.shape[:2]
    there, half, gone = (120, 160), (30, 40), (220, 30)
    for (y, x), colour, mask in ((there, (200, 40, 40), 255), (half, (100, 20, 20), 128),
                                 (gone, (0, 0, 0), 0)):  # fmt: skip
        assert np.abs(pair[y, x] - colour).max() <= 6
        assert np.abs(pair[y, x + 320] - mask).max() <= 3
    assert made.flat_path is not None
    flat = films.frames_of(made.flat_path)[7].astype(int)
    for (y, x), colour in ((there, (200, 40, 40)), (half, (227, 147, 147)), (gone, (255,) * 3)):
        assert np.abs(flat[y, x] - colour).max() <= 8
    with Image.open(made.poster_path) as poster:
        assert ("WEBP", (320, 240)) == (poster.format, poster.size)


async def test_hidden_colour_does_not_bleed_over_the_edge(tmp_path: Path) -> None:
    """Bright green behind the mask leaves no green rim: colour is multiplied before it is made small."""
    picture = films.cut_out()
    picture[picture[..., 3] == 0, :3] = (0, 255, 0)
    source = films.film(
        tmp_path / "a.mov",
        "prores_ks",
        "yuva444p10le",
        options={"profile": "4444"},
        picture=picture,
    )

    made = await _process(source)

    pair = films.frames_of(made.path)[7].astype(int)
    rim = pair[54:66, 76:84].reshape(-1, 3)
    assert (rim[:, 1] - rim[:, 0]).max() < 24  # with hidden colour it would be about 120


async def test_a_colour_is_keyed_out(tmp_path: Path) -> None:
    """Green cloth is gone and the actor stays, without the key and the rest of the picture changing."""
    source = films.film(
        tmp_path / "a.mp4", "libx264", "yuv420p", options=QUICK, picture=films.green_screen()
    )

    made = await _process(source, key=KEY)

    pair = films.frames_of(made.path)[7].astype(int)
    assert "side_by_side" == made.facts.alpha
    assert pair[20, 340].max() <= 3
    assert pair[120, 480].min() >= 252
    assert np.abs(pair[120, 160] - films.RED).max() < 14


async def test_a_preview_shows_what_the_key_will_do(tmp_path: Path) -> None:
    """A WebP whose alpha is that of the video to be; without a key the frame as it is."""
    source = films.film(
        tmp_path / "a.mp4", "libx264", "yuv420p", options=QUICK, picture=films.green_screen()
    )

    for key, corner in ((KEY, 0), (None, 255)):
        output = tmp_path / "preview.webp"
        await preview_key(source, "video/mp4", output, at_seconds=0.3, chroma_key=key)
        with Image.open(output) as picture:
            shown = np.asarray(picture.convert("RGBA"))
        assert (corner, 255) == (shown[20, 20, 3], shown[120, 160, 3])


async def test_heavy_films_get_lighter_renditions(tmp_path: Path) -> None:
    """Each is a quarter smaller at least, in its shape, and measured."""
    source = films.film(
        tmp_path / "a.mp4", "libx264", "yuv420p", size=(1280, 720), frames=10, noisy=True,
        options={"preset": "ultrafast", "crf": "20"}, sound="aac",
    )  # fmt: skip
    facts = VideoFacts(1280, 720, 1 / 3, has_audio=True)

    made = await make_renditions(source, facts, tmp_path, on_progress=_nobody)

    assert [(960, 540), (640, 360)] == [(each.width, each.height) for each in made]
    sizes = [source.stat().st_size, *(each.path.stat().st_size for each in made)]
    assert all(after <= 0.75 * before for before, after in pairwise(sizes))
    assert all(each.bitrate > 0 for each in made)


async def test_renditions_of_a_transparent_film_keep_the_seam_in_the_middle(tmp_path: Path) -> None:
    """Colour ends and mask begins at half of the width, which is even on both sides."""
    pair = np.full((540, 2 * 1290, 4), 255, np.uint8)
    pair[:, :1290, :3] = films.RED
    pair[300:, :, :3] = np.random.default_rng(3).integers(0, 256, (240, 2580, 3))
    source = films.film(
        tmp_path / "a.mp4", "libx264", "yuv420p", size=(2580, 540), frames=3, picture=pair,
        options={"preset": "ultrafast", "qp": "1"},
    )  # fmt: skip
    facts = VideoFacts(1290, 540, 0.001, has_audio=False, alpha="side_by_side")

    made = await make_renditions(source, facts, tmp_path, on_progress=_nobody)

    assert made
    shown = films.frames_of(made[0].path)[0].astype(int)
    half = shown.shape[1] // 2
    assert (made[0].width, 0) == (half, half % 2)
    assert np.abs(shown[100, half - 4] - films.RED).max() < 12
    assert shown[100, half + 4].min() > 245


def test_light_films_need_no_renditions() -> None:
    """What a slow line carries anyway is left alone; in between only the lighter one is made."""
    facts = VideoFacts(1920, 1080, 10, has_audio=True)

    assert [] == lines_for(facts, 500_000)
    assert [LINES[1]] == lines_for(facts, 1_250_000)
    assert [*LINES] == lines_for(facts, 12_500_000)


async def test_progress_is_told_while_it_runs(tmp_path: Path) -> None:
    """From nothing to nearly all, never backwards."""
    source = films.film(
        tmp_path / "a.webm", "libvpx-vp9", "yuv420p", size=(960, 540), frames=90, options=FAST
    )
    told: list[float] = []

    async def note(fraction: float) -> None:
        told.append(fraction)

    await process_video(source, "video/webm", tmp_path, chroma_key=None, on_progress=note)

    assert told
    assert sorted(told) == told
    assert 0 < told[0] < told[-1] <= 1 or len(told) == 1


async def test_longer_than_allowed_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the file says nothing of its length."""
    monkeypatch.setenv("MAX_VIDEO_SECONDS", "1")
    get_settings.cache_clear()
    source = films.film(tmp_path / "a.avi", "mjpeg", "yuvj420p", frames=45)
    try:
        with pytest.raises(VideoTooLong, match="Cut it"):
            await _process(source)
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()


@pytest.mark.parametrize("share", [0.05, 0.5])
async def test_a_film_cut_short_is_broken(share: float, tmp_path: Path) -> None:
    """It ends before it says it does."""
    whole = films.film(tmp_path / "a.mkv", "mpeg4", "yuv420p", frames=90, noisy=True).read_bytes()
    source = tmp_path / "cut.mkv"
    source.write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(ArvError) as refusal:
        await _process(source)

    assert isinstance(refusal.value, VideoBroken)
