"""Outside bytes become files."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core.errors import PayloadTooLarge
from app.core.files import keep_as, sniff_media_type, stream_to_temporary, write_durably


async def chunks_of(*parts: bytes, then: Exception | None = None) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    if then is not None:
        raise then


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x1cftypavif", "image/avif"),
        (b"\0\0\0\x1cftypheic", "image/heic"),
        (b"\0\0\0\x1cftypisom", "video/mp4"),
        (b"\0\0\0\x1cftypqt  ", "video/quicktime"),
        (b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm", "video/webm"),
        (b"<svg xmlns=", None),
        (b"<!doctype html>", None),
        (b"", None),
    ],
)
def test_kind_is_told_by_content(head: bytes, kind: str | None) -> None:
    """Names and declared types do not count; what is of no known kind is None."""
    assert sniff_media_type(head) == kind


async def test_stream_is_hashed_and_counted(tmp_path: Path) -> None:
    """The file holds every byte, with its hash and kind."""
    stored = await stream_to_temporary(chunks_of(b"\xff\xd8", b"\xff", b"x"), tmp_path, max_bytes=9)

    assert stored.path.read_bytes() == b"\xff\xd8\xffx"
    assert stored.size_bytes == 4
    assert stored.sha256 == hashlib.sha256(b"\xff\xd8\xffx").hexdigest()
    assert stored.media_type == "image/jpeg"


@pytest.mark.parametrize("reason", [PayloadTooLarge, ConnectionResetError])
async def test_nothing_is_left_of_a_stream_that_fails(
    tmp_path: Path, reason: type[Exception]
) -> None:
    """Too much, or a client that went away: the partial file is gone."""
    then = reason() if reason is ConnectionResetError else None

    with pytest.raises(reason):
        await stream_to_temporary(
            chunks_of(b"1234", b"5678", then=then), tmp_path, max_bytes=9 if then else 5
        )

    assert list(tmp_path.iterdir()) == []


def test_final_name_appears_whole(tmp_path: Path) -> None:
    """Writing again under the same name replaces the file and leaves no draft."""
    final = tmp_path / "a" / "b.txt"
    write_durably(final, b"one")
    draft = tmp_path / "a" / "draft"
    draft.write_bytes(b"two")

    keep_as(draft, final)

    assert final.read_bytes() == b"two"
    assert [path.name for path in final.parent.iterdir()] == ["b.txt"]
