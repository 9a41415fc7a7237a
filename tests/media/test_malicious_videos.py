"""Videos made to harm: none crashes, hangs or reaches the network, and each gets its clear answer."""

import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from fastapi import FastAPI

from app.core.errors import ArvError
from app.core.files import sniff_media_type
from app.media.errors import VideoBroken, VideoEmpty
from app.media.processing import process_video
from app.media.videos import ReceivedVideo, prepare_video
from app.storage.opening import local_storage
from tests.support import films, hostile, media, people
from tests.support.contents import upload

SOON_SECONDS = 30


async def _prepare(content: bytes, folder: Path) -> ReceivedVideo:
    source = folder / "source.partial"
    source.write_bytes(content)
    return await prepare_video(source, sniff_media_type(content[:64]), folder)


async def test_playlists_and_references_call_nobody(tmp_path: Path) -> None:
    """HLS, concat, DASH, SMIL, SVG, SDP, subtitles, ASX; named or disguised; rdrf and dref of QuickTime."""
    with hostile.listening() as (url, calls):
        files = hostile.playlists(url) | {"reference movie": hostile.reference_movie(url)}
        for name, content in files.items():
            with pytest.raises(ArvError) as refusal:
                await _prepare(content, tmp_path)
            assert refusal.value.status in (415, 422), name
            assert len(refusal.value.detail) > 20, name
        assert [] == calls


async def test_pictures_that_lie_elsewhere_are_not_fetched(tmp_path: Path) -> None:
    """A film whose data reference is an address: refused, or played from its own bytes; nobody is called."""
    with hostile.listening() as (url, calls):
        content = hostile.external_samples(tmp_path, url)
        assert url.encode() in content
        try:
            got = await _prepare(content, tmp_path)
        except VideoBroken:
            pass
        else:
            assert url.encode() not in got.path.read_bytes()
        assert [] == calls


