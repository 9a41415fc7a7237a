"""Good files with bytes changed at random, for a bounded time: an answer each, never a crash of ours."""

import asyncio
import random
import time
from collections.abc import Coroutine
from pathlib import Path

import pytest

from app.core.errors import ArvError
from app.core.files import sniff_media_type
from app.media.images import prepare_image
from app.media.videos import prepare_video
from tests.faults.report import full
from tests.support import films, hostile, media

SLOWEST_SECONDS = 30


def _seeds(folder: Path) -> dict[str, bytes]:
    fast = {"deadline": "realtime", "cpu-used": "8"}
    return {
        "mp4": media.clip(folder, frames=6),
        "mov": media.clip(folder, name="a.mov", frames=6),
        "webm": films.film(folder / "a.webm", "libvpx-vp9", "yuv420p", frames=4, options=fast,
                           sound="libopus").read_bytes(),
        "avi": films.film(folder / "a.avi", "mjpeg", "yuvj420p", frames=4).read_bytes(),
        "jpeg": media.photo(96, 64),
        "png": media.photo(96, 64, kind="PNG"),
        "webp": media.photo(96, 64, kind="WEBP"),
        "heic": hostile.heic(),
    }  # fmt: skip


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Bytes changed, repeated, removed, or set to the numbers at which programs go wrong."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(12, len(changed))  # the first bytes tell the kind
        match chance.randrange(5):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                changed[at : at + 4] = chance.choice([b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff"])
            case 2:
                del changed[at : at + chance.randint(1, 64)]
            case 3:
                changed[at:at] = changed[at : at + chance.randint(1, 64)]
            case 4:
                del changed[max(at, 64) :]
    return bytes(changed)


@pytest.mark.parametrize("kind", ["mp4", "mov", "webm", "avi", "jpeg", "png", "webp", "heic"])
async def test_changed_files_get_an_answer(kind: str, tmp_path: Path) -> None:
    """Served or refused with a code of ours, soon; what was written in vain can be removed by its name."""
    seed = _seeds(tmp_path)[kind]
    chance = random.Random(f"mutations of {kind}")
    ends = time.monotonic() + full(1, 60)
    answers: dict[str, int] = {}
    while time.monotonic() < ends:
        source = tmp_path / "source.partial"
        source.write_bytes(mutated(seed, chance))
        started = time.monotonic()
        code = await _answer(source, tmp_path)
        assert time.monotonic() - started < SLOWEST_SECONDS
        answers[code] = answers.get(code, 0) + 1
    print(f"{kind}: {sum(answers.values())} changed files: {answers}")
    assert answers


async def _answer(source: Path, folder: Path) -> str:
    kind = sniff_media_type(source.read_bytes()[:64])
    work: Coroutine[None, None, object]
    if kind and kind.startswith("video/"):
        work = prepare_video(source, kind, folder)
    else:
        work = prepare_image(source, kind, folder, max_pixels=50_000_000)
    [got] = await asyncio.gather(work, return_exceptions=True)
    if not isinstance(got, BaseException):
        return "accepted"
    assert isinstance(got, ArvError), repr(got)
    assert got.status in (415, 422)
    assert got.detail
    return got.code
