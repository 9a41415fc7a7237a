"""The local folder as a storage."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.storage.backends.local import LocalStorage
from app.storage.links import is_signed
from app.storage.opening import local_storage
from app.storage.port import FileMissing, StorageUnavailable, content_key, is_key
from app.storage.service import StoredContent, incoming_folder, store_bytes
from tests.support.small_disk import small_disk

CONTENT = b"picture" * 100_000
KEY = content_key("studio", "portraits", sha256(CONTENT).hexdigest(), "jpg")

OTHER = content_key("studio", "portraits", sha256(b"other").hexdigest(), "jpg")


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "content")


async def _put(storage: LocalStorage, content: bytes = CONTENT, key: str = KEY) -> Path:
    source = storage.root.parent / "source"
    source.write_bytes(content)
    await storage.put(source, key)
    return source


async def test_what_was_put_is_there_and_the_source_is_gone(storage: LocalStorage) -> None:
    """A file is moved under its key, whole."""
    source = await _put(storage)

    assert CONTENT == b"".join([chunk async for chunk in storage.open(KEY)])
    assert await storage.exists(KEY)
    assert not source.exists()


async def test_putting_the_same_content_twice_keeps_one_file(storage: LocalStorage) -> None:
    """The key is the hash of the content, so a second put changes nothing."""
    await _put(storage)
    await _put(storage)

    files = [path for path in storage.root.rglob("*") if path.is_file()]
    assert [storage.root / KEY] == files


async def test_a_range_is_read_without_the_rest(storage: LocalStorage) -> None:
    """Start and length choose the bytes."""
    await _put(storage)

    chunks = [chunk async for chunk in storage.open(KEY, start=10, length=300_000)]
    assert CONTENT[10:300_010] == b"".join(chunks)


async def test_a_deleted_file_is_gone_and_deleting_again_is_harmless(
    storage: LocalStorage,
) -> None:
    """Delete can be repeated."""
    await _put(storage)
    await storage.delete(KEY)
    await storage.delete(KEY)

    assert not await storage.exists(KEY)
    with pytest.raises(FileMissing):
        [chunk async for chunk in storage.open(KEY)]


@pytest.mark.parametrize(
    "key",
    [
        "../../etc/passwd",
        "studio/../../etc/passwd",
        "/etc/passwd",
        "studio/portraits/../../../x.jpg",
        ".incoming/upload.partial",
        f"studio/secrets/{KEY.split('/', 2)[2]}",
        KEY + "\n",
        KEY.replace("/", "//", 1),
        "",
    ],
)
async def test_what_is_no_key_never_becomes_a_path(key: str, storage: LocalStorage) -> None:
    """Only texts of the form of a key reach the file system."""
    with pytest.raises(FileMissing):
        storage.path_of(key)


@given(st.text(max_size=200))
def test_no_text_leads_out_of_the_root(text: str) -> None:
    """Whatever is a key stays below the root."""
    root = Path("/srv/content")
    for key in (text, f"{text}/{KEY}", KEY.replace("studio", text)):
        if is_key(key):
            assert (root / key).resolve().is_relative_to(root)
            assert ".." not in key


async def test_a_storage_that_can_not_write_says_so(storage: LocalStorage) -> None:
    """A path in the way is an unavailable storage, not a crash."""
    storage.root.parent.mkdir(exist_ok=True)
    storage.root.write_bytes(b"a file where the folder should be")

    with pytest.raises(StorageUnavailable):
        await _put(storage)


async def test_an_address_is_below_storage_and_signed(storage: LocalStorage) -> None:
    """Browsers find a file under /storage/ and its key, with an end and a signature."""
    path, _, query = storage.url_for(KEY).partition("?")
    given = dict(pair.split("=") for pair in query.split("&"))

    assert f"/storage/{KEY}" == path
    assert is_signed(path, given["e"], given["s"])


async def test_sizes_listings_and_copies(storage: LocalStorage, tmp_path: Path) -> None:
    """What is there is listed by prefix, measured and copied; hidden files are nobody's."""
    await _put(storage)
    (storage.root / "studio" / "portraits" / ".half").write_bytes(b"half")
    await storage.fetch(KEY, tmp_path / "copy")

    assert [(KEY, len(CONTENT))] == [found async for found in storage.list_keys("studio/portr")]
    assert [] == [found async for found in storage.list_keys("../")]
    assert len(CONTENT) == await storage.size_of(KEY)
    assert CONTENT == (tmp_path / "copy").read_bytes()
    with pytest.raises(FileMissing):
        await storage.size_of(OTHER)
    with pytest.raises(FileMissing):
        await storage.fetch(OTHER, tmp_path / "none")


async def test_a_full_disk_is_called_so(
    storage: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's word for it becomes one people understand, and nothing is left half there."""

    def full(_source: Path, _final: Path) -> None:
        with Path("/dev/full").open("wb", buffering=0) as device:
            device.write(b"x")

    monkeypatch.setattr(LocalStorage, "_put", lambda _self, source, final: full(source, final))
    with pytest.raises(StorageUnavailable, match="The disk is full") as error:
        await _put(storage)
    assert "storage_full" == error.value.code
    assert not await storage.exists(KEY)


@pytest.mark.parametrize("limit", [{"size": "64k"}, {"inodes": 1}], ids=["bytes", "inodes"])
async def test_what_the_worker_makes_finds_a_full_disk(
    database: str, limit: dict[str, Any]
) -> None:
    """Targets, posters, renditions: refused in the port's words, which jobs try again; nothing is left.

    Where this account may mount nothing, `/dev/full` stands for the disk.
    """
    disk = local_storage()
    with small_disk(incoming_folder(), **limit) as mounted, _else_full(is_needed=not mounted):
        with pytest.raises(StorageUnavailable) as error:
            await _store(disk)
        left = list(incoming_folder().iterdir())

    assert ("storage_full", []) == (error.value.code, left)
    assert await disk.exists((await _store(disk)).key)


async def _store(disk: LocalStorage) -> StoredContent:
    return await store_bytes(
        disk, bytes(200_000), storage_path="acme", folder="markers", media_type="image/png"
    )


@contextmanager
def _else_full(*, is_needed: bool) -> Iterator[None]:
    """Bytes of this process go to a device that is always full."""
    with pytest.MonkeyPatch.context() as patch:
        if is_needed:
            patch.setattr(Path, "write_bytes", lambda _, content: _into_full(content))
        yield


def _into_full(content: bytes) -> None:
    with Path("/dev/full").open("wb", buffering=0) as device:
        device.write(content)