@pytest.mark.parametrize("fd", ["http://{}/a.mp4", "file:///etc/passwd", "subfile,,start,0,:x"])
async def test_a_name_is_never_taken_for_an_address(
    fd: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source whose name looks like a protocol is a file of that name, or nothing."""
    monkeypatch.chdir(tmp_path)
    with hostile.listening() as (url, calls):
        source = Path(fd.format(url.removeprefix("http://")))
        with pytest.raises((VideoBroken, OSError)):
            await prepare_video(source, "video/mp4", tmp_path)
        assert [] == calls


@pytest.mark.parametrize(
    "make",
    [
        lambda _: hostile.million_tracks(),
        lambda _: hostile.deep_boxes(),
        lambda folder: hostile.huge_counts(folder, b"stsz"),
        lambda folder: hostile.huge_counts(folder, b"stts"),
        lambda folder: hostile.huge_counts(folder, b"stsc"),
        lambda _: hostile.FTYP + hostile.box(b"moov", b"\0" * 5_000_000),
        lambda _: hostile.FTYP + b"\0\0\0\1mdat" + b"\xff" * 8,
        lambda _: b"\x1aE\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xfewebm" + b"\x18S\x80g\xff" * 1000,
        hostile.huge_pictures,
    ],
    ids=[
        "a million tracks", "deep boxes", "stsz", "stts", "stsc", "zeros", "endless mdat",
        "EBML without end", "huge pictures",
    ],
)  # fmt: skip
async def test_counts_and_sizes_that_lie_are_refused_soon(make: Any, tmp_path: Path) -> None:
    """Whatever a header claims, the answer comes soon and says that the video is broken or empty."""
    content = make(tmp_path)
    started = time.monotonic()

    with pytest.raises(ArvError) as refusal:
        await _made_of(content, tmp_path)

    assert refusal.value.status == 422
    assert time.monotonic() - started < SOON_SECONDS


async def test_more_chunks_than_there_are_make_no_other_film(tmp_path: Path) -> None:
    """A `stco` that claims four thousand million entries: only what is in the box counts, and what is served
    are the very bytes that the honest film gives."""
    started = time.monotonic()
    honest = (await _prepare(media.clip(tmp_path, has_audio=False), tmp_path)).path.read_bytes()

    served = (await _prepare(hostile.huge_counts(tmp_path, b"stco"), tmp_path)).path

    assert honest == served.read_bytes()
    with av.open(str(served)) as film:
        assert 30 == sum(1 for _ in film.decode(video=0))
    assert time.monotonic() - started < SOON_SECONDS


async def _made_of(content: bytes, folder: Path) -> None:
    """All that is ever done with a video: looked at when it arrives, then converted."""
    received = await _prepare(content, folder)
    kind = sniff_media_type(content[:64]) or ""
    await process_video(received.path, kind, folder, chroma_key=None, on_progress=_nobody)


async def _nobody(_fraction: float) -> None: ...


async def test_an_index_cut_anywhere_is_broken(tmp_path: Path) -> None:
    """A moov that ends too early, at ten places: never half a film, never a crash."""
    whole = media.clip(tmp_path)
    served = (await _prepare(whole, tmp_path)).path.read_bytes()
    end = served.index(b"mdat")
    for cut in np.linspace(40, end, 10, dtype=int):
        with pytest.raises((VideoBroken, VideoEmpty)):
            await _prepare(served[:cut], tmp_path)


async def test_a_film_that_claims_to_last_for_days_is_refused(tmp_path: Path) -> None:
    """Two pictures with eleven days between them would make millions."""
    path = tmp_path / "days.mkv"
    with av.open(str(path), "w") as container:
        video: Any = container.add_stream("mpeg4", rate=30)
        video.width, video.height = 64, 64
        for number in range(2):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            for packet in video.encode(frame):
                packet.pts = packet.dts = number * 1_000_000_000  # milliseconds, as Matroska counts
                packet.time_base = Fraction(1, 1000)
                container.mux(packet)

    with pytest.raises(ArvError) as refusal:
        await _prepare(path.read_bytes(), tmp_path)

    assert "video_too_long" == refusal.value.code


async def test_a_page_hidden_in_a_film_is_not_served(tmp_path: Path) -> None:
    """What is served holds streams and nothing else."""
    content = hostile.html_in_a_film(tmp_path)
    assert b"<script>" in content

    got = await _prepare(content, tmp_path)

    assert b"<script>" not in got.path.read_bytes()


async def test_each_hostile_film_gets_its_answer_from_the_api(app: FastAPI, tmp_path: Path) -> None:
    """Status and code, in problem+json; afterwards the service works and nothing is left of them."""
    owner = await people.make_member(app)
    with hostile.listening() as (url, calls):
        texts = hostile.playlists(url)
        expected: dict[str, tuple[bytes, int, str]] = {
            "HLS": (texts["HLS"], 415, "video_type_refused"),
            "HLS as MP4": (texts["HLS as MP4"], 422, "video_broken"),
            "DASH as AVI": (texts["DASH as AVI"], 422, "video_empty"),
            "concat as WebM": (texts["concat as WebM"], 422, "video_broken"),
            "SVG": (texts["SVG"], 415, "video_type_refused"),
            "reference movie": (hostile.reference_movie(url), 422, "video_empty"),
            "million tracks": (hostile.million_tracks(), 422, "video_broken"),
            "JPEG": (media.photo(64, 64), 415, "video_type_refused"),
            "PDF and JPEG": (hostile.pdf_and_jpeg(), 415, "video_type_refused"),
            "sound only": (_sound(tmp_path), 422, "video_empty"),
        }
        for name, (content, status, code) in expected.items():
            answer = await upload(owner, content, purpose="video", filename=f"{name}.mp4")
            assert (name, status, code) == (name, answer.status_code, answer.json()["code"])
            assert "application/problem+json" == answer.headers["content-type"]
        assert [] == calls
    assert [] == [path for path in local_storage().root.rglob("*") if path.is_file()]
    assert 201 == (await upload(owner, media.clip(tmp_path), purpose="video")).status_code


def _sound(folder: Path) -> bytes:
    path = folder / "sound.mp4"
    with av.open(str(path), "w") as container:
        audio: Any = container.add_stream("aac", rate=48_000)
        films._write_tone(container, audio, 0.2)
    return path.read_bytes()
