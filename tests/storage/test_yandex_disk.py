"""Yandex Disk as a storage, against a server that behaves as its documentation says."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from app.storage.backends.yandex_api import DiskApi
from app.storage.backends.yandex_disk import YandexDisk
from app.storage.port import FileMissing, StorageRefused, StorageUnavailable, content_key
from tests.support.yandex import Yandex, running_yandex

QUICK = (0.01, 0.01, 0.01)
CONTENT = bytes(range(256)) * 2000


@dataclass(slots=True)
class OneToken:
    """A token and what comes after it, without a database."""

    yandex: Yandex
    token: str = ""

    async def current(self) -> str:
        return self.token

    async def renewed(self, _refused: str) -> str:
        self.token = self.yandex.issue()["access_token"]
        return self.token


@pytest.fixture
async def yandex() -> AsyncIterator[Yandex]:
    async with running_yandex() as running:
        yield running


@pytest.fixture
def disk(yandex: Yandex) -> YandexDisk:
    tokens = OneToken(yandex, yandex.issue()["access_token"])
    return YandexDisk(DiskApi(tokens, yandex.url, QUICK), root="app:/", connection_id=uuid4())


def key_of(content: bytes = CONTENT, folder: str = "videos") -> str:
    return content_key("acme", folder, hashlib.sha256(content).hexdigest(), "mp4")


async def put(disk: YandexDisk, folder: Path, content: bytes = CONTENT) -> str:
    source = folder / "source"
    source.write_bytes(content)
    key = key_of(content)
    await disk.put(source, key)
    return key


async def read(disk: YandexDisk, key: str, **part: int) -> bytes:
    return b"".join([chunk async for chunk in disk.open(key, **part)])


async def test_what_is_put_can_be_read_whole_and_in_parts(
    disk: YandexDisk, yandex: Yandex, tmp_path: Path
) -> None:
    """The folders are made, the bytes are the same, and ranges are the ones asked for."""
    key = await put(disk, tmp_path)

    assert {f"app:/{key}": CONTENT} == yandex.files()
    assert CONTENT == await read(disk, key)
    assert CONTENT[1000:1500] == await read(disk, key, start=1000, length=500)
    assert CONTENT[511_990:] == await read(disk, key, start=511_990)
    assert b"" == await read(disk, key, start=len(CONTENT))
    assert len(CONTENT) == await disk.size_of(key)
    assert [(key, len(CONTENT))] == [entry async for entry in disk.list_keys("acme/")]
    assert [] == [entry async for entry in disk.list_keys("acme/portraits/")]
    await disk.fetch(key, tmp_path / "copy")
    assert CONTENT == (tmp_path / "copy").read_bytes()


async def test_the_same_file_is_sent_once(disk: YandexDisk, yandex: Yandex, tmp_path: Path) -> None:
    """Content that is there already costs one question, not an upload."""
    await put(disk, tmp_path)
    yandex.asked.clear()

    await put(disk, tmp_path)

    assert ["GET"] == [method for method, _ in yandex.asked]


async def test_a_deleted_file_is_missing_and_deleting_it_twice_is_harmless(
    disk: YandexDisk, tmp_path: Path
) -> None:
    """Every verb says so, and a fetch leaves nothing behind."""
    key = await put(disk, tmp_path)

    await disk.delete(key)
    await disk.delete(key)

    assert not await disk.exists(key)
    with pytest.raises(FileMissing):
        await disk.size_of(key)
    with pytest.raises(FileMissing):
        await read(disk, key)
    with pytest.raises(FileMissing):
        await disk.fetch(key, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("key", ["../../secret", "acme/videos/x.mp4", ""])
async def test_what_is_no_key_becomes_no_path(disk: YandexDisk, yandex: Yandex, key: str) -> None:
    """Not even a question is asked about it."""
    with pytest.raises(FileMissing):
        await disk.size_of(key)
    assert [] == yandex.asked


@pytest.mark.parametrize("status", [423, 429, 500, 503])
@pytest.mark.parametrize("at", ["/v1/disk/resources", "/upload-target", "/v1/disk/resources/move"])
async def test_what_passes_is_waited_for(
    disk: YandexDisk, yandex: Yandex, tmp_path: Path, status: int, at: str
) -> None:
    """Locked, too many requests, a server at fault: tried again, and nobody notices."""
    yandex.fail_next(status, times=2, at=at)

    key = await put(disk, tmp_path)

    assert CONTENT == await read(disk, key)


async def test_what_does_not_pass_ends_as_unavailable(
    disk: YandexDisk, yandex: Yandex, tmp_path: Path
) -> None:
    """The attempts are counted, and then the storage is away."""
    yandex.fail_next(503, times=100)

    with pytest.raises(StorageUnavailable):
        await put(disk, tmp_path)
    assert len(QUICK) + 1 == len(yandex.asked)


async def test_the_service_says_how_long_to_wait(
    disk: YandexDisk, yandex: Yandex, tmp_path: Path
) -> None:
    """Retry-After counts, not our own idea."""
    yandex.fail_next(429, Retry_After="1")
    started = datetime.now(UTC)

    await put(disk, tmp_path)

    assert datetime.now(UTC) - started >= timedelta(seconds=1)


async def test_received_and_not_yet_kept_is_waited_for(
    disk: YandexDisk, yandex: Yandex, tmp_path: Path
) -> None:
    """202 from the uploader: the file appears some questions later, and only then has it been put."""
    yandex.accepts_later = 3

    key = await put(disk, tmp_path)

    assert CONTENT == yandex.files()[f"app:/{key}"]


async def test_operations_are_waited_for(disk: YandexDisk, yandex: Yandex, tmp_path: Path) -> None:
    """202 from moving and deleting: done when the operation says success."""
    yandex.slow_operations = 3

    key = await put(disk, tmp_path)
    await disk.delete(key)

    assert {-1} == set(yandex.operations.values())


async def test_other_bytes_than_were_sent_are_never_kept(
    disk: YandexDisk, yandex: Yandex, tmp_path: Path
) -> None:
    """What arrived broken is removed, and there is nothing under the key."""
    yandex.spoils = 1

    with pytest.raises(StorageUnavailable, match="other bytes"):
        await put(disk, tmp_path)

    assert {} == yandex.files()


async def test_a_full_disk_says_so(disk: YandexDisk, yandex: Yandex, tmp_path: Path) -> None:
    """507 has a code of its own, so that people know what to do."""
    yandex.capacity_bytes = 1000

    with pytest.raises(StorageUnavailable) as caught:
        await put(disk, tmp_path)

    assert "storage_full" == caught.value.code


async def test_an_expired_token_is_renewed_in_the_middle(
    disk: YandexDisk, yandex: Yandex, tmp_path: Path
) -> None:
    """401 costs one renewal, and the reader notices nothing."""
    key = await put(disk, tmp_path)
    yandex.expire_tokens()

    assert CONTENT == await read(disk, key)


async def test_an_account_that_lets_nobody_in_is_refused(
    disk: YandexDisk, yandex: Yandex, tmp_path: Path
) -> None:
    """403, or 401 even for a new token: no retry helps, people must act."""
    yandex.fail_next(403)
    with pytest.raises(StorageRefused):
        await put(disk, tmp_path)
    yandex.fail_next(401, times=2)
    with pytest.raises(StorageRefused):
        await put(disk, tmp_path)


async def test_a_download_that_breaks_goes_on_where_it_was(
    disk: YandexDisk, yandex: Yandex, tmp_path: Path
) -> None:
    """Twice in one file, and the bytes are the same."""
    key = await put(disk, tmp_path)
    yandex.breaks_after = [100_000, 250_000]

    assert CONTENT == await read(disk, key)


async def test_a_link_that_has_run_out_is_asked_for_again(
    disk: YandexDisk, yandex: Yandex, tmp_path: Path
) -> None:
    """Links are kept for minutes, since players ask for many ranges; an old one costs one question more."""
    key = await put(disk, tmp_path)
    await read(disk, key)
    yandex.targets.clear()

    assert CONTENT == await read(disk, key)


async def test_folders_that_were_removed_are_made_again(
    disk: YandexDisk, yandex: Yandex, tmp_path: Path
) -> None:
    """The account holder cleans up by hand: the next upload makes what it needs."""
    await put(disk, tmp_path)
    yandex.items.clear()

    other = b"another film"
    key = await put(disk, tmp_path, other)

    assert other == await read(disk, key)


async def test_a_silent_server_is_not_waited_for_without_end(
    disk: YandexDisk, yandex: Yandex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every request has its end."""
    monkeypatch.setattr("app.storage.backends.yandex_api._TIMEOUT", 0.1)
    yandex.seconds = 0.5

    with pytest.raises(StorageUnavailable, match="does not answer"):
        await put(disk, tmp_path)


async def test_a_long_listing_comes_in_pages(
    disk: YandexDisk, yandex: Yandex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All keys, each once, and nothing that is not ours."""
    monkeypatch.setattr("app.storage.backends.yandex_disk.PAGE", 3)
    keys = sorted(key_of(bytes([number])) for number in range(10))
    for key in keys:
        yandex.put_file(f"app:/{key}", b"x")
    yandex.put_file("app:/acme/videos/notes.txt", b"somebody's own")

    assert [(key, 1) for key in keys] == sorted([entry async for entry in disk.list_keys("acme/")])


async def test_uploads_that_never_got_their_key_are_removed(
    disk: YandexDisk, yandex: Yandex
) -> None:
    """What a crash left in the folder of arrivals goes after its time, what is arriving stays."""
    now = datetime.now(UTC)
    yandex.put_file("app:/.incoming/old", b"x", modified=now - timedelta(days=2))
    yandex.put_file("app:/.incoming/new", b"x")

    assert 1 == await disk.remove_leftovers(before=now - timedelta(days=1))
    assert ["app:/.incoming/new"] == list(yandex.files())
